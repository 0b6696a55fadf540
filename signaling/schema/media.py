"""The way to the media server, and its absences."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from signaling.schema.base import Count, Message


class Media(Message):
    """Where and with what to connect to the media server. The token is good for ten minutes."""

    url: str
    token: str


class ShareScreen(Message):
    """Take the screen before you publish one, or give it back (`on` false). Teachers need not have it; of all
    others one at a time does, until they give it back, leave, or a teacher stops it. Answered by
    `screen_granted`."""

    type: Literal["share_screen"]
    on: bool


class ScreenGranted(Message):
    """As you asked: with this token, and the rights that you have at the media server by now, you may
    publish a screen, or (after `on` false) no longer."""

    type: Literal["screen_granted"] = "screen_granted"
    on: bool
    media: Media


class IceServer(Message):
    """As RTCPeerConnection takes it; relays have a name and a credential."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class MediaToken(Message):
    """A fresh token, sent before the last one expires and when your rights have changed: for the next
    connection to the media server."""

    type: Literal["media_token"] = "media_token"
    media: Media


class IceServers(Message):
    """Ways to the media server for those who do not reach it directly, in the order to try them: before
    `joined` and `resumed`, and anew when half their time is over; empty when there are none any more. For the
    next connection: one that is up stays up. The credentials last until `expires_at`.
    `call_servers` are for a direct connection beside the one to the media server."""

    type: Literal["ice_servers"] = "ice_servers"
    servers: list[IceServer]
    call_servers: list[IceServer]
    expires_at: datetime


class MediaLeaving(Message):
    """The media server restarts in about `seconds`: sound and video then pause for a moment and come back by
    themselves."""

    type: Literal["media_leaving"] = "media_leaving"
    seconds: Count


class MediaLost(Message):
    """The media server is gone or out of sight. What still flows goes on, and so does all else. Whose own
    connection to it is cut does not try before `media_back`."""

    type: Literal["media_lost"] = "media_lost"


class MediaBack(Message):
    """The media server is there again. `restarted`: it knows nobody, all connect anew with the last token;
    otherwise only those whose connection was cut do. At some moment of the next `spread` milliseconds, so
    that a large class does not come back all at once."""

    type: Literal["media_back"] = "media_back"
    restarted: bool
    spread: Count
