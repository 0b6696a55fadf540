"""The catalogues hold every string of the source, and German says each of them."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ("platform", "classrooms", "signaling", "turncreds", "templates", "static/js", "tools", "locale")
DOMAINS = ("django", "djangojs")
VALUE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
WORDS = {"help_text", "verbose_name", "verbose_name_plural", "description", "label", "text", "title", "mend"}
IN_ENGLISH = (
    "classrooms/api/",
    "turncreds/management/",
)  # the API's document, and what operators' commands say


def german(domain: str) -> polib.POFile:
    return polib.pofile(str(ROOT / f"locale/de/LC_MESSAGES/{domain}.po"))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What tools/catalogues.py makes of a copy of the source, which it writes beside as it reads."""
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCE:
        away = shutil.ignore_patterns("node_modules", "__pycache__", "*.mo")
        shutil.copytree(ROOT / name, copy / name, ignore=away)
    subprocess.run(
        [sys.executable, copy / "tools/catalogues.py"], check=True, capture_output=True, timeout=120
    )
    return copy


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_catalogue_is_what_extraction_makes_of_the_source(extracted: Path, domain: str) -> None:
    name = f"locale/de/LC_MESSAGES/{domain}.po"
    assert (ROOT / name).read_text() == (extracted / name).read_text(), "run tools/catalogues.py"


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_string_is_there_in_german(domain: str) -> None:
    file = german(domain)
    assert len(file) > 500
    assert not [entry.msgid for entry in file if not entry.translated() or entry.fuzzy or entry.obsolete]


def forms(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Pairs of source and translation."""
    if not entry.msgid_plural:
        yield entry.msgid, entry.msgstr
    for number, said in entry.msgstr_plural.items():
        yield (entry.msgid_plural if number else entry.msgid), said


def values(text: str) -> set[str]:
    return set(VALUE.findall(text))


@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_name_the_values_of_their_source(domain: str) -> None:
    """The singular may leave its count out, and say "one"."""
    wrong = [
        (source, said)
        for entry in german(domain)
        for source, said in forms(entry)
        if values(said) - values(entry.msgid + entry.msgid_plural)
        or (not entry.msgid_plural and values(source) != values(said))
        or (entry.msgid_plural and values(source) - values(said) - {"%(n)s", "%(n)d", "{count}"})
    ]
    assert not wrong


@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_begin_and_end_as_their_source(domain: str) -> None:
    def edges(text: str) -> tuple[bool, bool, bool]:
        return text.startswith((" ", "\n")), text.endswith((" ", "\n")), text.endswith("…")

    assert not [
        said for entry in german(domain) for source, said in forms(entry) if edges(source) != edges(said)
    ]


def modules() -> list[Path]:
    folders = [ROOT / name for name in ("platform", "classrooms", "signaling", "turncreds")]
    found = [path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return [path for path in found if not str(path.relative_to(ROOT)).startswith(IN_ENGLISH)]


def is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()


def bare(tree: ast.AST) -> Iterator[ast.expr]:
    """Words for people that no catalogue can change: of forms, of refusals, of operators' pages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            shown = not any(each.arg == "editable" for each in node.keywords)
            found = [each.value for each in node.keywords if each.arg in WORDS]
            yield from (each for each in found if shown and is_plain(each))
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "ValidationError":
                yield from (each for each in node.args[:1] if is_plain(each))
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") in WORDS:
                    yield from [line.value] if is_plain(line.value) else []


INNER_MODELS = [
    "polls",
    "series",
    "chat",
    "live",
    "guests",
    "attendance",
    "recordings",
    "calendars",
    "materials",
]


def test_no_module_holds_words_for_people_outside_the_catalogues() -> None:
    """Models that no page of operators shows explain their fields to developers."""
    inner = {f"classrooms/models/{name}.py" for name in INNER_MODELS}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        if str(path.relative_to(ROOT)) not in inner
        for node in bare(ast.parse(path.read_text()))
    ]
    assert not found


def scripts() -> list[Path]:
    return [path for path in (ROOT / "static/js").rglob("*.js") if path.name not in ("words.js", "marks.js")]


SENTENCE = re.compile(r"""["'`>]([A-Z][a-z]+(?: [a-z’'…]+)+[^"'`<]*)["'`<]""")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*", re.DOTALL)


def test_no_script_holds_a_sentence_outside_the_modules_of_words() -> None:
    found = {
        str(path.relative_to(ROOT)): said
        for path in scripts()
        for line in COMMENT.sub("", path.read_text()).splitlines()
        if "gettext(" not in line
        for said in SENTENCE.findall(line)
    }
    assert not found


TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(
    r"{% (blocktranslate|comment).*?{% end\1 %}|{% block (?:\w+_|body)class %}.*?{% endblock[^%]*%}",
    re.DOTALL,
)
SAID = re.compile(r'(?:aria-label|title|placeholder|alt|data-[a-z]+)="([^"]*[A-Za-z]{3}[^"]*)"')
NAMES = {"Aula", "OpenAPI", "CSV", "JSON", "Authorization", "Bearer"}


def test_no_template_holds_words_outside_the_tags_of_translation() -> None:
    found = []
    for path in (ROOT / "templates").rglob("*.*"):
        text = TRANSLATED.sub("", path.read_text())
        text = TAG.sub("", re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL))
        shown = re.sub(r"<[^>]*>", "\n", text)
        spoken = [said for said in SAID.findall(text) if re.search(r"[A-Z][a-z]+ [a-z]|^[A-Z][a-z]+$", said)]
        found += [(path.name, said) for said in re.findall(r"\b[A-Za-z]{3,}\b", shown) if said not in NAMES]
        found += [(path.name, said) for said in spoken]
    assert not found
