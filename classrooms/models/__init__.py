"""The rows of courses and classes, a file for each subject."""

from classrooms.models.attendance import AttendanceSegment, AttendanceSegmentQuerySet, AttendanceSignOff
from classrooms.models.calendars import PersonalCalendar, feed_secret
from classrooms.models.chat import ChatMessage, ChatMessageQuerySet, ChatReaction
from classrooms.models.courses import Course, CourseQuerySet, Enrolment
from classrooms.models.deletions import SchoolDeletion
from classrooms.models.guests import GuestLink, GuestLinkQuerySet
from classrooms.models.holidays import Holiday
from classrooms.models.hooks import Webhook, WebhookDelivery, WebhookEvent
from classrooms.models.ids import opaque_id, support_code
from classrooms.models.keys import ApiKey, JoinLink, KeptAnswer
from classrooms.models.live import Participant, ParticipantQuerySet, SessionEvent
from classrooms.models.materials import Material, material_path
from classrooms.models.polls import Poll, PollVote
from classrooms.models.recordings import (
    Recording,
    RecordingCaptions,
    RecordingDownload,
    RecordingMark,
    RecordingQuerySet,
    RecordingTrack,
    RecordingView,
)
from classrooms.models.reports import ConnectionReport, ConnectionReportQuerySet
from classrooms.models.series import Series
from classrooms.models.sessions import ClassSession, ClassSessionQuerySet

__all__ = [
    "ApiKey",
    "AttendanceSegment",
    "AttendanceSegmentQuerySet",
    "AttendanceSignOff",
    "ChatMessage",
    "ChatMessageQuerySet",
    "ChatReaction",
    "ClassSession",
    "ClassSessionQuerySet",
    "ConnectionReport",
    "ConnectionReportQuerySet",
    "Course",
    "CourseQuerySet",
    "Enrolment",
    "GuestLink",
    "GuestLinkQuerySet",
    "Holiday",
    "JoinLink",
    "KeptAnswer",
    "Material",
    "Participant",
    "ParticipantQuerySet",
    "PersonalCalendar",
    "Poll",
    "PollVote",
    "Recording",
    "RecordingCaptions",
    "RecordingDownload",
    "RecordingMark",
    "RecordingQuerySet",
    "RecordingTrack",
    "RecordingView",
    "SchoolDeletion",
    "Series",
    "SessionEvent",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "feed_secret",
    "material_path",
    "opaque_id",
    "support_code",
]
