#!/usr/bin/env python3
"""Aula's command line: `manage.py help` lists what it can do."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aula.settings")
    if sys.argv[1:2] == ["runsfu"]:  # its event loop has to be chosen before Django loads daphne
        from signaling.media_loop import install

        install()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
