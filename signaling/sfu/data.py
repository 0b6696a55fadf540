"""Data packets from one participant to the others, over the data channels.

A packet leaves with the identity of whoever sent it, whatever it claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from livekit.protocol import models

from signaling.sfu.allowance import Allowance

if TYPE_CHECKING:
    from aiortc import RTCDataChannel

    from signaling.sfu.participant import Participant
    from signaling.sfu.room import Room

Kind = models.DataPacket.Kind
LABELS = {"_reliable": Kind.RELIABLE, "_lossy": Kind.LOSSY}
MOST_RECIPIENTS = 1000


class Channels:
    """The data channels of one participant."""

    def __init__(self, owner: Participant) -> None:
        limits = owner.room.config.limits
        self._owner = owner
        self._limits = limits
        self._open: dict[models.DataPacket.Kind, RTCDataChannel] = {}
        self._allowance = Allowance(limits.data_rate, 2 * limits.data_rate, owner.room.clock.now())
        self._flow = Allowance(limits.data_flow, 4 * limits.data_flow, owner.room.clock.now())
        self._crowd = Allowance(limits.data_crowd, 4 * limits.data_crowd, owner.room.clock.now())
        self.last_sequence = 0  # of the reliable packets, for ReconnectResponse

    def hear(self, channel: RTCDataChannel) -> None:
        """The client opened it. Other labels are left alone: nothing of this engine listens to them."""
        kind = LABELS.get(channel.label)
        if kind is not None:
            channel.on("message", lambda message: self._receive(kind, message))

    def speak(self, channel: RTCDataChannel) -> None:
        """What is for the client goes down this one."""
        kind = LABELS.get(channel.label)
        if kind is not None:
            self._open[kind] = channel

    def _receive(self, kind: models.DataPacket.Kind, message: bytes | str) -> None:
        room = self._owner.room
        if not isinstance(message, bytes) or len(message) > self._limits.data_packet:
            return room.count("data_size")
        now = room.clock.now()
        if not (self._allowance.take(now) and self._flow.take(now, len(message))):
            return room.count("data_rate")
        if self._owner.gone or not self._owner.permission.can_publish_data:
            return room.count("data_not_allowed")
        try:
            packet = models.DataPacket.FromString(message)
        except DecodeError:
            return room.count("data_malformed")
        if kind == Kind.RELIABLE and 0 < packet.sequence <= self.last_sequence:
            return None  # sent again after a resume, and already passed on
        return self._pass_on(kind, packet, now)

    def _pass_on(self, kind: models.DataPacket.Kind, packet: models.DataPacket, now: float) -> None:
        """A packet to a crowd costs its sender as much as one to each."""
        room = self._owner.room
        stamp(packet, kind, self._owner)
        data, others = packet.SerializeToString(), audience(room, packet, self._owner)
        if not self._crowd.take(now, len(data) * len(others)):
            return room.count("data_crowd")
        if kind == Kind.RELIABLE and packet.sequence:
            self.last_sequence = packet.sequence
        for other in others:
            other.channels.deliver(kind, data)
        return None

    def deliver(self, kind: models.DataPacket.Kind, data: bytes) -> None:
        """Send `data` down, within what this participant lets wait (aiortc queues without a limit)."""
        channel = self._open.get(kind)
        if channel is None or channel.readyState != "open":
            return self._owner.room.count("data_no_channel")
        waiting = channel.bufferedAmount + len(data)
        if kind == Kind.LOSSY and waiting > self._limits.lossy_buffered:
            return self._owner.room.count("data_lossy_full")
        if waiting > self._limits.reliable_buffered:
            return self._owner.room.too_slow(self._owner)
        return channel.send(data)

    def close(self) -> None:
        self._open.clear()


def relay(room: Room, packet: models.DataPacket, kind: models.DataPacket.Kind) -> None:
    """From the server, to everybody it is for."""
    data = packet.SerializeToString()
    for other in audience(room, packet):
        other.channels.deliver(kind, data)


def audience(room: Room, packet: models.DataPacket, sender: Participant | None = None) -> list[Participant]:
    """Everybody it is for, but not the sender."""
    sids, identities = recipients(packet)
    everybody = not (sids or identities)
    return [
        other
        for other in room.participants.values()
        if other is not sender
        and other.active
        and (everybody or other.sid in sids or other.identity in identities)
    ]


def stamp(packet: models.DataPacket, kind: models.DataPacket.Kind, sender: Participant) -> None:
    """Overwrite everything that says who sent it."""
    packet.kind = kind
    packet.participant_identity, packet.participant_sid = sender.identity, sender.sid
    if packet.WhichOneof("value") == "user":
        packet.user.participant_identity, packet.user.participant_sid = sender.identity, sender.sid


def recipients(packet: models.DataPacket) -> tuple[frozenset[str], frozenset[str]]:
    """Sids and identities the packet is for; both empty means everybody."""
    user = packet.user if packet.WhichOneof("value") == "user" else models.UserPacket()
    sids = list(user.destination_sids)[:MOST_RECIPIENTS]
    identities = [*packet.destination_identities, *user.destination_identities][:MOST_RECIPIENTS]
    return frozenset(sids), frozenset(identities)
