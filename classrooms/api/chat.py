"""What was written in a class."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classrooms.api.doors import Listed, OfClass
from classrooms.api.fields import Id, Moment
from classrooms.api.filters import Filters, MomentFilter
from classrooms.live.messages import reactions_told, with_all
from classrooms.models import ChatMessage, Participant


class ReactionOut(serializers.Serializer[Any]):
    emoji = serializers.CharField()
    count = serializers.IntegerField()


class ChatFileOut(serializers.Serializer[Any]):
    id = Id(source="public_id", help_text="Of a material of the class.")
    name = serializers.CharField()


class ChatMessageOut(serializers.ModelSerializer[ChatMessage]):
    id = serializers.IntegerField(source="number", help_text="In the class.")
    participant = Id(source="by.public_id")
    user = Id(source="by.membership.public_id", allow_null=True, default=None, help_text="Null: a guest.")
    name = serializers.CharField(source="by.name")
    role = serializers.ChoiceField(Participant.Role.choices, source="by.role")
    to = Id(source="to.public_id", allow_null=True, default=None, help_text="Null: everyone.")
    reply_to = serializers.IntegerField(source="reply_to.number", allow_null=True, default=None)
    said_at = Moment()
    edited_at = Moment(allow_null=True)
    files = ChatFileOut(source="materials", many=True)
    reactions = serializers.SerializerMethodField()

    class Meta:
        model = ChatMessage
        fields = (
            *("id", "participant", "user", "name", "role", "text", "to", "reply_to", "said_at", "edited_at"),
            *("files", "reactions"),
        )

    @extend_schema_field(ReactionOut(many=True))
    def get_reactions(self, message: ChatMessage) -> list[dict[str, Any]]:
        told = reactions_told(list(message.reactions.all()), None)
        return [{"emoji": each["emoji"], "count": each["count"]} for each in told]


class ChatFilter(Filters):
    said_after = MomentFilter("said_at", "gte")
    said_before = MomentFilter("said_at", "lt")


class Chat(Listed, OfClass):
    """What the asker may read of a class's chat: to everyone, and their own; nothing that was deleted."""

    scope = "chat"
    serializer_class = ChatMessageOut
    filters = ChatFilter
    sorts = {"id": "number"}
    sort = "id"

    def rows(self) -> QuerySet[ChatMessage]:
        written = ChatMessage.objects.filter(session=self.session(), deleted="")
        return with_all(written.seen_by(self.member))
