"""The pure function: properties that hold for every participant, secret and time."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turncreds.credentials import PARTICIPANT, Credential, Verdict, check, expiry, issue, refresh_after

PARTICIPANTS = st.from_regex(PARTICIPANT, fullmatch=True)
SECRETS = st.text(min_size=1, max_size=80)
TIMES = st.floats(min_value=0, max_value=2**40)
LIFETIMES = st.integers(min_value=1, max_value=86_400)


def test_it_is_the_form_that_coturn_documents():
    """Computed by hand from the draft, with the example secret of coturn's own documentation."""
    digest = hmac.new(b"north", b"1600:6f2a", hashlib.sha1).digest()
    assert issue("6f2a", secret="north", now=1000.9, ttl=600) == (
        "1600:6f2a",
        base64.b64encode(digest).decode(),
    )


@given(PARTICIPANTS, SECRETS, TIMES, LIFETIMES)
def test_what_is_issued_is_genuine_until_its_last_second(participant, secret, now, ttl):
    credential = issue(participant, secret=secret, now=now, ttl=ttl)
    last = expiry(credential)
    assert last == int(now) + ttl
    assert check(credential, secrets=[secret], now=now) is Verdict.GENUINE
    assert check(credential, secrets=[secret], now=last) is Verdict.GENUINE
    assert check(credential, secrets=[secret], now=last + 1) is Verdict.EXPIRED


@given(PARTICIPANTS, SECRETS, TIMES)
def test_the_relay_finds_the_time_first_and_the_participant_after_the_first_colon(participant, secret, now):
    credential = issue(participant, secret=secret, now=now, ttl=600)
    time, colon, rest = credential.username.partition(":")
    assert (time.isdigit(), colon, rest) == (True, ":", participant)
    assert len(credential.username) <= 512
    assert len(base64.b64decode(credential.password, validate=True)) == hashlib.sha1().digest_size


@given(PARTICIPANTS, st.lists(SECRETS, min_size=2, max_size=4, unique=True), TIMES, st.data())
def test_every_secret_of_a_rotation_is_accepted_and_no_other(participant, secrets, now, data):
    signing = data.draw(st.sampled_from(secrets))
    credential = issue(participant, secret=signing, now=now, ttl=600)
    others = [secret for secret in secrets if secret != signing]
    assert check(credential, secrets=secrets, now=now) is Verdict.GENUINE
    assert check(credential, secrets=others, now=now) is Verdict.FORGED
    assert check(credential, secrets=[], now=now) is Verdict.FORGED


@given(PARTICIPANTS, PARTICIPANTS, SECRETS, TIMES, st.integers(1, 10_000))
def test_nobody_lengthens_a_credential_or_gives_it_another_name(participant, other, secret, now, more):
    credential = issue(participant, secret=secret, now=now, ttl=600)
    longer = Credential(f"{expiry(credential) + more}:{participant}", credential.password)
    assert check(longer, secrets=[secret], now=now) is Verdict.FORGED
    if other != participant:
        renamed = Credential(f"{expiry(credential)}:{other}", credential.password)
        assert check(renamed, secrets=[secret], now=now) is Verdict.FORGED


@given(PARTICIPANTS, SECRETS, TIMES, st.integers(0, 119))
def test_a_relay_whose_clock_is_ahead_takes_it_until_the_next_one_comes(participant, secret, now, skew):
    """TTL 600 s: refreshed after 300 s, so ±120 s leave room."""
    credential = issue(participant, secret=secret, now=now, ttl=600)
    at_refresh = now + refresh_after(600)
    assert check(credential, secrets=[secret], now=at_refresh, skew=skew) is Verdict.GENUINE
    assert check(credential, secrets=[secret], now=now + 600, skew=skew + 1) is Verdict.EXPIRED


@given(st.text(max_size=60), st.text(max_size=60))
def test_nonsense_is_never_genuine(username, password):
    credential = Credential(username, password)
    assert check(credential, secrets=["secret"], now=0) in (Verdict.MALFORMED, Verdict.FORGED)


@pytest.mark.parametrize(
    "participant", ["", "a b", "a:b", 'a"b', "a\\b", "a\tb", "é", "a\n", "x" * 129, "1700000000:ada"]
)
def test_an_id_that_a_relay_could_misread_is_refused(participant):
    with pytest.raises(ValueError, match="1-128 letters"):
        issue(participant, secret="secret", now=0, ttl=600)


@pytest.mark.parametrize("username", ["", "1", ":a", "a:1", "1:", "-1:a", "1.5:a", "١:a", "1:a b"])
def test_a_username_of_another_form_is_malformed(username):
    assert check(Credential(username, ""), secrets=["secret"], now=0) is Verdict.MALFORMED
