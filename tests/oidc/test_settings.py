"""The settings page of a school's own sign-in: who may, what is tried, and a secret that is never shown."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.entries import AuditEntry, Deed
from accounts.models import Identity, IdentityProvider
from accounts.school.actions import link, unlink
from accounts.sealed import unseal
from tenants.scope import every_tenant, tenant_scope
from tests.oidc.conftest import Provider, words

PAGE = "/settings/sign-in/"
SECRET = "a-secret-that-only-two-know"


def form(provider: Provider, **more: str) -> dict[str, str]:
    return {
        "name": "Northfield account",
        "issuer": provider.issuer,
        "client_id": "aula",
        "secret": SECRET,
    } | more


def row() -> IdentityProvider | None:
    with every_tenant():
        return IdentityProvider.objects.first()


def test_an_admin_sets_it_up(admin, provider, caplog) -> None:
    answer = admin.post(PAGE, form(provider, welcomes="on"), follow=True)
    assert "Saved." in words(answer)
    found = row()
    assert (found.issuer, found.client_id, found.welcomes) == (provider.issuer, "aula", True)
    assert unseal(found.secret) == SECRET
    assert SECRET not in found.secret
    assert SECRET not in answer.content.decode()
    assert SECRET not in caplog.text
    assert "http://demo.localhost/sign-in/school/back/" in words(answer)


@pytest.mark.parametrize("who", ["teacher", "student"])
def test_nobody_else_does(who, request, provider) -> None:
    person = request.getfixturevalue(who)
    assert person.get(PAGE).status_code == 403
    assert person.post(PAGE, form(provider)).status_code == 403
    assert row() is None


def test_another_schools_people_see_nothing_of_it(admin, provider, other_tenant, person) -> None:
    admin.post(PAGE, form(provider))
    boss = person(other_tenant, "admin", "Olga Other")
    assert "Northfield account" not in words(boss.get(PAGE))
    boss.post(PAGE, {"remove": ""})
    assert row() is not None


def test_an_empty_secret_keeps_the_one_there_is(admin, provider) -> None:
    assert "Enter the client secret" in words(admin.post(PAGE, form(provider, secret="")))
    admin.post(PAGE, form(provider))
    admin.post(PAGE, form(provider, secret="", name="School account"))
    assert (row().name, unseal(row().secret)) == ("School account", SECRET)


def test_another_issuer_forgets_who_was_known(admin, student, provider) -> None:
    admin.post(PAGE, form(provider))
    with tenant_scope(admin.member.tenant):
        link(provider=row(), subject="sue-1", member=student.member, at=student.now)
    former = row().public_id
    admin.post(PAGE, form(provider, client_id="aula-2"))
    with every_tenant():
        assert Identity.objects.count() == 1
        IdentityProvider.objects.update(issuer="https://former.test")
    admin.post(PAGE, form(provider))
    with every_tenant():
        assert not Identity.objects.exists()
    assert row().public_id != former


def test_it_can_be_removed(admin, provider) -> None:
    admin.post(PAGE, form(provider))
    assert "is removed" in words(admin.post(PAGE, {"remove": ""}, follow=True))
    assert row() is None


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("http://127.0.0.1:9", "No OpenID Connect provider answers there"),
        ("{issuer}/users", "No OpenID Connect provider answers there"),
        ("not an address", "No OpenID Connect provider answers there"),
        ("", "Enter the provider’s address"),
    ],
)
def test_an_address_without_a_provider_is_named(admin, provider, issuer, said) -> None:
    answer = admin.post(PAGE, form(provider, issuer=issuer.format(issuer=provider.issuer)))
    assert said in words(answer)
    assert SECRET not in answer.content.decode()
    assert row() is None


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("http://login.school.test", "begins with https://"),
        ("https://127.0.0.1", "not on the public internet"),
        ("https://169.254.169.254", "not on the public internet"),
        ("https://[::1]", "not on the public internet"),
        ("https://localhost", "not on the public internet"),
    ],
)
def test_in_production_nothing_inside_is_asked(admin, settings: Any, provider, issuer, said) -> None:
    settings.OUTGOING_PRIVATE = False
    assert said in words(admin.post(PAGE, form(provider, issuer=issuer)))


def test_the_well_known_address_is_understood_too(admin, provider) -> None:
    admin.post(PAGE, form(provider, issuer=f"{provider.issuer}/.well-known/openid-configuration"))
    assert row().issuer == provider.issuer


def test_who_decides_who_gets_in_stands_in_the_audit_log(admin, student, provider) -> None:
    admin.post(PAGE, form(provider))
    admin.post(PAGE, form(provider, secret="", welcomes="on"))
    at = student.now
    with tenant_scope(admin.member.tenant):
        link(provider=row(), subject="sue", member=student.member, at=at)
        unlink(member=student.member)
        unlink(member=student.member)
    admin.post(PAGE, {"remove": ""})
    with tenant_scope(admin.member.tenant):
        entries = list(AuditEntry.objects.order_by("pk"))
    assert [(each.deed, each.who_id) for each in entries] == [
        (Deed.SIGN_IN_SET, admin.member.public_id),
        (Deed.SIGN_IN_SET, admin.member.public_id),
        (Deed.IDENTITY_LINKED, student.member.public_id),
        (Deed.IDENTITY_UNLINKED, student.member.public_id),
        (Deed.SIGN_IN_REMOVED, admin.member.public_id),
    ]
    assert entries[0].changes["secret"] == ["", ""]
    assert entries[1].changes == {"welcomes": [False, True]}
    assert SECRET not in str([each.changes for each in entries])
