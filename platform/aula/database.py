"""DATABASE_URL: which database, in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

POSTGRESQL, SQLITE = "tenants.postgresql", "django.db.backends.sqlite3"
CONNECT_WITHIN = 5  # seconds
WAIT_WITHIN = 10.0  # seconds for a connection that another thread of the process has

Backend = dict[str, Any]
"""What Django's DATABASES wants."""


def backend(url: str, file: Path, connections: int) -> Backend:
    """Of `url`, else of SQLite's `file`; of a wrong one too: `aula.database_checks` stops the start."""
    try:
        return read(url, connections) if url else sqlite(f"sqlite:///{file}")
    except ValueError:
        return sqlite(f"sqlite:///{file}")


def read(url: str, connections: int) -> Backend:
    """Raises ValueError that says what is wrong with it, without its password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("the host, or its port, is wrong") from None
    match parts.scheme:
        case "sqlite":
            return sqlite(url)
        case "postgres" | "postgresql" if len(parts.path) > 1:
            return postgresql(url, connections)
        case "postgres" | "postgresql":
            raise ValueError("after the host comes /, then the name of the database")
    raise ValueError("it begins with neither postgresql:// nor sqlite:///")


def sqlite(url: str) -> Backend:
    found: Backend = environ.Env.db_url_config(url)
    return found | {
        "ENGINE": SQLITE,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def postgresql(url: str, connections: int) -> Backend:
    """Connections are kept in a pool of the process: daphne has a thread for each request, and Django would
    keep them for the thread, which ends. A query's rows are all fetched in the scope it was made in."""
    found: Backend = environ.Env.db_url_config(url)
    pool = {"min_size": 1, "max_size": connections, "timeout": WAIT_WITHIN}
    options = {"connect_timeout": CONNECT_WITHIN, "application_name": "aula"} | found.get("OPTIONS", {})
    return found | {
        "ENGINE": POSTGRESQL,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options | {"pool": pool},
    }
