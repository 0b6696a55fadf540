"""A bucket as Django's storage: whole files in, parts of them out, nobody else near them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.test import RequestFactory

from classrooms.downloads import open_at, send_file
from classrooms.models import Material
from classrooms.refusals import StorageAway
from tests.storage.files import content
from tests.storage.swift import Swift

ROOT = Path(__file__).resolve().parent.parent.parent
SIZE = 30_000_000
SOME = 20_000  # bytes of heads, and of what a closed connection had already on its way


@pytest.fixture
def film(bucket) -> bytes:
    frames = os.urandom(SIZE)
    assert bucket.save("demo/recordings/film.webm", ContentFile(frames)) == "demo/recordings/film.webm"
    return frames


def stored_file(bucket, name="demo/recordings/film.webm") -> FieldFile:
    return FieldFile(Material(), Material._meta.get_field("file"), name)


def sent(bucket, asked: str) -> tuple[int, bytes]:
    request = RequestFactory().get("/", headers={"Range": asked} if asked else {})
    answer = send_file(request, stored_file(bucket), name="film.webm", kind="video/webm")
    return answer.status_code, content(answer)


def test_thirty_megabytes_come_back_byte_for_byte(bucket, film):
    assert bucket.size("demo/recordings/film.webm") == SIZE
    assert sent(bucket, "") == (200, film)
    assert sent(bucket, "bytes=0-0") == (206, film[:1])
    assert sent(bucket, "bytes=8388600-8388620") == (206, film[8388600:8388621])  # where two parts meet
    assert sent(bucket, "bytes=-5") == (206, film[-5:])
    assert sent(bucket, f"bytes={SIZE - 1}-") == (206, film[-1:])


@pytest.mark.parametrize("length", [1, 1_000, 1_000_000])
def test_a_part_of_a_file_is_all_that_leaves_the_bucket(length, bucket, film, wire):
    before = wire.received
    assert sent(bucket, f"bytes=20000000-{20_000_000 + length - 1}") == (206, film[20_000_000:][:length])
    assert length <= wire.received - before < length + SOME


def test_whoever_stops_reading_costs_no_more_than_what_was_read(bucket, film, wire):
    before = wire.received
    handle = open_at(stored_file(bucket), 0, SIZE)
    assert handle.read(256 * 1024) == film[: 256 * 1024]
    handle.close()
    time.sleep(0.3)
    assert wire.received - before < SIZE / 2


def test_an_empty_file_is_stored_and_sent(bucket):
    bucket.save("demo/recordings/film.webm", ContentFile(b""))
    assert sent(bucket, "") == (200, b"")


def test_a_line_that_breaks_within_a_file_is_told_and_never_taken_for_its_end(bucket, film, wire):
    wire.breaks_at_received = wire.received + 2_000_000
    with pytest.raises(StorageAway):
        sent(bucket, "")


def test_a_line_that_breaks_while_a_whole_file_is_opened_is_told_as_by_any_storage(bucket, film, wire):
    wire.breaks_at_received = wire.received + 2_000_000
    with pytest.raises(StorageAway):
        bucket.open("demo/recordings/film.webm")


def test_a_name_that_is_taken_is_not_overwritten(bucket):
    first = bucket.save("demo/materials/a", ContentFile(b"one"))
    second = bucket.save("demo/materials/a", ContentFile(b"two"))
    assert first != second
    for name, kept in ((first, b"one"), (second, b"two")):
        with bucket.open(name) as file:
            assert file.read() == kept


def test_files_have_no_address_for_browsers_and_open_to_nobody_without_the_key(bucket, swift):
    name = bucket.save("demo/materials/a", ContentFile(b"one"))
    with pytest.raises(ValueError, match="no address"):
        bucket.url(name)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{swift.port}/{bucket.bucket_name}/{name}")
    assert refused.value.code in (400, 401, 403)
    refused.value.close()


def test_a_file_that_is_not_there_is_missing_and_may_be_deleted(bucket):
    assert not bucket.exists("demo/x")
    with pytest.raises(FileNotFoundError):
        bucket.size("demo/x")
    bucket.delete("demo/x")


MEASURE = """
import re, sys, django
django.setup()
from django.core.files import File
from django.core.files.storage import default_storage
with open(sys.argv[1], "rb") as file:
    name = default_storage.save("demo/recordings/large", File(file))
part = default_storage.open_at(name, 0, default_storage.size(name))
while part.read(256 * 1024):
    pass
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


def ours(url: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "VAR_DIR": str(folder),
        "STORAGE_URL": url,
    }


def test_memory_does_not_grow_with_the_file(url, tmp_path):
    peaks = []
    for size in (20_000_000, 200_000_000):
        path = tmp_path / str(size)
        path.write_bytes(os.urandom(1_000_000) * (size // 1_000_000))
        command = [sys.executable, "-c", MEASURE, str(path)]
        done = subprocess.run(command, env=ours(url, tmp_path), cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] - peaks[0] < 20, peaks  # MiB


def test_a_start_does_not_load_the_client_of_a_bucket(url, tmp_path):
    said = "import sys, django; django.setup(); print({'boto3', 'botocore', 'storages'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", said], env=ours(url, tmp_path), cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "set()"), done.stderr


def test_all_threads_share_one_client(bucket):
    async def connections() -> list[object]:
        return await asyncio.gather(*(asyncio.to_thread(lambda: bucket.connection) for _ in range(20)))

    assert len({id(each) for each in asyncio.run(connections())}) == 1


def test_what_the_server_has_taken_outlives_it(bucket, film, swift: Swift):
    swift.stop()
    with pytest.raises(StorageAway, match="does not answer"):
        bucket.size("demo/recordings/film.webm")
    swift.start()
    assert bucket.size("demo/recordings/film.webm") == SIZE
