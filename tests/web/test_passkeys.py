"""Passkeys: made at a host, good there, and nowhere else. The device is our own, so that it can cheat."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.models import Membership, Role
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import Person
from tests.web.test_second_step import SECURITY, prove
from tests.web.test_sign_in import sign_in

FLAG = AuthenticatorData.FLAG
JSON = {"HTTP_ACCEPT": "application/json"}


class Device:
    """Makes one key, and signs with it for whatever host it is told to."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"a passkey of ours"
        self.owner = ""

    def create(self, options: dict[str, Any], host: str) -> str:
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = FLAG.UP | FLAG.UV | FLAG.AT
        about = AuthenticatorData.create(sha256(host.encode()).digest(), flags, 0, made)
        said = self.client_data("webauthn.create", asked["challenge"], host)
        return self.answer(clientDataJSON=said, attestationObject=AttestationObject.create("none", about, {}))

    def get(self, options: dict[str, Any], host: str, *, flags: int = FLAG.UP | FLAG.UV) -> str:
        about = AuthenticatorData.create(sha256(host.encode()).digest(), flags, 1)
        said = self.client_data("webauthn.get", options["publicKey"]["challenge"], host)
        signed = self.key.sign(bytes(about) + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        more = {"userHandle": self.owner}
        return self.answer(clientDataJSON=said, authenticatorData=about, signature=signed, **more)

    def client_data(self, kind: str, challenge: str, host: str) -> bytes:
        return bytes(CollectedClientData.create(kind, challenge, f"https://{host}"))

    def answer(self, **parts: Any) -> str:
        id = websafe_encode(self.id)
        response = {
            name: part if isinstance(part, str) else websafe_encode(bytes(part))
            for name, part in parts.items()
        }
        shape = {"type": "public-key", "clientExtensionResults": {}}
        return json.dumps({"id": id, "rawId": id, "response": response} | shape)


@pytest.fixture
def device(student: Person) -> Device:
    """The student's, with a passkey that was made at their school."""
    device = Device()
    prove(student)
    page = student.get(f"{SECURITY}passkeys/add/")
    credential = device.create(page.context["js_data"]["creation_options"], student.host)
    answer = student.post(f"{SECURITY}passkeys/add/", {"name": "Laptop", "credential": credential})
    assert answer.url == f"{SECURITY}recovery/", answer.content.decode()
    student.browser = Client()
    return device


def asked(person: Person, **more: str) -> dict[str, Any]:
    return dict(person.get("/sign-in/passkey/", **JSON, **more).json()["request_options"])


def show(person: Person, credential: str, **more: str) -> HttpResponse:
    return person.post("/sign-in/passkey/", {"credential": credential, "next": "/courses/"}, **more)


def test_a_passkey_signs_in_by_itself(student: Person, device: Device) -> None:
    assert show(student, device.get(asked(student), student.host)).url == "/courses/"
    assert student.get("/courses/").status_code == 200
    assert "A passkey was added." in mail.outbox[0].body


def test_it_is_good_for_one_question(student: Person, device: Device) -> None:
    credential = device.get(asked(student), student.host)
    show(student, credential)
    student.post("/sign-out/")
    assert show(student, credential).url == "/sign-in/"


def test_without_finger_face_or_pin_it_is_not_enough(student: Person, device: Device) -> None:
    assert show(student, device.get(asked(student), student.host, flags=FLAG.UP)).url == "/sign-in/"
    assert student.get("/courses/").status_code == 302


def test_a_key_from_one_school_opens_nothing_at_another(
    student: Person, device: Device, other_tenant: Tenant
) -> None:
    """Whoever came in at one school as somebody might have made it, with a device that signs for any host."""
    with tenant_scope(other_tenant):
        Membership.objects.create(tenant=other_tenant, user=student.member.user, role=Role.STUDENT)
    there = {"HTTP_HOST": "other.localhost"}
    credential = device.get(asked(student, **there), "other.localhost")
    assert show(student, credential, **there).url == "/sign-in/"
    assert student.get("/courses/", **there).status_code == 302


def test_where_it_is_not_good_a_second_step_is_asked_for_all_the_same(
    student: Person, device: Device, other_tenant: Tenant
) -> None:
    with tenant_scope(other_tenant):
        Membership.objects.create(tenant=other_tenant, user=student.member.user, role=Role.STUDENT)
    there = {"HTTP_HOST": "other.localhost"}
    assert sign_in(student, **there).url == "/sign-in/second/"
    page = student.get("/sign-in/second/", **there)
    assert b"made at another address" in page.content
    options = page.context["js_data"]["request_options"]
    credential = device.get(options, "other.localhost")
    assert student.post("/sign-in/second/", {"credential": credential}, **there).status_code == 200
    assert student.get("/courses/", **there).status_code == 302


def test_after_the_password_it_is_the_second_step(student: Person, device: Device) -> None:
    assert sign_in(student).url == "/sign-in/second/"
    options = student.get("/sign-in/second/").context["js_data"]["request_options"]
    credential = device.get(options, student.host)
    assert student.post("/sign-in/second/", {"credential": credential}).url == "/"


def test_somebody_elses_handle_opens_nothing(student: Person, teacher: Person, device: Device) -> None:
    options = asked(student)
    device.owner = websafe_encode(str(teacher.member.user.pk).encode())
    assert show(student, device.get(options, student.host)).url == "/sign-in/"


RUBBISH = ["", "[]", "{}", "1", "null", '{"response": []}', '{"id": {}, "response": {}}', '{"response": {}}']


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_refused(student: Person, device: Device, rubbish: str) -> None:
    asked(student)
    assert show(student, rubbish).url == "/sign-in/"
    assert sign_in(student).url == "/sign-in/second/"
    assert student.post("/sign-in/second/", {"credential": rubbish}).status_code == 200


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_not_kept(student: Person, rubbish: str) -> None:
    prove(student)
    student.get(f"{SECURITY}passkeys/add/")
    answer = student.post(f"{SECURITY}passkeys/add/", {"credential": rubbish})
    assert b"could not be added" in answer.content
    assert not Authenticator.objects.exists()


def test_the_list_names_it_and_lets_it_go(student: Person, device: Device) -> None:
    show(student, device.get(asked(student), student.host))
    page = student.get(SECURITY).content.decode()
    assert "Laptop" in page
    remove = re.search(rf"{SECURITY}passkeys/\d+/remove/", page)
    assert remove
    assert student.post(remove[0]).url.startswith(f"{SECURITY}prove/")
    prove(student)
    assert student.post(remove[0]).url == SECURITY
    assert not Authenticator.objects.exists()


def test_nobody_removes_anothers(student: Person, teacher: Person, device: Device) -> None:
    row = Authenticator.objects.get(type="webauthn")
    prove(teacher)
    assert teacher.post(f"{SECURITY}passkeys/{row.pk}/remove/").status_code == 404
