"""How long a text is to whoever writes it: characters as people see them.

Roughly UAX 29, and never more than a browser's Intl.Segmenter counts: what a page lets pass is not refused
here.
"""

from __future__ import annotations

import unicodedata

EXTENDS = ("Mn", "Me", "Mc", "Cf")  # marks, joiners, variation selectors
JOINER = "\u200d"
SKIN = range(0x1F3FB, 0x1F400)
FLAGS = range(0x1F1E6, 0x1F200)
HANGUL_PARTS = range(0x1160, 0x1200)  # vowels and finals, written onto the one before


def graphemes(text: str) -> int:
    count, before, flags = 0, "", 0
    for letter in text:
        flags = flags + 1 if ord(letter) in FLAGS else 0
        if not _continues(letter, before, flags):
            count += 1
        before = letter
    return count


def _continues(letter: str, before: str, flags: int) -> bool:
    if not before:
        return False
    code = ord(letter)
    joined = before == JOINER or (before == "\r" and letter == "\n")
    part = code in SKIN or code in HANGUL_PARTS or (flags > 0 and flags % 2 == 0)
    return joined or part or unicodedata.category(letter) in EXTENDS
