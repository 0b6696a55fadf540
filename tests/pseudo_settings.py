"""Development's settings with the languages of tests.pseudo, whose catalogues are in PSEUDO_LOCALES."""

import os
from pathlib import Path

from aula.settings import *  # noqa: F403

LANGUAGES = [*LANGUAGES, ("eo", "Pseudo"), ("he", "Mirrored")]  # noqa: F405
LOCALE_PATHS = [Path(os.environ["PSEUDO_LOCALES"]), *LOCALE_PATHS]  # noqa: F405
