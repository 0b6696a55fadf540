"""How much a client may say of a track it announces: everybody in the room is told it, newcomers too.

Without a bound the tracks of one participant could make the join message of all others too long to be sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from livekit.protocol import rtc

LONGEST = 4 * 1024  # bytes of a whole request; clients take a few hundred
LONGEST_NAME = 256  # characters of a cid, a codec, a rid, a track's name or stream
MOST_LAYERS = 3
MOST_CODECS = 2  # one, and its backup
MOST_FEATURES = 20  # of audio; beyond it they are not passed on


def excess(request: rtc.AddTrackRequest) -> str:
    """What is too much in it, in a sentence; empty when nothing is. Fields newer than us are let go."""
    request.DiscardUnknownFields()
    if len(request.simulcast_codecs) > MOST_CODECS:
        return "The track has too many codecs."
    codecs = request.simulcast_codecs
    if max(len(request.layers), *(len(codec.layers) for codec in codecs), 0) > MOST_LAYERS:
        return "The track has too many layers."
    if max(len(name) for name in _names(request)) > LONGEST_NAME:
        return "The track's name is too long."
    if request.ByteSize() > LONGEST:
        return "What is said of the track is too long."
    return ""


def _names(request: rtc.AddTrackRequest) -> Iterator[str]:
    yield from (request.cid, request.sid, request.name, request.stream)
    yield from (layer.rid for layer in request.layers)
    for codec in request.simulcast_codecs:
        yield from (codec.codec, codec.cid)
        yield from (layer.rid for layer in codec.layers)
