"""No request's body is taken in beyond what anything here could want.

daphne itself knows no limit, and stores what comes before it asks anybody.
"""

from __future__ import annotations

from daphne import http_protocol
from django.conf import settings

from aula.flow import FlowingChannel
from signaling.media_http import Channel, channel

AROUND = 1_000_000  # bytes of a form around its file


class WebChannel(FlowingChannel, Channel):
    """A browser's connection; answers 413 (RFC 9110, 15.5.14) as soon as a body is known to be too large."""


def limit_bodies() -> None:
    """Of every connection that daphne takes from now on in this process."""
    WebChannel.largest_body = settings.MATERIAL_MOST_BYTES + AROUND
    http_protocol.HTTPFactory.protocol = staticmethod(lambda: channel(WebChannel))
