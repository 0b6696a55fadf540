"""A provider, a school that uses it, and people who come from it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.core import mail
from django.http import HttpResponse

from accounts.models import IdentityProvider
from accounts.school.actions import configure
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import Guest, Person

ROOT = Path(__file__).resolve().parents[2]
BACK = "http://demo.localhost/sign-in/school/back/"


class Provider:
    """The process, and what somebody at it may do."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"

    def register(self, *back: str) -> tuple[str, str]:
        """A client's id and secret."""
        answer = requests.post(
            f"{self.issuer}/oauth2/clients", json={"redirect_uris": back or [BACK]}, timeout=5
        )
        return answer.json()["client_id"], answer.json()["client_secret"]

    def knows(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def lie(self, name: str) -> None:
        requests.put(f"{self.issuer}/lie/{name}", timeout=5).raise_for_status()

    def allow(self, address: str, subject: str) -> str:
        """What a person does there: agree. Where they are sent back to: path and query."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"


@pytest.fixture(scope="session")
def provider_process() -> Iterator[Provider]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.oidc.provider", str(port)], cwd=ROOT
    )
    provider = Provider(port)
    try:
        for _ in range(600):
            try:
                requests.get(provider.issuer, timeout=1)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "the provider did not start"
                time.sleep(0.1)
        yield provider
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def provider(provider_process: Provider, settings: Any) -> Iterator[Provider]:
    settings.OUTGOING_PRIVATE = True
    yield provider_process
    provider_process.lie("")


@pytest.fixture
def school(provider: Provider, tenant: Tenant, admin: Person) -> IdentityProvider:
    """Northfield's own sign-in, for people of the school alone."""
    return own_sign_in(provider, admin)


def own_sign_in(
    provider: Provider, admin: Person, welcomes: bool = False, back: str = BACK
) -> IdentityProvider:
    client_id, secret = provider.register(back)
    with tenant_scope(admin.member.tenant):
        return configure(
            by=admin.member,
            name="Northfield account",
            issuer=provider.issuer,
            client_id=client_id,
            secret=secret,
            welcomes=welcomes,
        )


Come = Callable[..., HttpResponse]


@pytest.fixture
def come(provider: Provider) -> Come:
    """Go to the provider from the sign-in page, agree there, and come back."""

    def come(person: Person | Guest, subject: str, path: str = "/sign-in/school/") -> HttpResponse:
        away = person.get(path)
        assert away.status_code == 302, away.content.decode()
        return person.get(provider.allow(away.url, subject))

    return come


def words(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def mailed_code() -> str:
    return mail.outbox[-1].body.split("The code is")[1].split()[0]
