"""What a client says when it knocks: its token and its join request, out of the URL or the headers.

Clients with one peer connection pack everything in `join_request`; those with two say the same in single
parameters.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qs

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from signaling.sfu.refusals import BadRequest, TooLarge

LONGEST_QUERY = 64 * 1024  # bytes, undecoded
SDKS = frozenset(models.ClientInfo.SDK.keys())
GZIP = 31  # zlib's window bits for a gzip header


def read_query(query: bytes) -> dict[str, str]:
    """The query's parameters, the first value of each."""
    if len(query) > LONGEST_QUERY:
        raise TooLarge("The address is too long.")
    try:
        values = parse_qs(query.decode("ascii"), max_num_fields=50)
    except ValueError:
        raise BadRequest("The address cannot be read.") from None
    return {name: found[0] for name, found in values.items()}


def read_token(query: Mapping[str, str], authorization: str) -> str:
    """The access token from `access_token=` (browsers) or `Authorization: Bearer` (the rest)."""
    if token := query.get("access_token"):
        return token
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def read_join_request(text: str, most: int) -> rtc.JoinRequest:
    """Decode base64url(WrappedJoinRequest); at most `most` bytes of JoinRequest."""
    try:
        wrapped = rtc.WrappedJoinRequest.FromString(_base64url(text))
        packed = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
            packed = _gunzip(packed, most)
        if len(packed) > most:
            raise TooLarge(f"The join request is larger than {most} bytes.")
        return rtc.JoinRequest.FromString(packed)
    except (DecodeError, binascii.Error, UnicodeEncodeError, zlib.error):
        raise BadRequest("The join request cannot be read.") from None


def read_parameters(query: Mapping[str, str]) -> rtc.JoinRequest:
    """The join request of a client with two peer connections, as it spells it out in the address."""
    sdk = query.get("sdk", "").upper()
    return rtc.JoinRequest(
        client_info=models.ClientInfo(
            sdk=sdk if sdk in SDKS else "UNKNOWN",
            protocol=_whole(query.get("protocol", "")),
            version=query.get("version", ""),
            os=query.get("os", ""),
            browser=query.get("browser", ""),
            browser_version=query.get("browser_version", ""),
        ),
        connection_settings=rtc.ConnectionSettings(
            auto_subscribe=_yes(query.get("auto_subscribe", "1")),
            adaptive_stream=_yes(query.get("adaptive_stream", "")),
        ),
        participant_attributes=_attributes(query.get("attributes", "")),
        reconnect=_yes(query.get("reconnect", "")),
        participant_sid=query.get("sid", ""),
    )


def _yes(text: str) -> bool:
    return text.lower() in ("1", "true", "t")


def _whole(text: str) -> int:
    """0 for what is no number: nothing depends on it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _attributes(text: str) -> dict[str, str]:
    """base64url of a JSON object of texts."""
    if not text:
        return {}
    try:
        found = json.loads(_base64url(text))
    except (ValueError, RecursionError):
        raise BadRequest("The attributes in the address cannot be read.") from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadRequest("The attributes in the address are not texts.")
    return found


def _base64url(text: str) -> bytes:
    bare = text.rstrip("=")
    return base64.b64decode((bare + "=" * (-len(bare) % 4)).encode("ascii"), altchars=b"-_", validate=True)


def _gunzip(packed: bytes, most: int) -> bytes:
    stream = zlib.decompressobj(GZIP)
    unpacked = stream.decompress(packed, most + 1)
    if len(unpacked) <= most and not stream.eof:
        raise zlib.error("the stream is cut off")
    return unpacked
