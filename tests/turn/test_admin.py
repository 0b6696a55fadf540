"""What operators see and change of schools' relays."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tenants.scope import every_tenant
from turncreds.actions import issue_ice_servers
from turncreds.models import RelayPolicy

BASE = {"HTTP_HOST": "localhost"}
PAGE = "/admin/turncreds/relaypolicy/"
SECRET, NEXT = "own-" + "o" * 32, "next-" + "n" * 32


@pytest.fixture
def operator(db) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    return browser


def only_policy() -> RelayPolicy:
    with every_tenant():
        return RelayPolicy.objects.get()


def test_an_operator_gives_a_school_its_relay_and_never_sees_the_secret_again(operator, other_tenant):
    form = {"tenant": other_tenant.pk, "urls": "turns:t.example", "secrets": SECRET, "max_participants": "9"}
    assert operator.post(f"{PAGE}add/", form, **BASE).status_code == 302
    policy = only_policy()
    assert (policy.tenant, policy.secrets) == (other_tenant, SECRET)
    change = f"{PAGE}{policy.pk}/change/"
    assert SECRET not in operator.get(change, **BASE).content.decode()

    kept = {"urls": "turns:u.example", "secrets": "", "max_participants": ""}
    assert operator.post(change, kept, **BASE).status_code == 302
    assert (only_policy().urls, only_policy().secrets) == ("turns:u.example", SECRET)
    operator.post(change, kept | {"secrets": NEXT}, **BASE)
    assert only_policy().secrets == NEXT
    operator.post(change, {"urls": "", "secrets": "", "max_participants": "5"}, **BASE)
    assert (only_policy().own_relay, only_policy().secrets) == (None, "")


@pytest.mark.parametrize(
    ("urls", "secrets", "says"),
    [("turns:t.example", "", "or neither"), ("t.example", SECRET, "not of the form")],
)
def test_a_policy_that_could_not_work_is_refused_on_the_page(operator, tenant, urls, secrets, says):
    form = {"tenant": tenant.pk, "urls": urls, "secrets": secrets, "max_participants": ""}
    answer = operator.post(f"{PAGE}add/", form, **BASE)
    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_counters_are_there_to_read_only(operator, tenant, now, settings):
    settings.TURN_URLS, settings.TURN_SECRETS = ["turn:turn.example.org"], ["s" * 32]
    issue_ice_servers(tenant=tenant, participant="ada", in_class=True, now=now)
    page = operator.get("/admin/turncreds/relaycount/", **BASE)
    assert tenant.name in page.content.decode()
    assert operator.get("/admin/turncreds/relaycount/add/", **BASE).status_code == 403


def test_a_schools_admin_has_no_such_page(admin):
    assert admin.get(PAGE).status_code == 404
