"""What is vendored is what the manifest says, and nothing else."""

import hashlib
import json
from pathlib import Path

import pytest

from classrooms.effects import effects_told

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
WORKERS = ("files/worker.js", "media/sound/worklet.js")
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def sha256(name: str) -> str:
    return hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", sorted(MANIFEST["modules"]))
def test_a_vendored_module_has_the_hash_of_the_manifest(name):
    assert sha256(name) == MANIFEST["modules"][name]["sha256"]


@pytest.mark.parametrize("name", sorted(MANIFEST["modules"]))
def test_a_vendored_module_has_the_pinned_version(name):
    entry = MANIFEST["modules"][name]
    pins = json.loads((ROOT / "tools" / "vendor" / "package.json").read_text())["dependencies"]
    owner = next(name for name in pins if f"{entry['import']}/".startswith(f"{name}/"))
    assert entry["version"] == pins[owner]


def test_the_licences_of_everything_vendored_are_beside_it():
    assert sha256("LICENSES.txt") == MANIFEST["LICENSES.txt"]
    text = (VENDOR / "LICENSES.txt").read_text()
    assert all(f"{entry['version']} ({entry['licence']})" in text for entry in MANIFEST["modules"].values())


def test_nothing_else_lies_among_the_vendored_files():
    known = {*MANIFEST["modules"], *MANIFEST["files"], "LICENSES.txt", "manifest.json"}
    assert {path.name for path in VENDOR.iterdir()} == known


def test_every_vendored_module_is_in_the_rooms_import_map_or_a_workers():
    page = (ROOT / "templates" / "classrooms" / "room.html").read_text()
    workers = "".join((ROOT / "static/js" / each).read_text() for each in WORKERS)
    for name, entry in MANIFEST["modules"].items():
        mapped = f'"{entry["import"]}": "{{% static \'vendor/{name}\' %}}"' in page
        assert mapped != (f'vendor/{name}"' in workers)


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_a_file_that_a_module_fetches_has_the_hash_of_the_manifest_and_is_told_to_the_room(name):
    assert sha256(name) == MANIFEST["files"][name]["sha256"]
    assert name in effects_told()["segmentation"]


def test_the_lock_names_no_registry():
    assert '"resolved"' not in (ROOT / "tools" / "vendor" / "package-lock.json").read_text()
