"""Every private name of aiortc and pyOpenSSL the engine leans on (read from aiortc 1.16.0).

aiortc's DTLS transport runs over any object with `role`, `_recv` and `_send`: here a queue that the shared
port fills with DTLS records only, and a callback that queues what DTLS sends. SRTP never passes through it;
its keys are taken out once. tests/sfu/plane/test_dtls_contract.py fails when a new aiortc breaks one of these
names.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

from aiortc import (
    RTCCertificate,
    RTCDataChannel,
    RTCDataChannelParameters,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceTransport,
    RTCSctpTransport,
)
from aiortc.rtcdtlstransport import SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80, SRTP_PROFILES
from aiortc.rtcsctptransport import RTCSctpCapabilities
from OpenSSL import SSL

from signaling.sfu.drops import Drops
from signaling.sfu.sctp import is_sane
from signaling.sfu.sendlog import SendLog
from signaling.sfu.srtp import Opener, Sealer
from signaling.sfu.udp import UdpPort

logger = logging.getLogger(__name__)

QUEUE = 256  # DTLS records waiting for their turn
MAX_MESSAGE = 262_144  # octets of one data channel message, a=max-message-size
MOST_STREAMS = 64  # SCTP streams a peer has used; clients use four
MOST_CHUNKS = 2048  # parts of messages that wait for their rest, or for one that was lost
CLOSE_TIME = 1.0  # seconds that saying goodbye may take
PREFERRED = [
    profile for profile in (SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80) if profile in SRTP_PROFILES
]


class Certificate(RTCCertificate):
    """An ECDSA P-256 certificate; its TLS context is made once, not for every participant."""

    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[Any]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        return self._context

    @property
    def fingerprint(self) -> str:
        """As in the SDP: "sha-256 AA:BB:..."."""
        (value,) = (f.value for f in self.getFingerprints() if f.algorithm == "sha-256")
        return f"sha-256 {value}"


class Wire:
    """What aiortc takes for an ICE transport."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._out = send
        self._records: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)

    def feed(self, record: bytes) -> bool:
        """False when the peer sends faster than we can read."""
        if self._records.full():
            return False
        self._records.put_nowait(record)
        return True

    def end(self) -> None:
        while self._records.full():
            self._records.get_nowait()
        self._records.put_nowait(None)

    async def _recv(self) -> bytes:
        record = await self._records.get()
        if record is None:
            self._records.put_nowait(None)
            raise ConnectionError("the transport is closed")
        return record

    async def _send(self, data: bytes) -> None:
        self._out(data)


class Association:
    """DTLS and, over it, SCTP with one peer."""

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None], drops: Drops) -> None:
        self.wire = Wire(send)
        self._drops = drops
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, self.wire), [certificate])
        self._dtls._srtp_profiles = PREFERRED
        self._sctp: RTCSctpTransport | None = None

    async def connect(self, *, fingerprints: Sequence[str], passive: bool) -> None:
        """Shake hands and check the peer's certificate. Raises ConnectionError when either fails."""
        self._dtls._set_role("server" if passive else "client")
        claimed = [RTCDtlsFingerprint(*fingerprint.split(" ", 1)) for fingerprint in fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=claimed))
        if self._dtls.state != "connected":
            raise ConnectionError("DTLS handshake failed")

    def on_end(self, callback: Callable[[], None]) -> None:
        """Called when DTLS ends for whatever reason after it was connected."""

        @self._dtls.on("statechange")
        def changed() -> None:
            if self._dtls.state in ("closed", "failed"):
                # aiortc's parts refer to each other: OpenSSL's 100 KiB would wait for a full collection.
                self._dtls._ssl = None
                callback()

    def opener(self) -> Opener:
        session = self._dtls._rx_srtp
        return Opener(session, session._srtp[0], self._drops)

    def sealer(self, port: UdpPort, peer: bytes, log: SendLog) -> Sealer:
        session = self._dtls._tx_srtp
        return Sealer(session, session._srtp[0], self._drops, port, peer, log)

    async def start_sctp(self, port: int, on_channel: Callable[[Any], None]) -> None:
        self._dtls._send_data = forgiving(self._dtls._send_data)  # type: ignore[method-assign, assignment]
        self._sctp = RTCSctpTransport(self._dtls)
        self._sctp.on("datachannel", on_channel)
        await self._sctp.start(RTCSctpCapabilities(maxMessageSize=MAX_MESSAGE), port)
        self._dtls._data_receiver = Guard(self._sctp, self._drops)

    def open_channel(
        self, label: str, *, ordered: bool, max_retransmits: int | None
    ) -> RTCDataChannel | None:
        """None when there is no SCTP. It is open once its `readyState` says so."""
        if self._sctp is None or self._sctp.state == "closed":
            return None
        parameters = RTCDataChannelParameters(label=label, ordered=ordered, maxRetransmits=max_retransmits)
        return RTCDataChannel(self._sctp, parameters)

    async def close(self, after: float = 0.0) -> None:
        """Say goodbye, in bounded time, `after` seconds if somebody is there to hear it."""
        if self._dtls.state == "connected":
            await asyncio.sleep(after)
        try:
            async with asyncio.timeout(CLOSE_TIME):
                if self._sctp is not None:
                    await self._sctp.stop()
                await self._dtls.stop()
        except (TimeoutError, ConnectionError, SSL.Error, AssertionError) as error:
            logger.debug("A peer's DTLS did not close cleanly: %s", error)
        finally:
            self.wire.end()


def forgiving(
    send: Callable[[bytes], Coroutine[Any, Any, None]],
) -> Callable[[bytes], Coroutine[Any, Any, None]]:
    """SCTP's timers send in tasks nobody waits for: what comes after the end of DTLS goes nowhere."""

    async def send_if_possible(data: bytes) -> None:
        try:
            await send(data)
        except (ConnectionError, SSL.Error) as error:
            logger.debug("SCTP was not sent: %s", error)

    return send_if_possible


class Guard:
    """Stands between DTLS and SCTP: aiortc asserts on what a peer sends, which would end the DTLS pump, works
    without end on some of it (sctp.py), and keeps whatever it sends, its receive window notwithstanding."""

    def __init__(self, sctp: RTCSctpTransport, drops: Drops) -> None:
        self._sctp = sctp
        self._drops = drops

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._sctp  # so that SCTP can unregister itself

    __hash__ = object.__hash__

    async def _handle_data(self, data: bytes) -> None:
        if not is_sane(data, len(self._sctp._sent_queue)):
            self._drops.count("sctp_malformed")
            return
        try:
            await self._sctp._handle_data(data)
        except ConnectionError:
            raise
        except Exception:
            self._drops.count("sctp_malformed")
            logger.debug("A peer sent SCTP that aiortc cannot take", exc_info=True)
        if self._is_hoarding():
            self._drops.count("sctp_hoard")
            raise ConnectionError("the peer does not complete its messages")

    def _is_hoarding(self) -> bool:
        streams = self._sctp._inbound_streams
        waiting = sum(len(stream.reassembly) for stream in streams.values())
        late = len(self._sctp._sack_misordered)
        return len(streams) > MOST_STREAMS or max(waiting, late) > MOST_CHUNKS
