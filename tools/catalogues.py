"""Bring locale/*/LC_MESSAGES/*.po up to date with the source (docs/i18n.md): python tools/catalogues.py

New strings come in without a translation, those the source no longer has go; what is left is named.
A language is added by making its folder: mkdir -p locale/fr/LC_MESSAGES
"""

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
os.environ |= {"DJANGO_SETTINGS_MODULE": "aula.settings", "DEBUG": "1"}

import django  # noqa: E402 (found by the path)
from django.core.management.commands.makemessages import Command  # noqa: E402

IGNORED = ("var", "tests", "bench", "tools", "node_modules", "vendor", "docs", "deploy")
LAST = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Report-Msgid-Bugs-To")


class Extraction(Command):
    """Without guesses: what changed is translated anew, by a person."""

    msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]


def languages() -> list[str]:
    return sorted(folder.parent.name for folder in ROOT.glob("locale/*/LC_MESSAGES"))


def extract(domain: str) -> None:
    options = {
        "locale": languages(),
        "exclude": [],
        "domain": domain,
        "all": False,
        "extensions": None,
        "symlinks": False,
        "ignore_patterns": list(IGNORED),
        "use_default_ignore_patterns": True,
        "no_wrap": True,
        "no_location": False,
        "add_location": "file",
        "no_obsolete": True,
        "keep_pot": False,
        "verbosity": 0,
    }
    Extraction().handle(**options)


def steady(path: Path) -> list[polib.POEntry]:
    """Write the file so that it changes only where its strings do; what is left to translate."""
    file = polib.pofile(str(path), wrapwidth=0)
    file.header = ""
    for name in LAST:
        file.metadata.pop(name, None)
    file.metadata_is_fuzzy = False
    file.metadata |= {"Project-Id-Version": "Aula", "Language": path.parents[1].name}
    for entry in file:
        entry.occurrences = sorted({(place, "") for place, _line in entry.occurrences})
        entry.comment = entry.tcomment = ""
    file.sort(key=lambda entry: (entry.occurrences[:1], entry.msgctxt or "", entry.msgid))
    file.save()
    return file.untranslated_entries()


def main() -> None:
    subprocess.run([ROOT / "tools/provision", "gettext"], check=True)
    os.chdir(ROOT)
    django.setup()
    for domain in ("django", "djangojs"):
        extract(domain)
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        for entry in steady(path):
            print(f"{path.relative_to(ROOT)}: {entry.msgid!r} is not translated")


if __name__ == "__main__":
    main()
