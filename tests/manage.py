"""`manage.py …` in a process of its own, as in development but for what is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.journeys.aula import free_port

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120.0  # seconds


def manage(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run to its end, with its files in `folder`. Raises TimeoutExpired."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "aula.settings",
        "DEBUG": "1",
        "WEB_BIND": f"127.0.0.1:{free_port()}",
        "MEDIA_BIND": f"127.0.0.1:{free_port()}",
        "VAR_DIR": str(folder),
        **settings,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
