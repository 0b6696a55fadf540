"""A TURN client as far as a check needs it: allocate, ask for a permission, leave.

aioice 0.13 has the client, not its name in the public list: this is the one file that reaches for
`aioice.turn.TurnClient*Protocol` (`connect`, `request_with_retry`, `delete`) and `aioice.stun`; a contract
test holds it to that.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from aioice import stun, turn

from turncreds.credentials import Credential
from turncreds.servers import ServerUrl

LIFETIME = 600  # seconds asked for
LONGEST_GOODBYE = 2.0  # seconds; an allocation not given back ends by itself
DISCARD_PORT = 9  # a permission is for an address; the port in it does not count (RFC 8656 9)


class RefusedByRelay(Exception):
    """The relay answered with an error: `code` as in RFC 8656 (401, 403, 437, 486, 508 …)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code


class Allocation:
    """An address on the relay, ours until `allocated` is left."""

    def __init__(self, client: turn.TurnClientProtocol, address: tuple[str, int]) -> None:
        self.client = client
        self.address = address

    @property
    def server(self) -> tuple[str, int]:
        """The address of the relay that answered."""
        found = self.client.transport.get_extra_info("peername")
        return found[0], found[1]

    @property
    def certificate_ends(self) -> float | None:
        """Unix time; None without TLS."""
        certificate = self.client.transport.get_extra_info("peercert")
        return ssl.cert_time_to_seconds(certificate["notAfter"]) if certificate else None

    async def permit(self, peer: str) -> None:
        """Ask to exchange packets with the IP address `peer`. Raises RefusedByRelay, 403 where it may not."""
        request = stun.Message(stun.Method.CREATE_PERMISSION, stun.Class.REQUEST)
        request.attributes["XOR-PEER-ADDRESS"] = (peer, DISCARD_PORT)
        with refusals():
            await self.client.request_with_retry(request)


@asynccontextmanager
async def allocated(
    url: ServerUrl, credential: Credential, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Allocation]:
    """An allocation over the transport of `url`, given back at the end.

    Raises OSError (also ssl.SSLError) when the relay cannot be reached and RefusedByRelay when it says no;
    lost packets are repeated for half a minute, so put a timeout around it.
    """
    async with connected(url, credential, tls=tls) as client:
        with refusals():
            address = await client.connect()
        try:
            yield Allocation(client, address)
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_GOODBYE):
                    await client.delete()


async def mapped_address(url: ServerUrl) -> tuple[str, int]:
    """Our address as the STUN server `url` sees it (RFC 8489 14.2)."""
    async with connected(url, None, tls=None) as client:
        with refusals():
            response, _ = await client.request(stun.Message(stun.Method.BINDING, stun.Class.REQUEST))
        address: tuple[str, int] = response.attributes["XOR-MAPPED-ADDRESS"]
        return address


@asynccontextmanager
async def connected(
    url: ServerUrl, credential: Credential | None, *, tls: ssl.SSLContext | None
) -> AsyncIterator[turn.TurnClientProtocol]:
    """A socket to `url` with aioice's client on it, closed at the end."""
    loop = asyncio.get_running_loop()
    username, password = credential or (None, None)
    server = (url.host, url.port)
    known = (server, username, password, LIFETIME, turn.DEFAULT_CHANNEL_REFRESH_TIME)
    transport: asyncio.BaseTransport
    client: turn.TurnClientProtocol
    if url.transport == "tcp":
        context = (tls or ssl.create_default_context()) if url.scheme == "turns" else None
        transport, client = await loop.create_connection(
            lambda: turn.TurnClientTcpProtocol(*known), *server, ssl=context
        )
    else:
        transport, client = await loop.create_datagram_endpoint(
            lambda: turn.TurnClientUdpProtocol(*known), remote_addr=server
        )
    try:
        yield client
    finally:
        transport.close()


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the error responses of a STUN transaction into RefusedByRelay, silence into TimeoutError."""
    try:
        yield
    except stun.TransactionFailed as failed:
        code, reason = failed.response.attributes.get("ERROR-CODE", (500, "without a reason"))
        raise RefusedByRelay(code, reason) from None
    except stun.TransactionTimeout:
        raise TimeoutError("no answer") from None
