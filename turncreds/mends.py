"""What an error of a relay means to the operator: one sentence, and what to do about it."""

from __future__ import annotations

import socket
import ssl
from typing import NamedTuple

from turncreds.allocation import RefusedByRelay
from turncreds.servers import ServerUrl


class Trouble(NamedTuple):
    text: str
    mend: str


REFUSALS: dict[int, Trouble] = {
    300: Trouble("the relay sends us to another server", "Name that server in TURN_URLS instead."),
    403: Trouble(
        "the relay forbids the allocation", "Look for denied addresses in the relay's configuration."
    ),
    437: Trouble(
        "the relay mixes up two of our allocations", "Restart coturn; a proxy before it must keep ports."
    ),
    442: Trouble("the relay does not relay UDP", "Remove no-udp-relay from the relay's configuration."),
    486: Trouble("one user may not allocate even once", "Raise user-quota (TURN_USER_QUOTA)."),
    508: Trouble(
        "the relay has no room left", "Raise total-quota and widen min-port to max-port, or add a relay."
    ),
}


def trouble_of(error: Exception, url: ServerUrl) -> Trouble:
    """`error`: RefusedByRelay (other than 401, which needs more questions) or an OSError."""
    place = f"{url.host}:{url.port}"
    if isinstance(error, RefusedByRelay):
        unknown = Trouble(f"the relay answers {error}", "Look into the relay's log at this moment.")
        return REFUSALS.get(error.code, unknown)
    if isinstance(error, ssl.SSLError):
        return certificate_trouble(error, url)
    if isinstance(error, TimeoutError):
        return Trouble(
            f"no answer from {place}/{url.transport}",
            f"Start coturn and open {url.port}/{url.transport} in every firewall before the relay.",
        )
    if isinstance(error, socket.gaierror):
        return Trouble(f"the name {url.host} is not known", "Add it to the DNS, or correct TURN_URLS.")
    if isinstance(error, ConnectionRefusedError):
        return Trouble(
            f"nothing listens on {place}/{url.transport}",
            "Start coturn with the configuration of `manage.py coturnconf`; for turns: it also needs a "
            "certificate and key that it can read.",
        )
    return Trouble(f"{place} cannot be reached ({error})", "Correct TURN_URLS or the network between.")


def certificate_trouble(error: ssl.SSLError, url: ServerUrl) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(
            f"browsers will not trust the certificate: {error.verify_message}",
            f"Give coturn the full chain of a certificate for {url.host} that has not ended, then send it "
            "SIGUSR2. Of a private CA: set TURN_CA_FILE, and install the CA in the browsers.",
        )
    return Trouble(
        f"{url.host}:{url.port} does not speak TLS ({error.reason})",
        "Set TURN_CERTIFICATE and TURN_KEY to files that coturn can read, write the configuration again.",
    )


CLOCK_AHEAD = Trouble(
    "the relay's clock is ahead: it takes a fresh credential for an old one",
    "Set the clocks of the relay and of this machine by NTP.",
)
OLD_SECRET = Trouble(
    "the relay knows an older secret, but not the one that signs (the first of TURN_SECRETS)",
    "Write the relay's configuration again with `manage.py coturnconf` and restart coturn.",
)
FOREIGN_SECRET = Trouble(
    "the relay does not accept our credentials (401)",
    "Make static-auth-secret in coturn the same as TURN_SECRETS, with use-auth-secret and "
    "a realm. Does its log speak of SQLite? Set userdb=:memory: as `manage.py coturnconf` does.",
)
OPEN_RELAY = Trouble(
    "ANYBODY can use this relay: it accepts a made-up secret",
    "Set use-auth-secret and static-auth-secret (`manage.py coturnconf` does), remove no-auth.",
)
RETIRED_SECRET = Trouble(
    "the relay does not know one of the older secrets in TURN_SECRETS",
    "If the rotation is over, remove it from TURN_SECRETS; else add it to the relay too.",
)
NO_WAY_TO_MEDIA = Trouble(
    "the relay does not let packets through to {peer}",
    "Put {peer} into MEDIA_ANNOUNCE or TURN_ALLOWED_PEERS and write the relay's configuration again.",
)
INTO_THE_NETWORK = Trouble(
    "the relay lets anybody in a class reach {peer}: a way into your own network",
    "Write the relay's configuration with `manage.py coturnconf`: it denies private addresses.",
)
BEHIND_NAT = Trouble(
    "the relay hands out {address}, which browsers cannot reach",
    "Set TURN_EXTERNAL_IPS to public/private of the relay and write its configuration again.",
)
CERTIFICATE_ENDS = Trouble("its certificate ends in {days} days", "Renew it, then send coturn SIGUSR2.")
NO_RELAY = Trouble("no relay is configured", "Start coturn (docs/turn.md), set TURN_URLS and TURN_SECRETS.")
