"""Captions over one socket: what its person reads, and what becomes of what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classrooms.live import captions
from classrooms.live.announce import captioning, post, readers_of
from classrooms.live.rules import check_inside
from signaling import schema
from signaling.classroom.page import Page
from signaling.room import Place


class Captioning(Page):
    """Asked by its page, and told by the class."""

    def __init__(self) -> None:
        super().__init__()
        self.captions: dict[str, bool] = {}  # whether they are allowed and wanted, as told last
        self.captioning: schema.Captioned = "off"  # what becomes of what this person says
        self.readers = ""  # the group of those who read captions, while this one does

    async def caption(
        self, message: schema.WantCaptions | schema.Caption | schema.Captioning, at: datetime
    ) -> None:
        match message:
            case schema.WantCaptions(wanted=wanted):
                self.pace.check_caption(at)
                await self.want_captions(wanted, at)
            case schema.Caption(final=final):
                if final:
                    self.pace.check_caption(at)
                elif not self.pace.has_room_for_caption(at):
                    return
                said = message.model_dump(exclude={"type"})
                await self.call(captions.caption, seat=self.seat, said=said, at=at)
            case schema.Captioning(state=state):
                check_inside(state=self.room.lobby.session.state, here=self.room.place is Place.INSIDE)
                self.pace.check_caption(at)
                self.captioning = state
                await post([captioning(by=self.own, state=state, group=readers_of(self.group))])

    async def want_captions(self, wanted: bool, at: datetime) -> None:
        """Whoever speaks goes on as soon as they hear of it: by then this socket listens."""
        reads = bool(self.readers)
        await self.read_captions(wanted or reads)
        try:
            await self.call(captions.want, seat=self.seat, wanted=wanted, at=at)
            reads = wanted
        finally:
            await self.read_captions(reads)

    async def read_captions(self, wanted: bool) -> None:
        """Hear what is passed on to those who read captions, or no longer."""
        if wanted and not self.readers:
            self.readers = readers_of(self.group)
            await self.listen_to(self.readers)
        elif self.readers and not wanted:
            group, self.readers = self.readers, ""
            await self.turn_from(group)

    async def tell_captions(self, now: dict[str, bool]) -> None:
        if now != self.captions:
            self.captions = now
            await self.tell(schema.CaptionsChanged(captions=schema.CaptionsNow(**now)))

    async def session_captions(self, message: dict[str, Any]) -> None:
        """Whether captions are wanted; somebody for whom they are new hears from each who speaks what becomes
        of it."""
        if not self.is_open or self.room.place is not Place.INSIDE:
            return
        await self.tell_captions({**self.captions, "wanted": message["wanted"]})
        if message["new"] and self.captioning != "off":
            await post([captioning(by=self.own, state=self.captioning, channel=message["new"])])

    async def session_subtitle(self, message: dict[str, Any]) -> None:
        """One that another will take the place of is left out for a page that hardly follows."""
        said = message["said"]
        if not self.readers or (self.backlog.is_half_full and not said["final"]):
            return
        subtitle = schema.Subtitle.model_validate({"by": message["by"], **said})
        await self.pour(self.room.stream.seq, subtitle.model_dump_json())

    async def session_captioning(self, message: dict[str, Any]) -> None:
        if self.readers:
            await self.tell_inside(schema.CaptioningNow(by=message["by"], state=message["state"]))
