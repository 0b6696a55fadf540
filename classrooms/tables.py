"""Tables for spreadsheets."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets would work out


def plain(text: str) -> str:
    """As text, whatever it looks like."""
    return f"'{text}" if text.startswith(FORMULA) else text
