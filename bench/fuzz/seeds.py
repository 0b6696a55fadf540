"""Valid traffic of every kind, to be damaged."""

from __future__ import annotations

import random
import struct
from pathlib import Path

from aioice import stun
from google.protobuf.message import Message
from livekit.protocol import models, room, rtc

OFFERS = [
    file.read_bytes().decode()
    for file in sorted((Path(__file__).parents[2] / "tests/sfu/protocol/offers").glob("*.sdp"))
]
METHODS = (
    "ListRooms",
    "ListParticipants",
    "GetParticipant",
    "RemoveParticipant",
    "MutePublishedTrack",
    "UpdateParticipant",
    "UpdateSubscriptions",
    "SendData",
    "UpdateRoomMetadata",
)
TRACKS = [
    rtc.AddTrackRequest(
        cid=cid,
        type=kind,
        source=source,
        width=1280,
        height=720,
        layers=[
            models.VideoLayer(quality=q, width=320 << q, height=180 << q, bitrate=10**5) for q in range(3)
        ],
        simulcast_codecs=[rtc.SimulcastCodec(codec="vp8", cid=cid)],
    )
    for cid, kind, source in (
        ("CAMERA-VIDEO", models.TrackType.VIDEO, models.TrackSource.CAMERA),
        ("MICROPHONE", models.TrackType.AUDIO, models.TrackSource.MICROPHONE),
        ("SCREEN", models.TrackType.VIDEO, models.TrackSource.SCREEN_SHARE),
    )
]


def join_request(dice: random.Random, *, whole: bool = False) -> rtc.JoinRequest:
    """`whole`: one that is let in for sure."""
    return rtc.JoinRequest(
        client_info=models.ClientInfo(sdk=models.ClientInfo.SDK.JS, version="2.23.0", protocol=17),
        connection_settings=rtc.ConnectionSettings(auto_subscribe=dice.random() < 0.8, adaptive_stream=True),
        publisher_offer=rtc.SessionDescription(type="offer", sdp=OFFERS[0], id=1),
        add_track_requests=TRACKS[: dice.randrange(3)],
        participant_attributes={"hand": "up"},
        reconnect=not whole and dice.random() < 0.2,
        participant_sid="" if whole else "PA_someone",
    )


def requests(sids: list[str], dice: random.Random) -> list[rtc.SignalRequest]:
    sid = dice.choice(sids)
    subscription = rtc.UpdateSubscription(track_sids=[sid, "TR_unknown"], subscribe=dice.random() < 0.5)
    permission = rtc.TrackPermission(participant_identity="p1", track_sids=[sid])
    return [
        rtc.SignalRequest(add_track=dice.choice(TRACKS)),
        rtc.SignalRequest(
            offer=rtc.SessionDescription(type="offer", sdp=dice.choice(OFFERS), id=dice.randrange(9))
        ),
        rtc.SignalRequest(answer=rtc.SessionDescription(type="answer", sdp=dice.choice(OFFERS))),
        rtc.SignalRequest(trickle=rtc.TrickleRequest(candidateInit='{"candidate":""}')),
        rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid=sid, muted=dice.random() < 0.5)),
        rtc.SignalRequest(subscription=subscription),
        rtc.SignalRequest(
            track_setting=rtc.UpdateTrackSettings(
                track_sids=[sid],
                disabled=dice.random() < 0.5,
                quality=dice.randrange(4),
                width=640,
                height=360,
            )
        ),
        rtc.SignalRequest(
            subscription_permission=rtc.SubscriptionPermission(
                all_participants=dice.random() < 0.5, track_permissions=[permission]
            )
        ),
        rtc.SignalRequest(
            update_metadata=rtc.UpdateParticipantMetadata(metadata="{}", name="Ada", attributes={"a": "b"})
        ),
        rtc.SignalRequest(update_audio_track=rtc.UpdateLocalAudioTrack(track_sid=sid, features=[0, 1])),
        rtc.SignalRequest(update_video_track=rtc.UpdateLocalVideoTrack(track_sid=sid, width=640, height=360)),
        rtc.SignalRequest(
            sync_state=rtc.SyncState(
                subscription=subscription,
                publish_tracks=[rtc.TrackPublishedResponse(cid="c", track=models.TrackInfo(sid=sid))],
                track_sids_disabled=[sid],
                offer=rtc.SessionDescription(type="offer", sdp=OFFERS[0]),
            )
        ),
        rtc.SignalRequest(ping=dice.getrandbits(62)),
        rtc.SignalRequest(ping_req=rtc.Ping(timestamp=1, rtt=1)),
        rtc.SignalRequest(simulate=rtc.SimulateScenario(speaker_update=3)),
        rtc.SignalRequest(leave=rtc.LeaveRequest()),
    ]


def data_packets(dice: random.Random) -> list[models.DataPacket]:
    return [
        models.DataPacket(
            user=models.UserPacket(payload=dice.randbytes(40), topic="chat", destination_identities=["p1"]),
            destination_identities=["p2"],
            sequence=dice.getrandbits(20),
        ),
        models.DataPacket(chat_message=models.ChatMessage(id="1", message="hello", timestamp=1)),
        models.DataPacket(stream_header=models.DataStream.Header(stream_id="s", topic="t", total_length=9)),
        models.DataPacket(stream_chunk=models.DataStream.Chunk(stream_id="s", content=dice.randbytes(99))),
    ]


def server_requests() -> list[Message]:
    return [
        room.CreateRoomRequest(name="demo.other", max_participants=9),
        room.ListRoomsRequest(names=["demo.fuzz"]),
        room.RoomParticipantIdentity(room="demo.fuzz", identity="p1"),
        room.MuteRoomTrackRequest(room="demo.fuzz", identity="p1", track_sid="TR_x", muted=True),
        room.UpdateParticipantRequest(room="demo.fuzz", identity="p1", metadata="m"),
        room.SendDataRequest(room="demo.fuzz", data=b"x", destination_identities=["p1"]),
        room.UpdateRoomMetadataRequest(room="demo.fuzz", metadata="m"),
    ]


def check(ufrag: str, password: str, dice: random.Random) -> bytes:
    """A signed Binding request."""
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    request.attributes["USERNAME"] = f"{ufrag}:fuzz"
    request.attributes["PRIORITY"] = dice.getrandbits(31)
    request.attributes["ICE-CONTROLLING"] = dice.getrandbits(63)
    request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity(password.encode())
    request.add_fingerprint()
    return bytes(request)


def rtp(dice: random.Random, ssrc: int, payload_type: int) -> bytes:
    """With MID, transport-wide number and level; VP8 with every part of its descriptor, or anything."""
    elements = b"\x40" + b"0" + b"\x51" + dice.randbytes(2) + b"\x10\x8f"
    elements += bytes(-len(elements) % 4)
    head = struct.pack("!BBHII", 0x90, payload_type, dice.getrandbits(16), dice.getrandbits(32), ssrc)
    block = struct.pack("!HH", 0xBEDE, len(elements) // 4) + elements
    vp8 = (
        b"\x90\xf0\x81\x01\x02\x60"
        + dice.choice((b"\x10", b"\x11"))
        + b"\x02\x00\x9d\x01\x2a\x80\x02\x68\x01"
    )
    return head + block + dice.choice((vp8 + dice.randbytes(60), dice.randbytes(80), b""))


def rtcp(dice: random.Random, ssrc: int, about: int) -> bytes:
    """A compound of one to three packets; `about` is an SSRC the engine sends."""
    block = struct.pack("!IIIIII", about, 0x10000001, dice.getrandbits(32), 5, dice.getrandbits(32), 70)
    numbers = dice.getrandbits(16)
    twcc = struct.pack(
        "!IIHHIHH", ssrc, 0, numbers, 9, dice.getrandbits(32), 0xD555, 0x2003
    ) + dice.randbytes(12)
    known = [
        struct.pack("!BBHIQIII", 0x80, 200, 6, ssrc, dice.getrandbits(64), dice.getrandbits(32), 9, 999),
        struct.pack("!BBHI", 0x81, 201, 7, ssrc) + block,
        struct.pack("!BBHIBB6s", 0x81, 202, 3, ssrc, 1, 4, b"name\0\0"),
        struct.pack("!BBHI", 0x81, 203, 1, ssrc),
        struct.pack("!BBHIIHH", 0x81, 205, 3, ssrc, about, numbers, dice.getrandbits(16)),
        struct.pack("!BBH", 0x8F, 205, len(twcc) // 4) + twcc,
        struct.pack("!BBHII", 0x81, 206, 2, ssrc, about),
        struct.pack("!BBHIIIBxxx", 0x84, 206, 4, ssrc, 0, about, dice.getrandbits(8)),
        struct.pack("!BBHII4sBBHI", 0x8F, 206, 5, ssrc, 0, b"REMB", 1, 0xFF, 0xFFFF, about),
        struct.pack("!BBHIBBHII", 0x80, 207, 4, ssrc, 4, 0, 2, 1, 2),
        struct.pack("!BBHI4s", 0x80, 204, 2, ssrc, b"fuzz"),
    ]
    return b"".join(dice.choice(known) for _ in range(dice.choice((1, 1, 2, 3))))
