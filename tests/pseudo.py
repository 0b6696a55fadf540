"""Two languages nobody speaks, made of the catalogues' sources: what is in neither has been forgotten.

`eo` puts every message between ⟦ and ⟧; `he` writes it in Hebrew letters, from right to left.
"""

from __future__ import annotations

import re
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w+\}|<[^>]+>|&\w+;|[#.]\S+)")  # values, tags
PATTERN = re.compile(r"[lDjFMYHi,.: ]+")  # of a date
LATIN, HEBREW = "abcdefghijklmnopqrstuvwxyz", "אבגדהופגיזקלמנופקרסתאוושיז"
LETTERS = str.maketrans(LATIN + LATIN.upper(), HEBREW * 2)


def marked(text: str) -> str:
    return f"⟦{text}⟧"


def mirrored(text: str) -> str:
    if PATTERN.fullmatch(text):
        return text
    return "".join(each if KEPT.fullmatch(each) else each.translate(LETTERS) for each in KEPT.split(text))


SAID = {"eo": marked, "he": mirrored}


def write(folder: Path) -> Path:
    """Their sources, below `folder`."""
    for language, say in SAID.items():
        (folder / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        for domain in ("django", "djangojs"):
            file = polib.pofile(str(ROOT / f"locale/de/LC_MESSAGES/{domain}.po"))
            for entry in file:
                if entry.msgid_plural:
                    entry.msgstr_plural = {0: say(entry.msgid), 1: say(entry.msgid_plural)}
                else:
                    entry.msgstr = say(entry.msgid)
            file.metadata["Language"] = language
            file.save(str(folder / language / f"LC_MESSAGES/{domain}.po"))
    return folder
