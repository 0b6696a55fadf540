"""Initials that hold for any script: a letter keeps the marks that belong to it."""

import unicodedata

JOINER = "\u200d"


def first_letters(word: str, count: int) -> str:
    """The first `count` characters as a reader counts them (combining marks and joined signs kept)."""
    letters: list[str] = []
    for sign in word:
        joined = letters and (letters[-1].endswith(JOINER) or sign == JOINER)
        mark = unicodedata.category(sign).startswith("M")
        if letters and (joined or mark):
            letters[-1] += sign
        else:
            letters.append(sign)
    return "".join(letters[:count])


def initials(name: str) -> str:
    """Two letters for a name: first and last word, or the first two of the only word."""
    words = name.split()
    if not words:
        return "?"
    if len(words) == 1:
        return first_letters(words[0], 2).upper()
    return (first_letters(words[0], 1) + first_letters(words[-1], 1)).upper()
