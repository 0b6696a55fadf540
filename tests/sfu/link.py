"""A bad line between a client and the engine: a UDP proxy whose delay, loss, rate and address change live.

`Link` runs on a loop; `running_link` runs one on a thread of its own, for tests that drive a browser. A page
goes through it when `through(link)` is its init script: the engine's candidates are then rewritten to the
link's port, and every other way (TCP, IPv6) is taken out of the answers; from an answer without UDP nothing.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LARGEST = 2048
MOST_FLOWS = 64
BUFFER = 1 << 20  # octets the kernel may hold for us


@dataclass
class Way:
    """One direction. Set any field at any time; it holds for the packets that come from then on.

    `delay` and `jitter` in seconds (jitter keeps the order unless `reorder`), `loss` 0..1, `rate` in bit/s of
    UDP payload (None: unlimited), `queue` in seconds a packet may wait for the rate before it is dropped,
    `dark` drops everything.
    """

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    rate: float | None = None
    queue: float = 0.3
    dark: bool = False
    reorder: bool = False
    passed: int = 0
    lost: int = 0  # by loss or darkness
    overflowed: int = 0  # by the queue
    _free_at: float = 0.0
    _latest: float = 0.0
    _dice: random.Random = field(default_factory=lambda: random.Random(7))

    def due(self, size: int, now: float) -> float | None:
        """When a packet of `size` octets that enters now comes out; None when it does not."""
        if self.dark or (self.loss and self._dice.random() < self.loss):
            self.lost += 1
            return None
        out = now
        if self.rate is not None:
            start = max(now, self._free_at)
            if start - now > self.queue:
                self.overflowed += 1
                return None
            out = self._free_at = start + size * 8 / self.rate
        out += self.delay + (self._dice.random() * self.jitter if self.jitter else 0.0)
        if not self.reorder:
            out = self._latest = max(out, self._latest)
        self.passed += 1
        return out


class Post:
    """Hands packets over when they are due: one timer, whatever the number of packets."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: list[tuple[float, int, Callable[[bytes], None], bytes]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def at(self, due: float, deliver: Callable[[bytes], None], data: bytes) -> None:
        if due <= self._loop.time() and not self._waiting:
            deliver(data)
            return
        heapq.heappush(self._waiting, (due, next(self._numbers), deliver, data))
        if self._waiting[0][0] == due:
            self._arm()

    def close(self) -> None:
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._waiting[0][0], self._deliver) if self._waiting else None

    def _deliver(self) -> None:
        now = self._loop.time() + 0.0005  # the loop's own grain
        while self._waiting and self._waiting[0][0] <= now:
            _, _, deliver, data = heapq.heappop(self._waiting)
            deliver(data)
        self._arm()


class Flow:
    """One client address, and the socket that stands for it at the engine."""

    def __init__(self, link: Link, client: tuple[str, int]) -> None:
        self.link, self.client = link, client
        self.used_at = link.loop.time()
        self._open("")

    def move(self, host: str) -> None:
        """From now on this client comes from another port, and from `host` when that is given."""
        self._close()
        self._open(host)

    def up(self, data: bytes) -> None:
        try:
            self._socket.send(data)
        except OSError:
            self.link.up.lost += 1

    def close(self) -> None:
        self._close()

    def _open(self, host: str) -> None:
        self._socket = bound(host or self.link.host)
        self._socket.connect(self.link.engine)
        self.link.loop.add_reader(self._socket, self._readable, self._socket)

    def _close(self) -> None:
        self.link.loop.remove_reader(self._socket)
        self._socket.close()

    def _readable(self, sock: socket.socket) -> None:
        for data, _ in read(sock):
            self.link.downwards(self, data)


class Link:
    """`up` is from the clients to the engine, `down` from the engine to the clients. Close it."""

    def __init__(self, engine: tuple[str, int], *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.engine, self.host = engine, host
        self.up, self.down = Way(), Way()
        self.flows: dict[tuple[str, int], Flow] = {}
        self._socket = bound(host, port)
        self.port = int(self._socket.getsockname()[1])

    async def open(self) -> Link:
        self.loop = asyncio.get_running_loop()
        self._post = Post(self.loop)
        self.loop.add_reader(self._socket, self._readable)
        return self

    def move(self, host: str = "") -> None:
        """Every client changes its address; what the engine still sends to the old one is lost."""
        self.loop.call_soon_threadsafe(lambda: [flow.move(host) for flow in self.flows.values()])

    def darken(self, dark: bool = True) -> None:
        """A blackout of both ways, or its end."""
        self.up.dark = self.down.dark = dark

    def close(self) -> None:
        self.loop.remove_reader(self._socket)
        for flow in self.flows.values():
            flow.close()
        self.flows.clear()
        self._post.close()
        self._socket.close()

    def downwards(self, flow: Flow, data: bytes) -> None:
        due = self.down.due(len(data), self.loop.time())
        if due is not None:
            self._post.at(due, lambda packet: self._send(packet, flow.client), data)

    def _readable(self) -> None:
        for data, client in read(self._socket):
            flow = self.flows.get(client) or self._welcome(client)
            flow.used_at = now = self.loop.time()
            due = self.up.due(len(data), now)
            if due is not None:
                self._post.at(due, flow.up, data)

    def _welcome(self, client: tuple[str, int]) -> Flow:
        if len(self.flows) >= MOST_FLOWS:
            oldest = min(self.flows.values(), key=lambda flow: flow.used_at)
            self.flows.pop(oldest.client).close()
        self.flows[client] = flow = Flow(self, client)
        return flow

    def _send(self, data: bytes, client: tuple[str, int]) -> None:
        try:
            self._socket.sendto(data, client)
        except OSError:
            self.down.lost += 1


def bound(host: str, port: int = 0) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        sock.setsockopt(socket.SOL_SOCKET, option, BUFFER)
    sock.bind((host, port))
    return sock


def read(sock: socket.socket, most: int = 64) -> Iterator[tuple[bytes, tuple[str, int]]]:
    """What waits in the socket."""
    for _ in range(most):
        try:
            yield sock.recvfrom(LARGEST)
        except (BlockingIOError, ConnectionError):
            return
        except OSError:  # closed meanwhile
            return


@contextmanager
def running_link(engine: tuple[str, int], **options: object) -> Iterator[Link]:
    """A link on a thread of its own; its ways may be set from here, `move` called from here."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    link = Link(engine, **options)  # type: ignore[arg-type]
    asyncio.run_coroutine_threadsafe(link.open(), loop).result(5)
    try:
        yield link
    finally:
        loop.call_soon_threadsafe(link.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def through(link: Link) -> str:
    """The init script of a page whose media goes through `link` and no other way."""
    return THROUGH.replace("PORT", str(link.port)).replace("HOST", link.host)


THROUGH = """
(() => {
  const bend = (sdp) => sdp.split(/\\r\\n/).flatMap((line) => {
    if (!line.startsWith("a=candidate:")) return [line];
    const parts = line.split(" ");
    if (parts[2].toLowerCase() !== "udp" || parts[4].includes(":")) return [];
    parts[4] = "HOST";
    parts[5] = "PORT";
    return [parts.join(" ")];
  }).join("\\r\\n");
  const native = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    const { type, sdp } = description;
    return native.call(this, { type, sdp: / udp /i.test(sdp) ? bend(sdp) : sdp });
  };
  const add = RTCPeerConnection.prototype.addIceCandidate;
  RTCPeerConnection.prototype.addIceCandidate = function (candidate) {
    const text = candidate?.candidate ?? "";
    if (!text) return add.call(this, candidate);
    const [bent] = bend("a=" + text).split("\\r\\n");
    if (!bent) return Promise.resolve();
    return add.call(this, { ...(candidate.toJSON?.() ?? candidate), candidate: bent.slice(2) });
  };
})();
"""
