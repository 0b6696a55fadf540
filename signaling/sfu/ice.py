"""ICE-lite: answers connectivity checks, never makes one (RFC 8445 section 2.5).

An address is trusted for a transport once it brought a check signed with one of that transport's passwords.
No check is ever sent to an address a client names.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass

from aioice import stun

from signaling.sfu.spec import IceCredentials

CONSENT = 30.0  # seconds without an authenticated check, RFC 7675 section 5.1
GENERATIONS = 64  # credentials of one transport that stay valid: a restart a minute for an hour
ADDRESSES = 16  # authenticated addresses of one transport


@dataclass(frozen=True)
class Check:
    """A Binding request that parsed, not yet authenticated."""

    ufrag: str
    nominates: bool
    message: stun.Message


def new_credentials() -> IceCredentials:
    # RFC 8839 5.4: at least 24 bits of ufrag and 128 of password, from ice-char.
    return IceCredentials(ufrag=secrets.token_hex(4), pwd=secrets.token_hex(16))


def parse_check(data: bytes) -> Check:
    """Raises ValueError for anything that is not a Binding request to one of us."""
    try:
        message = stun.parse_message(data)
    except (ValueError, struct.error, LookupError) as error:  # a short attribute raises struct.error
        raise ValueError(f"malformed STUN: {error}") from error
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        raise ValueError("not a Binding request")
    username = message.attributes.get("USERNAME", "")
    return Check(
        ufrag=username.partition(":")[0],
        nominates="USE-CANDIDATE" in message.attributes,
        message=message,
    )


def is_signed(check: Check, pwd: str) -> bool:
    return check.message.check_message_integrity(pwd.encode())


def answer(check: Check, pwd: str, address: tuple[str, int]) -> bytes:
    """The success response, which tells the client the address we saw."""
    response = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.RESPONSE,
        transaction_id=check.message.transaction_id,
        attributes={"XOR-MAPPED-ADDRESS": address},
    )
    response.add_message_integrity(pwd.encode())
    response.add_fingerprint()  # RFC 8445 7: checks and their answers carry it
    return bytes(response)
