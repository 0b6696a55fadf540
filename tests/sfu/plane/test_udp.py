"""The port: many datagrams in one call, in both directions, and what happens when the kernel says no."""

import asyncio
import errno
import socket

import pytest

from signaling.sfu import udp
from signaling.sfu.drops import Drops
from signaling.sfu.slots import SLOT
from signaling.sfu.udp import UdpPort, bind, endpoint


@pytest.fixture
async def port():
    drops = Drops()
    port = UdpPort(bind("127.0.0.1", 0), drops)
    port.drops = drops
    yield port
    port.close()


@pytest.fixture
def peer():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(1)
    yield sock
    sock.close()


def sockaddr(sock) -> bytes:
    host, number = sock.getsockname()
    return (
        socket.AF_INET.to_bytes(2, "little") + number.to_bytes(2, "big") + socket.inet_aton(host) + bytes(8)
    )


async def test_datagrams_arrive_with_their_length_and_sender(port, peer):
    seen = []
    done = asyncio.Event()

    def take(port, slot, length, at):
        data = bytes(port.inbox.view[slot * SLOT : slot * SLOT + length])
        seen.append((data, endpoint(port.peer(slot))))
        if len(seen) == 200:
            done.set()

    port.open(take, lambda: 5.0)
    for i in range(200):
        peer.sendto(b"x" * (i + 1), port.sock.getsockname())
    async with asyncio.timeout(2):
        await done.wait()
    assert seen == [(b"x" * (i + 1), peer.getsockname()) for i in range(200)]


async def test_a_datagrams_arrival_is_when_it_came_not_when_it_was_read(port, peer):
    arrivals = []
    sent = 10  # Linux stamps arrivals only a little after the first socket asked; until then it stamps reads
    for _ in range(sent):
        peer.sendto(b"x", port.sock.getsockname())
        await asyncio.sleep(0.05)
    done = asyncio.Event()

    def take(port, slot, length, at):
        arrivals.append(at)
        if len(arrivals) == sent:
            done.set()

    port.open(take, lambda: 5.0)
    async with asyncio.timeout(2):
        await done.wait()
    assert arrivals[-1] - arrivals[-2] > 0.04
    assert arrivals[-1] < 4.96  # it had waited


async def test_what_is_sent_in_one_turn_leaves_in_one_call(port, peer, monkeypatch):
    calls = []
    real = udp.libc

    class Counting:
        recvmmsg = real.recvmmsg

        @staticmethod
        def sendmmsg(fd, headers, count, flags):
            calls.append(count)
            return real.sendmmsg(fd, headers, count, flags)

    monkeypatch.setattr(udp, "libc", Counting)
    port.open(lambda *datagram: None, lambda: 0.0)
    for i in range(50):
        port.send(b"%d" % i, sockaddr(peer))
    assert calls == []
    await asyncio.sleep(0)
    assert calls == [50]
    assert [peer.recv(100) for _ in range(50)] == [b"%d" % i for i in range(50)]


FIT = 200  # what a socket's receive buffer holds without being read


class Full:
    """A kernel that takes nothing until told."""

    def __init__(self, error: int) -> None:
        self.open, self.error, self.real = False, error, udp.libc
        self.recvmmsg = udp.libc.recvmmsg

    def sendmmsg(self, fd, headers, count, flags):
        if self.open:
            return self.real.sendmmsg(fd, headers, count, flags)
        udp.ffi.errno = self.error
        return -1


async def test_a_full_kernel_is_waited_for_and_what_does_not_fit_is_counted(port, peer, monkeypatch):
    kernel = Full(errno.EAGAIN)
    monkeypatch.setattr(udp, "libc", kernel)
    monkeypatch.setattr(udp, "OUT_SLOTS", FIT)
    port.open(lambda *datagram: None, lambda: 0.0)
    for i in range(FIT + 10):
        port.send(b"%d" % i, sockaddr(peer))
    assert port.drops == {"send_buffer_full": 10}
    kernel.open = True
    received = await asyncio.to_thread(lambda: [peer.recv(100) for _ in range(FIT)])
    assert received == [b"%d" % i for i in range(FIT)]


async def test_a_destination_the_kernel_refuses_costs_only_its_own_datagram(port, peer):
    port.open(lambda *datagram: None, lambda: 0.0)
    port.send(b"first", sockaddr(peer))
    port.send(b"port zero", sockaddr(peer)[:2] + b"\0\0" + sockaddr(peer)[4:])
    port.send(b"last", sockaddr(peer))
    await asyncio.sleep(0)
    assert [peer.recv(100), peer.recv(100)] == [b"first", b"last"]
    assert port.drops == {"send_refused": 1}


async def test_closing_twice_is_harmless(port):
    port.open(lambda *datagram: None, lambda: 0.0)
    port.close()
    port.close()
    port.send(b"too late", bytes(16))


async def test_the_queue_leaves_before_many_at_once_would_not_fit(port, peer, monkeypatch):
    monkeypatch.setattr(udp, "OUT_SLOTS", 10)
    port.open(lambda *datagram: None, lambda: 0.0)
    for i in range(8):
        port.send(b"%d" % i, sockaddr(peer))
    assert port.reserve(3)
    assert port.tail == 0
    assert [peer.recv(100) for _ in range(8)] == [b"%d" % i for i in range(8)]
    assert not port.reserve(11)
    assert port.drops == {"send_buffer_full": 11}
