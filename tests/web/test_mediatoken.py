"""The token for an encoder or a display, as an operator makes it."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from livekit.api import TokenVerifier

from classrooms.models import ClassSession
from signaling.sfu.auth import require_join, verify
from signaling.sfu.config import EngineConfig
from tests.conftest import MakeSession


def make(*arguments: str) -> str:
    out = StringIO()
    call_command("mediatoken", *arguments, stdout=out)
    return out.getvalue().strip()


@pytest.mark.parametrize(("purpose", "publishes"), [("publish", True), ("watch", False)])
def test_it_opens_the_class_to_one_device(
    session: ClassSession, settings: Any, purpose: str, publishes: bool
) -> None:
    arguments = (session.public_id, "--tenant", "demo", "--for", purpose, "--name", "Hall 3")
    tokens = [make(*arguments) for _ in range(2)]
    read = TokenVerifier(settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET).verify
    video = read(tokens[0]).video
    assert video is not None
    assert (video.room, video.can_publish, video.can_subscribe) == (
        f"demo.{session.public_id}",
        publishes,
        not publishes,
    )
    assert read(tokens[0]).name == "Hall 3"
    assert read(tokens[0]).identity != read(tokens[1]).identity
    config = EngineConfig(api_keys={settings.MEDIA_API_KEY: settings.MEDIA_API_SECRET})
    require_join(verify(tokens[0], config, time.time()), config)


def test_it_is_refused_for_what_is_not_there_or_over(
    session: ClassSession, make_session: MakeSession, other_tenant: Any
) -> None:
    over = make_session(starts=timedelta(days=-1), state="ended")
    for arguments in (
        (session.public_id, "--tenant", "nobody"),
        (session.public_id, "--tenant", "other"),
        (over.public_id, "--tenant", "demo"),
        ("nothing", "--tenant", "demo"),
        (session.public_id, "--tenant", "demo", "--hours", "1000"),
    ):
        with pytest.raises(CommandError):
            make(*arguments)
