#!/usr/bin/env python3
"""Build static/icons/sprite.svg from the lucide-static package: one <symbol> for each name in icons.txt.

The package is installed by `npm ci` in tools/vendor (exact version in its lock). The same names and version
give the same bytes. With --check nothing is written; a sprite that is out of date is exit status 1.
"""

import argparse
import re
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
SPRITE = TOOLS.parent / "static" / "icons" / "sprite.svg"


def symbol(name: str, svg: str) -> str:
    """One icon as a symbol; stroke and size come from CSS (.icon)."""
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if body is None:
        raise ValueError(f"{name}.svg holds no <svg> element")
    shapes = re.sub(r"\s*\n\s*", "", body.group(1)).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def sprite(package: Path, names: list[str]) -> str:
    symbols = [symbol(name, (package / "icons" / f"{name}.svg").read_text()) for name in names]
    note = "<!-- Lucide icons, ISC licence: lucide.dev. Built by tools/icons.py. -->\n"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{note}{"".join(symbols)}</svg>\n'


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--package", type=Path, default=TOOLS / "vendor" / "node_modules" / "lucide-static")
    options.add_argument("--check", action="store_true")
    chosen = options.parse_args()
    names = sorted(set((TOOLS / "icons.txt").read_text().split()))
    missing = [name for name in names if not (chosen.package / "icons" / f"{name}.svg").is_file()]
    if missing:
        print(
            f"Not in {chosen.package}: {', '.join(missing)}. Run `npm ci` in tools/vendor, or mend icons.txt."
        )
        return 1
    text = sprite(chosen.package, names)
    if chosen.check:
        return 0 if SPRITE.is_file() and SPRITE.read_text() == text else 1
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(text)
    print(f"{SPRITE.name}: {len(names)} icons")
    return 0


if __name__ == "__main__":
    sys.exit(main())
