"""What a socket has begun in the database, when the socket itself is gone before it is done."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from classrooms.live import actions
from classrooms.live.seats import Seat
from classrooms.models import Participant
from signaling.database import finish, in_tenant
from tests.socket.conftest import PATIENCE, rows


async def test_what_is_under_way_when_its_socket_is_cancelled_is_told_all_the_same(
    inside, teacher, student, live, clock
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    own = await rows(live, lambda: Participant.objects.get(public_id=listening.id))
    begun, goes_on = threading.Event(), threading.Event()

    def raise_hand_slowly() -> Any:
        begun.set()
        assert goes_on.wait(PATIENCE)
        actions.raise_hand(seat=Seat(live.pk, own.membership_id, own.connection), at=clock())

    asking = asyncio.create_task(in_tenant(live.tenant, raise_hand_slowly))
    await asyncio.to_thread(begun.wait, PATIENCE)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    goes_on.set()
    await finish()
    assert (await leading.get("hand_raised"))["participant"] == listening.id
