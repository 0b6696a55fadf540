"""An SVG from a stranger, written anew from what is known to be harmless: shapes, gradients, groups, words.

Everything is left out that is not on these lists: scripts, handlers, links, pictures, animations, foreign
content, filters, and whatever would be fetched. Entities are refused (no bomb is ever unfolded), and nothing
outside the file is read. Style sheets and `style` become attributes: the answer's policy allows no styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
MOST_BYTES, MOST_ELEMENTS, DEEPEST, MOST_RULES = 300_000, 5_000, 40, 300


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


DRAWN = names("path rect circle ellipse line polyline polygon text use")
KNOWN = DRAWN | names("svg g defs symbol title desc tspan linearGradient radialGradient stop clipPath mask")
WORDS = names("title desc text tspan")

STYLES = names(
    """fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility clip-path clip-rule
    mask stop-color stop-opacity font-family font-size font-weight font-style text-anchor letter-spacing
    dominant-baseline vector-effect paint-order"""
)
PLACES = names(
    """id class d x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height points transform offset viewBox
    preserveAspectRatio gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits
    maskContentUnits pathLength rotate textLength lengthAdjust"""
)
FUNCTIONS = names("matrix translate scale rotate skewX skewY rgb rgba hsl hsla url")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
HARMLESS = re.compile(r"[\w\s.,#%()+\-'\"]*")  # no colon, slash, backslash, @: nothing to fetch
CALL = re.compile(r"([\w-]*)\s*\(([^()]*)\)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SELECTOR = re.compile(r"(?P<kind>[A-Za-z]*)(?:\.(?P<cls>[\w-]+)|#(?P<id>[\w-]+))?")
NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?:px)?\s*", re.IGNORECASE)


@dataclass
class Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()


@dataclass(frozen=True)
class Drawing:
    """Harmless bytes, and their shape."""

    body: bytes
    width: float
    height: float


def sanitised(body: bytes) -> Drawing:
    """Raises ValueError that says what to do about it."""
    if len(body) > MOST_BYTES:
        raise ValueError(gettext("The SVG is larger than 300 KB. Export it simplified, or use a PNG."))
    root, rules = Reader().read(body)
    dress(root, rules)
    undress(root)
    if not any(each.name in DRAWN for each in root.walk()):
        raise ValueError(gettext("Nothing is left of this SVG without pictures and scripts. Use a PNG."))
    check_uses(root)
    width, height = shape(root)
    root.attributes |= {"width": f"{width:g}", "height": f"{height:g}"}
    return Drawing(written(root).encode(), width, height)


class Reader:
    """Reads with expat alone, which fetches nothing; unknown elements are skipped with all they hold."""

    def __init__(self) -> None:
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.skipping = 0
        self.in_style = False
        self.styles: list[str] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.refuse
        self.parser.UnparsedEntityDeclHandler = self.refuse
        self.parser.ExternalEntityRefHandler = self.refuse

    def read(self, body: bytes) -> tuple[Element, list[Rule]]:
        try:
            self.parser.Parse(body, True)
        except expat.ExpatError as error:
            raise ValueError(
                gettext("This is no SVG: line %(line)d is broken.") % {"line": error.lineno}
            ) from None
        if self.root is None:
            raise ValueError(gettext("This is no SVG."))
        return self.root, rules_of("\n".join(self.styles))

    def refuse(self, *_: object) -> int:
        raise ValueError(gettext("The SVG defines entities. Export it as plain SVG."))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.stack) + self.skipping >= DEEPEST:
            raise ValueError(
                gettext("The SVG is too intricate for a logo. Export it simplified, or use a PNG.")
            )
        space, _, local = name.rpartition(" ")
        if self.root is None and (space, local) != (SVG, "svg"):
            raise ValueError(gettext("This is no SVG."))
        if space == SVG and local == "style" and not self.skipping:
            self.in_style = True
        if self.skipping or space != SVG or local not in KNOWN:
            self.skipping += 1
            return
        element = Element(local, dict(kept(local, attributes)))
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def end(self, name: str) -> None:
        self.in_style = False
        if self.skipping:
            self.skipping -= 1
        else:
            self.stack.pop()

    def text(self, data: str) -> None:
        if self.in_style:
            self.styles.append(data)
        elif not self.skipping and self.stack and self.stack[-1].name in WORDS:
            self.stack[-1].children.append(data)


def kept(element: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What an element may say, a `style` taken apart."""
    styles: dict[str, str] = {}
    for name, value in attributes.items():
        space, _, local = name.rpartition(" ")
        if local == "href" and space in ("", XLINK):
            if element in ("use", "linearGradient", "radialGradient") and re.fullmatch(r"#[\w.-]+", value):
                yield "href", value
        elif space:
            continue
        elif local == "style":
            styles = declared(value)
        elif local in PLACES | STYLES and is_harmless(local, value):
            yield local, value.strip()
    yield from styles.items()


def is_harmless(name: str, value: str) -> bool:
    """Whether a value can neither fetch nor hide anything."""
    if name == "id":
        return bool(NAME.fullmatch(value))
    if len(value) > 3_000 and name not in ("d", "points"):
        return False
    calls = CALL.findall(value)
    if not HARMLESS.fullmatch(value) or value.count("(") != len(calls) or value.count(")") != len(calls):
        return False
    return all(is_local(function, inside) for function, inside in calls)


def is_local(function: str, inside: str) -> bool:
    if function.lower() == "url":
        return bool(re.fullmatch(r"""\s*(['"]?)#[\w.-]+\1\s*""", inside))
    return function in FUNCTIONS


def declared(style: str) -> dict[str, str]:
    """“fill: red; stroke: url(#a)” without what is unknown or could fetch."""
    found = {}
    for each in style.split(";"):
        name, colon, value = each.partition(":")
        name, value = name.strip().lower(), value.replace("!important", "").strip()
        if colon and name in STYLES and is_harmless(name, value):
            found[name] = value
    return found


@dataclass(frozen=True)
class Rule:
    """One simple selector: an element, a class, an id, or an element with one of them."""

    kind: str
    cls: str
    id: str
    says: dict[str, str]

    def fits(self, element: Element) -> bool:
        classes = element.attributes.get("class", "").split()
        return (
            self.kind in ("", element.name)
            and (not self.cls or self.cls in classes)
            and (not self.id or self.id == element.attributes.get("id"))
        )

    @property
    def weight(self) -> int:
        return 4 * bool(self.id) + 2 * bool(self.cls) + bool(self.kind)


def rules_of(sheet: str) -> list[Rule]:
    """Of a style sheet, weakest first. Anything but simple selectors is left out."""
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    found = []
    for selectors, body in RULE.findall(plain)[:MOST_RULES]:
        says = declared(body)
        for selector in selectors.split(","):
            simple = SELECTOR.fullmatch(selector.strip())
            if simple and selector.strip() and says:
                found.append(Rule(simple["kind"], simple["cls"] or "", simple["id"] or "", says))
    return sorted(found[:MOST_RULES], key=lambda rule: rule.weight)


def dress(root: Element, rules: list[Rule]) -> None:
    """Write what rules say into the elements they fit. They outweigh attributes, as in CSS."""
    for element in root.walk():
        for rule in rules:
            if rule.fits(element):
                element.attributes |= rule.says


def undress(root: Element) -> None:
    """Classes have done their work."""
    for element in root.walk():
        element.attributes.pop("class", None)


def check_uses(root: Element) -> None:
    """What is used uses nothing itself: no drawing unfolds into a million. Raises ValueError."""
    by_id = {each.attributes["id"]: each for each in root.walk() if "id" in each.attributes}
    shown = 0
    for use in (each for each in root.walk() if each.name == "use"):
        target = by_id.get(use.attributes.get("href", "")[1:])
        parts = list(target.walk()) if target else []
        shown += len(parts)
        if any(each.name == "use" for each in parts) or shown > MOST_ELEMENTS:
            raise ValueError(
                gettext("The SVG repeats itself too deeply. Export it as plain shapes, or use a PNG.")
            )


def shape(root: Element) -> tuple[float, float]:
    """Width and height by its view box, which it gets where it has none. Raises ValueError."""
    said = root.attributes.get("viewBox", "").replace(",", " ").split()
    if len(said) == 4 and all(NUMBER.fullmatch(each) for each in said):
        width, height = float(said[2]), float(said[3])
    else:
        sizes = [NUMBER.fullmatch(root.attributes.get(name, "")) for name in ("width", "height")]
        width, height = (float(each[1]) if each else 0.0 for each in sizes)
        root.attributes["viewBox"] = f"0 0 {width:g} {height:g}"
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise ValueError(gettext("The SVG does not say how large it is. Export it with width and height."))
    return width, height


def written(element: Element) -> str:
    space = f' xmlns="{SVG}"' if element.name == "svg" else ""
    said = "".join(f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    inside = "".join(escape(each) if isinstance(each, str) else written(each) for each in element.children)
    return f"<{element.name}{space}{said}>{inside}</{element.name}>"
