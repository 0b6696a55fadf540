"""STORAGE_URL: where files are kept, in one line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

LOCAL, S3 = "django.core.files.storage.FileSystemStorage", "classrooms.objects.S3"
BUCKET = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$")
OPTIONS = {"region": "us-east-1", "scheme": "https"}

Backend = dict[str, Any]
"""What Django's STORAGES wants."""


def backend(url: str, files: Path) -> Backend:
    """Of `url`, else of the folder `files`; of a wrong one too: `aula.checks` stops the start."""
    try:
        return read(url) if url else folder(files)
    except ValueError:
        return folder(files)


def read(url: str) -> Backend:
    """Raises ValueError that says what is wrong with it, without its key and secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("it is not an address") from None
    match parts.scheme:
        case "file":
            return _folder_of(parts)
        case "s3":
            return _bucket_of(parts)
    raise ValueError("it begins with neither s3:// nor file:///")


def folder(path: Path) -> Backend:
    return {"BACKEND": LOCAL, "OPTIONS": {"location": path}}


def _folder_of(parts: SplitResult) -> Backend:
    if parts.netloc or len(parts.path) < 2:
        raise ValueError("file:// is followed by the full path of a folder")
    return folder(Path(unquote(parts.path)))


def _bucket_of(parts: SplitResult) -> Backend:
    who, _, where = parts.netloc.rpartition("@")
    key, _, secret = who.partition(":")
    if not key or not secret:
        raise ValueError("the key or the secret is missing before the host")
    if not _is_host(parts):
        raise ValueError("the host, or its port, is wrong or missing")
    bucket = parts.path.strip("/")
    if not BUCKET.match(bucket):
        raise ValueError("after the host comes the name of one bucket")
    asked = _asked(parts.query)
    return {
        "BACKEND": S3,
        "OPTIONS": {
            "access_key": unquote(key),
            "secret_key": unquote(secret),
            "bucket_name": bucket,
            "endpoint_url": f"{asked['scheme']}://{where}",
            "region_name": asked["region"],
        },
    }


def _is_host(parts: SplitResult) -> bool:
    try:
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _asked(query: str) -> dict[str, str]:
    found = {name: values[-1] for name, values in parse_qs(query).items()}
    if unknown := found.keys() - OPTIONS.keys():
        raise ValueError(f"“{min(unknown)}” is not known; {' and '.join(OPTIONS)} are")
    asked = OPTIONS | found
    if asked["scheme"] not in ("http", "https"):
        raise ValueError("scheme is http or https")
    return asked
