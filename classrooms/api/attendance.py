"""Who was in a class, and how long."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from classrooms.api.doors import OfClass
from classrooms.api.fields import Id, Moment
from classrooms.attended.sheet import Row, Sheet, sheet
from classrooms.attended.signing import Signing, signing_told
from classrooms.refusals import NotYourAttendance


class AttendedOut(serializers.Serializer[Any]):
    user = Id()
    name = serializers.CharField()
    external_id = serializers.CharField()
    teaches = serializers.BooleanField()
    enrolled = serializers.BooleanField(help_text="Of the course; visitors of the school are not.")
    came = serializers.BooleanField()
    here = serializers.BooleanField(help_text="In the class now.")
    first_in = Moment(allow_null=True)
    last_out = Moment(allow_null=True)
    seconds = serializers.FloatField(help_text="In the class while it was held.")
    percent = serializers.IntegerField()
    seconds_late = serializers.FloatField()
    seconds_early = serializers.FloatField()
    breaks = serializers.IntegerField()


class SignedOut(serializers.Serializer[Any]):
    at = Moment()
    user = Id(allow_null=True, help_text="Null: is no longer a member of the school.")
    name = serializers.CharField(help_text="As it was then.")
    changed = serializers.BooleanField(help_text="The attendance says something else since.")


class AttendanceOut(serializers.Serializer[Any]):
    began_at = Moment()
    seconds = serializers.FloatField(help_text="How long the class was held.")
    people = AttendedOut(many=True)
    signed_off = SignedOut(allow_null=True, help_text="By who leads the class, once it is over.")


class Attendance(OfClass):
    scope = "attendance"

    @extend_schema(responses=AttendanceOut)
    def get(self, request: Request, public_id: str) -> Response:
        """Everybody of the course, and who else came: all in one answer, for it is one sheet."""
        session = self.session()
        if not session.led_by(self.member):
            raise NotYourAttendance
        return self.tagged(AttendanceOut(told(sheet(session, self.now))).data)


def told(found: Sheet) -> dict[str, Any]:
    rows = [attended(row, enrolled=True) for row in found.rows]
    visitors = [attended(row, enrolled=False) for row in found.visitors]
    return {
        "began_at": found.began_at,
        "seconds": found.length.total_seconds(),
        "people": rows + visitors,
        "signed_off": signature(signing_told(found)),
    }


def signature(signing: Signing) -> dict[str, Any] | None:
    signed = signing["signed"]
    if signed is None:
        return None
    return {
        "at": signed.at,
        "user": signed.by and signed.by.public_id,
        "name": signed.name,
        "changed": signing["changed"],
    }


def attended(row: Row, *, enrolled: bool) -> dict[str, Any]:
    was = row.presence
    return {
        "user": row.member.public_id,
        "name": row.member.name,
        "external_id": row.member.external_id,
        "teaches": row.teaches,
        "enrolled": enrolled,
        "came": was is not None,
        "here": bool(was and was.here),
        "first_in": was and was.first_in,
        "last_out": was and was.last_out,
        "seconds": was.spent.total_seconds() if was else 0,
        "percent": was.percent if was else 0,
        "seconds_late": was.late.total_seconds() if was else 0,
        "seconds_early": was.early.total_seconds() if was else 0,
        "breaks": was.breaks if was else 0,
    }
