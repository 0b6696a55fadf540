"""Logos that strangers send: hostile ones are refused or lose what is hostile, others keep their looks."""

from __future__ import annotations

import io
import struct
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tenants.logos import read_logo
from tenants.svg import DRAWN, KNOWN, PLACES, STYLES, sanitised

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 60 30">'
)
SHAPE = '<path d="M0 0h60v30H0z"/>'


def drawn(inside: str, head: str = HEAD) -> str:
    return sanitised(f"{head}{inside}</svg>".encode()).body.decode()


def png(size=(60, 30), colour=(200, 0, 0, 128), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG", **more)
    return out.getvalue()


HOSTILE = [
    "<script>alert(1)</script>",
    '<script xlink:href="https://evil.test/x.js"/>',
    '<path d="M0 0" onload="alert(1)" onclick="x()"/>',
    '<a xlink:href="javascript:alert(1)"><path d="M0 0"/></a>',
    '<a href="https://evil.test"><rect width="9" height="9"/></a>',
    '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>',
    '<image href="https://evil.test/pixel.png" width="9" height="9"/>',
    '<image xlink:href="data:image/svg+xml;base64,PHN2Zz4="/>',
    '<use href="https://evil.test/a.svg#x"/>',
    '<use xlink:href="data:image/svg+xml,x#y"/>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<set attributeName="onmouseover" to="alert(1)"/>',
    '<filter id="f"><feImage href="https://evil.test/x"/></filter>',
    '<rect fill="url(https://evil.test/x)"/>',
    '<rect fill="url(//evil.test/x#a)"/>',
    r'<rect fill="u\72l(https://evil.test/x)"/>',
    '<rect style="fill:url(https://evil.test/x)"/>',
    '<rect style="background:url(https://evil.test)"/>',
    "<style>@import url(https://evil.test/x.css);</style>",
    "<style>rect{fill:url(https://evil.test/x)} @font-face{src:url(https://evil.test/f)}</style>",
    '<rect xml:base="https://evil.test/"/>',
    '<handler type="application/ecmascript">alert(1)</handler>',
    '<iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.test"/>',
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    "<title><script>alert(1)</script></title>",
    "<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>",
    "<metadata><x xmlns='y'>alert(1)</x></metadata>",
    "<?xml-stylesheet href='https://evil.test/x.css'?>",
    "<!-- evil.test -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    '<linearGradient id="g" href="https://evil.test#g"/>',
    '<rect id="a&quot; onload=&quot;alert(1)"/>',
]


@pytest.mark.parametrize("inside", HOSTILE)
def test_of_a_hostile_file_only_harmless_shapes_are_left(inside):
    text = drawn(inside + SHAPE)
    assert "evil.test" not in text
    assert "javascript" not in text
    assert "<script" not in text
    root = ElementTree.fromstring(text)
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        assert (space, name in KNOWN) == ("{http://www.w3.org/2000/svg", True)
        assert set(element.attrib) <= PLACES | STYLES | {"href"}
    assert 'd="M0 0h60v30H0z"' in text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "no SVG"),
        ("<svg>", "no SVG"),
        ("<html></html>", "no SVG"),
        (f"<svg viewBox='0 0 9 9'>{SHAPE}</svg>", "no SVG"),  # of no namespace
        (f"{HEAD}<path</svg>", "line 1 is broken"),
        (f'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{HEAD}<text>&b;</text></svg>', "entities"),
        (f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}<text>&x;</text></svg>', "entities"),
        (
            f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://evil.test/x.dtd"> %x;]>{HEAD}{SHAPE}</svg>',
            "entities",
        ),
        (f"{HEAD}<script>1</script></svg>", "Nothing is left"),
        (f"{HEAD}<image href='x.png'/></svg>", "Nothing is left"),
        (HEAD + "<g>" * 60 + SHAPE + "</g>" * 60 + "</svg>", "too intricate"),
        (HEAD + SHAPE * 6000 + "</svg>", "too intricate"),
        (HEAD + "<!--" + "x" * 300_000 + "-->" + SHAPE + "</svg>", "300 KB"),
        (f"<svg xmlns='http://www.w3.org/2000/svg'>{SHAPE}</svg>", "how large"),
        (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 9'>{SHAPE}</svg>", "how large"),
        (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1e999 9'>{SHAPE}</svg>", "how large"),
        (f"<svg xmlns='http://www.w3.org/2000/svg' width='50%' height='9'>{SHAPE}</svg>", "how large"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_a_word_why(body, words):
    with pytest.raises(ValueError, match=words):
        sanitised(body.encode())


def test_what_repeats_itself_never_unfolds():
    steps = "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
    with pytest.raises(ValueError, match="repeats itself"):
        drawn(f'<g id="a0">{SHAPE}</g>{steps}')
    with pytest.raises(ValueError, match="repeats itself"):
        drawn(f'<g id="a"><use href="#a"/></g>{SHAPE}')
    assert drawn(f'<defs><g id="a">{SHAPE}</g></defs><use xlink:href="#a" x="3"/>').count("<use") == 1


def test_style_sheets_of_drawing_programs_become_attributes():
    text = drawn(
        "<style type='text/css'>/* by a program */ .st0{fill:#123456;stroke:none!important}"
        " #b{fill:red} path{opacity:.5} .x:hover{fill:blue} svg > g{fill:blue}</style>"
        '<path class="st0" d="M0 0"/><path id="b" class="st0" d="M1 1"/>'
        '<rect style="fill: url(#g); mix-blend-mode: multiply" width="3" height="3"/>'
    )
    assert "<style" not in text
    assert "class=" not in text
    first, second, third = ElementTree.fromstring(text)
    assert dict(first.attrib) == {"d": "M0 0", "opacity": ".5", "fill": "#123456", "stroke": "none"}
    assert second.attrib["fill"] == "red"
    assert dict(third.attrib) == {"width": "3", "height": "3", "fill": "url(#g)"}


def test_an_ordinary_logo_stays_as_it_is():
    inside = (
        '<defs><linearGradient id="g" x1="0" x2="1"><stop offset="0" stop-color="#fff"/></linearGradient>'
        '<clipPath id="c"><circle cx="5" cy="5" r="5"/></clipPath></defs>'
        '<g transform="translate(1 2) rotate(-4.5)" clip-path="url(#c)">'
        '<path d="M1.5e3-4,2z" fill="url(#g)"/></g>'
        '<text x="1" y="2" font-family="Arial, sans-serif">Müller &amp; Söhne</text>'
    )
    shapes = [
        (each.tag, dict(each.attrib), each.text) for each in ElementTree.fromstring(drawn(inside)).iter()
    ]
    before = [(e.tag, dict(e.attrib), e.text) for e in ElementTree.fromstring(f"{HEAD}{inside}</svg>").iter()]
    assert shapes[1:] == before[1:]
    assert shapes[0][1] == {"viewBox": "0 0 60 30", "width": "60", "height": "30"}


def test_written_again_it_stays_the_same():
    once = drawn("".join(HOSTILE) + SHAPE)
    assert sanitised(once.encode()).body.decode() == once


@settings(max_examples=150)
@given(
    name=st.sampled_from(sorted(DRAWN | {"script", "image", "a"})),
    attribute=st.sampled_from(sorted(PLACES | STYLES | {"href", "onload", "style"})),
    value=st.text(max_size=40)
    | st.from_regex(r"(url|src|u\\72l)\([\"']?(https?:)?//e[^\"<>]*\)", fullmatch=True),
)
def test_no_value_leads_anywhere(name, attribute, value):
    element = ElementTree.Element(name, {attribute: value})
    try:
        text = ElementTree.tostring(element, encoding="unicode")
        result = drawn(text + SHAPE)
    except ValueError:
        return  # no XML
    for each in ElementTree.fromstring(result).iter():
        for said in each.attrib.values():
            assert "//" not in said
            assert "\\" not in said


def test_a_png_is_written_anew_without_what_else_it_held():
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", "<script>alert(1)</script>")
    body = png(pnginfo=about) + b"<html><script>alert(1)</script>"
    logo = read_logo(body)
    assert (logo.kind, logo.width) == ("png", 60)
    assert b"script" not in logo.body
    assert logo.body.endswith(b"IEND\xaeB`\x82")
    assert Image.open(io.BytesIO(logo.body)).getpixel((5, 5)) == (200, 0, 0, 128)


@pytest.mark.parametrize(
    ("size", "kept", "width"),
    [
        ((60, 30), (60, 30), 60),
        ((600, 300), (240, 120), 60),
        ((2000, 100), (2000, 100), 180),
        ((9, 900), (1, 120), 1),
    ],
)
def test_a_large_png_becomes_small_enough(size, kept, width):
    logo = read_logo(png(size))
    assert Image.open(io.BytesIO(logo.body)).size == kept
    assert logo.width == width


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "SVG or a PNG"),
        (b"GIF89a", "SVG or a PNG"),
        (b"\xff\xd8\xff\xe0JFIF", "SVG or a PNG"),
        (b"MZ\x90", "SVG or a PNG"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (png()[:60], "broken"),
        (png()[:40] + b"\0" * 90, "broken"),
        (bomb(30, 30), "broken"),
        (bomb(50_000, 50_000), "broken"),
        (png((4001, 10)), "4000 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_000, "2 MB"),
    ],
)
def test_what_is_no_png_is_refused(body, words):
    with pytest.raises(ValueError, match=words):
        read_logo(body)


def test_what_a_file_is_called_does_not_matter():
    assert read_logo(b"\xef\xbb\xbf<?xml version='1.0'?>" + f"{HEAD}{SHAPE}</svg>".encode()).kind == "svg"
