"""The snippets of docs/api.md, run as they stand there against a web server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.models import Membership
from classrooms.models import ClassSession
from tenants.models import Domain
from tenants.scope import tenant_scope

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
WITH = {"python": (sys.executable, ".py"), "javascript": ("node", ".mjs")}


def snippets(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(live_server, portal, tenant, settings, tmp_path):
    """Run a snippet of the page with the address of the server and a key; what it prints."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.BASE_DOMAIN = "platform.test"
    Domain.objects.create(tenant=tenant, host="localhost")

    def run(language):
        command, suffix = WITH[language]
        [snippet] = snippets(language)
        file = tmp_path / f"snippet{suffix}"
        file.write_text(snippet)
        environment = os.environ | {"AULA_URL": live_server.url, "AULA_KEY": portal.key}
        done = subprocess.run(
            [command, file], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_python_snippet_schedules_a_class_and_sends_somebody_there(run, teacher, tenant):
    said = run("python")
    assert re.fullmatch(r"Physics 10: redirect to http://localhost:\d+/enter/[\w-]{43}/\n", said)
    with tenant_scope(tenant):
        session = ClassSession.objects.get()
        assert (session.title, session.teacher) == ("Motion and force", teacher.member)
        assert session.course.enrolments.get().membership == Membership.objects.get(external_id="s-4711")


def test_the_javascript_snippet_finds_a_class_and_sends_somebody_there(run, session, tenant):
    said = run("javascript").splitlines()
    assert re.fullmatch(r"Cell division: redirect to http://localhost:\d+/enter/[\w-]{43}/", said[0])
    assert said[1:] == ["Una Newer"]
