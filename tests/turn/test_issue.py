"""Handing out ICE servers: to whom, how often, from whose relay; counted per school."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.forms.models import model_to_dict
from django_scopes.exceptions import ScopeError

from tenants.scope import tenant_scope
from turncreds.actions import issue_ice_servers
from turncreds.credentials import Credential, Verdict, check
from turncreds.models import RelayCount, RelayGrant, RelayPolicy
from turncreds.refusals import NotInClass, RelayFull, TooManyCredentials

SECRET, OWN_SECRET = "platform-" + "p" * 32, "own-" + "o" * 32
OWN_URLS = "turn:turn.other.example\nturns:turn.other.example:443"


@pytest.fixture(autouse=True)
def platform(settings):
    settings.TURN_URLS = ["turns:turn.example.org:443", "turn:turn.example.org"]
    settings.TURN_SECRETS = [SECRET, "retired-" + "r" * 32]
    settings.TURN_ISSUES_PER_MINUTE = 3


@pytest.fixture
def issue(tenant, now):
    def issue(participant="ada", *, of=tenant, at=now, in_class=True):
        return issue_ice_servers(tenant=of, participant=participant, in_class=in_class, now=at)

    return issue


def counts(tenant) -> dict[str, int]:
    names = ("participants", "issued", "not_in_class", "too_fast", "relay_full")
    with tenant_scope(tenant):
        return model_to_dict(RelayCount.objects.get(), fields=names)


def verdict(servers, secret, now) -> Verdict:
    relay = servers[-1]
    return check(Credential(relay["username"], relay["credential"]), secrets=[secret], now=now.timestamp())


def test_somebody_in_a_class_gets_the_list_with_a_credential_of_their_own(issue, now):
    given = issue()
    assert given.servers[0] == {"urls": ["stun:turn.example.org:3478"]}
    assert given.servers[1]["username"] == f"{int(now.timestamp()) + 600}:ada"
    assert verdict(given.servers, SECRET, now) is Verdict.GENUINE
    assert given.refresh_at == now + timedelta(seconds=300)
    assert given.expires_at == now + timedelta(seconds=600)


def test_somebody_in_no_class_gets_nothing_and_is_counted(issue, tenant):
    with pytest.raises(NotInClass):
        issue(in_class=False)
    assert counts(tenant)["not_in_class"] == 1
    assert counts(tenant)["issued"] == 0


def test_who_asks_too_often_waits_for_the_minute_to_end_and_others_do_not(issue, tenant, now):
    for second in range(3):
        issue(at=now + timedelta(seconds=second))
    with pytest.raises(TooManyCredentials) as refused:
        issue(at=now + timedelta(seconds=59))
    assert refused.value.status == 429
    assert refused.value.retry_at == now + timedelta(minutes=1)
    issue("bob", at=now + timedelta(seconds=59))
    issue(at=refused.value.retry_at)
    assert counts(tenant) == {
        "participants": 2,
        "issued": 5,
        "not_in_class": 0,
        "too_fast": 1,
        "relay_full": 0,
    }


def test_a_class_of_four_hours_renews_at_half_life_without_a_refusal(issue, now):
    at = now
    while at < now + timedelta(hours=4):
        given = issue(at=at)
        assert given.refresh_at < given.expires_at
        at = given.refresh_at


def test_a_school_has_as_many_people_on_the_relay_as_its_policy_allows(issue, tenant, other_tenant, now):
    with tenant_scope(tenant):
        RelayPolicy.objects.create(max_participants=2)
    issue("ada")
    issue("bob")
    with pytest.raises(RelayFull):
        issue("cid")
    issue("ada")  # who is on it stays on it
    issue("cid", of=other_tenant)
    issue("cid", at=now + timedelta(seconds=601))  # the others' have ended
    assert counts(tenant)["relay_full"] == 1


def test_a_school_with_relays_of_its_own_uses_them_and_nobody_else_does(issue, tenant, other_tenant, now):
    with tenant_scope(other_tenant):
        RelayPolicy.objects.create(urls=OWN_URLS, secrets=OWN_SECRET)
    theirs, ours = issue(of=other_tenant).servers, issue().servers
    assert theirs[1]["urls"] == [
        "turn:turn.other.example:3478?transport=udp",
        "turns:turn.other.example:443?transport=tcp",
    ]
    assert verdict(theirs, OWN_SECRET, now) is Verdict.GENUINE
    assert verdict(theirs, SECRET, now) is Verdict.FORGED
    assert verdict(ours, SECRET, now) is Verdict.GENUINE
    assert "other.example" not in str(ours)


def test_policies_grants_and_counters_of_another_school_are_out_of_reach(issue, tenant, other_tenant):
    issue()
    for model in (RelayPolicy, RelayGrant, RelayCount):
        with pytest.raises(ScopeError):
            list(model.objects.all())
        with tenant_scope(other_tenant):
            assert not model.objects.exists()


def test_the_same_id_in_two_schools_is_two_people(issue, tenant, other_tenant):
    for _ in range(3):
        issue()
    with pytest.raises(TooManyCredentials):
        issue()
    issue(of=other_tenant)


def test_grants_are_forgotten_a_day_after_they_ended(issue, tenant, now):
    issue("ada")
    issue("bob", at=now + timedelta(days=1, seconds=601))
    with tenant_scope(tenant):
        assert [grant.participant for grant in RelayGrant.objects.all()] == ["bob"]


def test_without_a_relay_the_list_is_empty_and_nothing_fails(issue, settings):
    settings.TURN_URLS = settings.TURN_SECRETS = []
    assert issue().servers == []


def test_the_secrets_of_a_school_are_encrypted_in_the_database(tenant, settings):
    with tenant_scope(tenant):
        RelayPolicy.objects.create(urls=OWN_URLS, secrets=OWN_SECRET)
        with connection.cursor() as cursor:
            cursor.execute("SELECT secrets FROM turncreds_relaypolicy")
            (stored,) = cursor.fetchone()
        assert OWN_SECRET not in stored
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "rotated" * 8
        assert RelayPolicy.objects.get().secrets == OWN_SECRET
        settings.SECRET_KEY_FALLBACKS = []
        with pytest.raises(ValueError, match="SECRET_KEY_FALLBACKS"):
            RelayPolicy.objects.get()


@pytest.mark.parametrize(
    ("urls", "secrets", "says"),
    [
        (OWN_URLS, "", "or neither"),
        ("", OWN_SECRET, "or neither"),
        ("turn.example", OWN_SECRET, "not of the form"),
        (OWN_URLS, 'with"quote', "letters and digits"),
    ],
)
def test_a_half_or_wrong_policy_is_refused(tenant, urls, secrets, says):
    with tenant_scope(tenant), pytest.raises(ValidationError, match=says):
        RelayPolicy(tenant=tenant, urls=urls, secrets=secrets).full_clean()


def test_the_database_refuses_a_half_policy_too(tenant):
    with tenant_scope(tenant), pytest.raises(IntegrityError):
        RelayPolicy.objects.create(urls=OWN_URLS)
