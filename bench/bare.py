"""The least that Channels does to bring a message to a group: what `bench chat` is held against."""

from __future__ import annotations

import django

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402

GROUP = "everybody"


class Bare(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def receive(self, text_data: str = "", bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(GROUP, {"type": "said", "text": text_data})

    async def said(self, event: dict[str, str]) -> None:
        await self.send(event["text"])

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)


application = ProtocolTypeRouter({"websocket": Bare.as_asgi()})
