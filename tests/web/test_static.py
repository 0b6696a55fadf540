"""Static files in production: hashed names, and modules that import each other by them."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.utils import matches_patterns
from django.test import override_settings

from aula.static import PATTERNS, HashedStaticFiles, is_dynamic

RELATIVE = re.compile(r"""^(?:import|export)[^;]*?["'](\.[^"']+)["'];""", re.MULTILINE)
DYNAMIC = re.compile(r"""\bimport\(\s*["']\.""")
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything under `static/`, as a deployment serves it."""
    place = tmp_path_factory.mktemp("static")
    storage = HashedStaticFiles(location=str(place), base_url="/static/")
    found = {}
    for finder in get_finders():
        for path, source in finder.list(["rest_framework"]):
            if not matches_patterns(path, ["admin/js/*", "rest_framework/*"]):
                with source.open(path) as file:
                    storage.save(path, file)
                found[path] = (storage, path)
    with override_settings(
        WHITENOISE_SKIP_COMPRESS_EXTENSIONS=("js", "css", "svg", "wasm")
    ):  # names are looked at
        for _, _, processed in storage.post_process(found):
            if isinstance(processed, Exception):
                raise processed
    return place


def test_django_still_names_the_one_pattern_we_leave_out() -> None:
    assert [is_dynamic(each) for each in PATTERNS].count(True) == 1


def test_every_import_between_modules_leads_to_a_hashed_file(collected: Path) -> None:
    hashed = [path for path in collected.rglob("js/**/*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imports = [(path, target) for path in hashed for target in RELATIVE.findall(path.read_text())]
    assert len(imports) > 20
    for path, target in imports:
        assert re.search(r"\.[0-9a-f]{12}\.js$", target), (path.name, target)
        assert (path.parent / target).is_file(), (path.name, target)


def test_no_module_of_ours_imports_another_at_run_time(collected: Path) -> None:
    for path in collected.rglob("js/**/*.js"):
        assert not DYNAMIC.search(COMMENT.sub("", path.read_text())), path.name
