from django.urls import URLPattern, path, re_path, register_converter

from classrooms.api import (
    attendance,
    chat,
    courses,
    document,
    downloads,
    joining,
    live,
    materials,
    me,
    memberships,
    nowhere,
    recordings,
    sessions,
    tenants,
    users,
    webhooks,
)
from classrooms.api.converters import OpaqueId

register_converter(OpaqueId, "id")
COURSE = "courses/<id:public_id>/"
SESSION = "sessions/<id:public_id>/"
PERSON = f"{SESSION}participants/<id:participant>/"
RECORDING = f"{SESSION}recordings/<id:recording>/"
FILE = f"{SESSION}materials/<id:material>/"
WEBHOOK = "webhooks/<id:public_id>/"


def one(address: str, view: type, name: str) -> URLPattern:
    return path(address, view.as_view(), name=f"api-{name}")  # type: ignore[attr-defined]


urlpatterns = [
    path("schema/", document.schema, name="api-schema"),
    path("docs/", document.page, name="api-docs"),
    one("me/", me.Me, "me"),
    one("tenants/", tenants.Tenants, "tenants"),
    one("tenants/<slug:slug>/", tenants.TenantOne, "tenant"),
    one("users/", users.Users, "users"),
    one("users/<id:public_id>/", users.User, "user"),
    one("memberships/", memberships.Memberships, "memberships"),
    one("memberships/<id:public_id>/", memberships.MembershipOne, "membership"),
    one("courses/", courses.Courses, "courses"),
    one(COURSE, courses.CourseOne, "course"),
    one(f"{COURSE}enrolments/", courses.Enrolments, "enrolments"),
    one(f"{COURSE}enrolments/<id:user>/", courses.EnrolmentOne, "enrolment"),
    one("sessions/", sessions.Sessions, "sessions"),
    one(SESSION, sessions.SessionOne, "session"),
    one(f"{SESSION}join-links/", joining.JoinLinks, "join-links"),
    one(f"{SESSION}ice-servers/", sessions.IceServers, "ice-servers"),
    one(f"{SESSION}attendance/", attendance.Attendance, "attendance"),
    one(f"{SESSION}chat/", chat.Chat, "chat"),
    one(f"{SESSION}rules/", live.Rules, "rules"),
    one(f"{SESSION}stop/", live.Stop, "stop"),
    one(f"{SESSION}lower-hands/", live.LowerHands, "lower-hands"),
    one(f"{SESSION}record/", live.Record, "record"),
    one(f"{SESSION}end/", live.End, "end"),
    one(f"{SESSION}participants/", live.Participants, "participants"),
    one(PERSON, live.ParticipantOne, "participant"),
    one(f"{PERSON}stop/", live.StopOne, "participant-stop"),
    one(f"{PERSON}ask-to-unmute/", live.AskToUnmute, "participant-ask-to-unmute"),
    one(f"{PERSON}let-speak/", live.LetSpeak, "participant-let-speak"),
    one(f"{PERSON}lower-hand/", live.LowerHand, "participant-lower-hand"),
    one(f"{PERSON}remove/", live.Remove, "participant-remove"),
    one(f"{PERSON}admit/", live.Admit, "participant-admit"),
    one(f"{PERSON}appoint/", live.Appoint, "participant-appoint"),
    one(f"{PERSON}hand-lead/", live.HandLead, "participant-hand-lead"),
    one(f"{SESSION}materials/", materials.Materials, "materials"),
    one(FILE, materials.MaterialDetail, "material"),
    one(f"{FILE}file/", materials.MaterialFile, "material-file"),
    one("recordings/", recordings.Recordings, "recordings"),
    one(RECORDING, recordings.RecordingOne, "recording"),
    one(f"{RECORDING}restore/", recordings.Restore, "recording-restore"),
    one(f"{RECORDING}so-far/", recordings.SoFar, "so-far"),
    one(f"{RECORDING}downloads/", downloads.Downloads, "downloads"),
    one(f"{RECORDING}downloads/<slug:kind>/", downloads.Download, "download"),
    one(f"{RECORDING}downloads/<slug:kind>/file/", downloads.DownloadFile, "download-file"),
    one("webhooks/", webhooks.Webhooks, "webhooks"),
    one(WEBHOOK, webhooks.WebhookOne, "webhook"),
    one(f"{WEBHOOK}secret/", webhooks.RenewSecret, "webhook-secret"),
    one(f"{WEBHOOK}test/", webhooks.SendTest, "webhook-test"),
    one(f"{WEBHOOK}deliveries/", webhooks.Deliveries, "deliveries"),
    one(f"{WEBHOOK}deliveries/<id:event>/replay/", webhooks.Replay, "delivery-replay"),
    re_path("", nowhere.Nowhere.as_view(), name="api-nowhere"),
]
