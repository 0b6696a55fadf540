"""STORAGE_URL that is wrong: named at the start, with the mend, soon, and without the secret."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from aula.checks import storage_answers, storage_url
from aula.storage import backend, read
from tests.manage import manage
from tests.storage.swift import SECRET, Swift, free_port
from tests.storage.wire import line_to
from tests.turn.coturn import certificate as make_certificate

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = Path("/srv/files")


def folder(path: str) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": Path(path)},
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", folder("/srv/files")),
        ("file:///mnt/aula", folder("/mnt/aula")),
        ("ftp://x", folder("/srv/files")),
    ],
)
def test_files_are_kept_in_a_folder_unless_a_bucket_is_named(url, expected):
    assert backend(url, FILES) == expected


def test_a_bucket_is_read_with_key_secret_host_and_region():
    found = read("s3://a%3Ab:s%2Fe%2Bc%40r@[2001:db8::1]:9000/aula?region=eu-west-1&scheme=http")
    assert found["OPTIONS"] == {
        "access_key": "a:b",
        "secret_key": "s/e+c@r",
        "bucket_name": "aula",
        "endpoint_url": "http://[2001:db8::1]:9000",
        "region_name": "eu-west-1",
    }
    plain = read("s3://key:secret@s3.example.org/aula")["OPTIONS"]
    assert (plain["endpoint_url"], plain["region_name"]) == ("https://s3.example.org", "us-east-1")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://host/bucket", "begins with neither"),
        ("/srv/files", "begins with neither"),
        ("file://srv/files", "full path"),
        ("file:///", "full path"),
        ("s3://host/bucket", "the key or the secret is missing"),
        ("s3://key@host/bucket", "the key or the secret is missing"),
        ("s3://key:topsecret@/bucket", "the host"),
        ("s3://key:topsecret@host:port/bucket", "the host"),
        ("s3://key:topsecret@host:99999/bucket", "the host"),
        ("s3://key:top/secret@host/bucket", "the key or the secret"),
        ("s3://key:topsecret@host", "the name of one bucket"),
        ("s3://key:topsecret@host/bucket/folder", "the name of one bucket"),
        ("s3://key:topsecret@host/bucket?zone=x", "“zone” is not known; region and scheme are"),
        ("s3://key:topsecret@host/bucket?scheme=ftp", "scheme is http or https"),
        ("s3://key:topsecret@[host/bucket", "not an address"),
    ],
)
def test_a_wrong_address_is_named_with_the_mend_and_without_the_secret(url, said, settings):
    settings.STORAGE_URL = url
    [found] = storage_url(None)
    assert found.id == "aula.E008"
    assert said in found.msg
    assert "s3://KEY:SECRET@host:port/bucket" in found.hint
    assert "secret@" not in found.msg
    assert "top" not in found.msg


def answers(settings, url: str) -> list[Any]:
    settings.STORAGES = settings.STORAGES | {"default": read(url)}
    began = time.monotonic()
    found = storage_answers(None)
    assert time.monotonic() - began < 8
    assert not any(SECRET in each.msg + each.hint for each in found)
    return found


def test_a_bucket_that_answers_and_a_folder_are_accepted(settings, url):
    assert answers(settings, url) == answers(settings, "file:///srv/files") == []


def test_a_wrong_key_a_wrong_secret_and_a_bucket_that_is_not_there_stop_the_start(settings, swift: Swift):
    for wrong, said in (
        ({"bucket": "aula-nowhere"}, "The bucket is not there"),
        ({"bucket": swift.new_bucket(), "secret": "wrong"}, "refuses the key (SignatureDoesNotMatch)"),
        ({"bucket": swift.new_bucket(), "key": "no:body"}, "refuses the key"),
    ):
        [found] = answers(settings, swift.url_with(**wrong))
        assert (found.id, found.is_serious()) == ("aula.E009", True)
        assert said in found.msg
        assert "STORAGE_URL" in found.hint


def test_a_server_that_is_away_is_warned_of_and_does_not_stop_the_start(settings, swift: Swift):
    [found] = answers(settings, swift.url_with(bucket="aula", port=free_port()))
    assert (found.id, found.is_serious()) == ("aula.W002", False)
    assert "does not answer" in found.msg
    assert "Mend host, port or scheme" in found.hint


def test_a_server_that_says_nothing_does_not_hold_up_the_start(settings, swift: Swift):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        [found] = answers(settings, swift.url_with(bucket="aula", port=mute.getsockname()[1]))
    assert found.id == "aula.W002"


def test_a_server_that_speaks_something_else_is_warned_of(settings, swift: Swift):
    url = swift.url_with(bucket="aula").replace("scheme=http", "scheme=https")
    [found] = answers(settings, url)
    assert found.id == "aula.W002"


def test_tls_is_spoken_and_a_certificate_nobody_knows_is_warned_of(
    settings, swift: Swift, tmp_path, monkeypatch
):
    certificate, key = make_certificate(tmp_path, 30)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with line_to(swift.port, tls) as wire:
        url = swift.url_with(bucket=swift.new_bucket(), port=wire.port).replace("scheme=http", "scheme=https")
        [found] = answers(settings, url)
        assert found.id == "aula.W002"
        assert "certificate" in found.msg.lower()
    with line_to(swift.port, tls) as wire:
        url = swift.url_with(bucket=swift.new_bucket(), port=wire.port).replace("scheme=http", "scheme=https")
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
        assert answers(settings, url) == []


def test_manage_py_run_ends_with_the_mend_where_the_bucket_is_not_there(swift: Swift, tmp_path):
    done = manage(tmp_path, "run", STORAGE_URL=swift.url_with(bucket="aula-nowhere"))
    assert done.returncode == 1
    assert "aula.E009" in done.stderr
    assert "Make the bucket" in done.stderr
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr
