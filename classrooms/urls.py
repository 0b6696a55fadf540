from django.urls import path

from classrooms.views import (
    agenda,
    bin,
    chapters,
    courses,
    downloads,
    live,
    materials,
    readiness,
    recordings,
    schedule,
    watching,
)

urlpatterns = [
    path("", agenda.dashboard, name="dashboard"),
    path("courses/", courses.course_list, name="courses"),
    path("courses/new/", courses.new_course, name="new-course"),
    path("courses/<str:public_id>/", courses.course, name="course"),
    path("courses/<str:public_id>/edit/", courses.edit_course, name="course-edit"),
    path("courses/<str:public_id>/people/", courses.people, name="course-people"),
    path("courses/<str:public_id>/schedule/", schedule.new_session, name="schedule"),
    path("c/<str:public_id>/", live.class_page, name="class"),
    path("c/<str:public_id>/edit/", schedule.edit_session, name="class-edit"),
    path("c/<str:public_id>/cancel/", schedule.cancel, name="class-cancel"),
    path("c/<str:public_id>/trouble/", readiness.trouble, name="trouble"),
    path("c/<str:public_id>/materials/<str:material>/", materials.download, name="material"),
    path("c/<str:public_id>/recordings/now/", recordings.now, name="recording-now"),
    path("c/<str:public_id>/recordings/<str:recording>/", recordings.player, name="recording"),
    path("c/<str:public_id>/recordings/<str:recording>/data/", recordings.data, name="recording-data"),
    path("c/<str:public_id>/recordings/<str:recording>/delete/", bin.delete, name="recording-delete"),
    path("c/<str:public_id>/recordings/<str:recording>/restore/", bin.restore, name="recording-restore"),
    path("c/<str:public_id>/recordings/<str:recording>/seen/", watching.seen, name="recording-seen"),
    path("c/<str:public_id>/recordings/<str:recording>/watched/", watching.viewers, name="recording-watched"),
    path(
        "c/<str:public_id>/recordings/<str:recording>/watched.csv",
        watching.export,
        name="recording-watched-csv",
    ),
    path("c/<str:public_id>/recordings/<str:recording>/chapters/", chapters.add, name="recording-chapters"),
    path(
        "c/<str:public_id>/recordings/<str:recording>/chapters/<str:mark>/",
        chapters.change,
        name="recording-chapter",
    ),
    path(
        "c/<str:public_id>/recordings/<str:recording>/captions/",
        chapters.bring_captions,
        name="recording-captions",
    ),
    path(
        "c/<str:public_id>/recordings/<str:recording>/captions/<str:captions>/",
        chapters.drop_captions,
        name="recording-caption",
    ),
    path(
        "recorded/storyboard/<str:recording>/<str:ticket>/", recordings.storyboard, name="recorded-storyboard"
    ),
    path("recorded/captions/<str:captions>/<str:ticket>/", recordings.captions, name="recorded-captions"),
    path("recorded/<str:track>/<str:ticket>/", recordings.track, name="recorded-track"),
    path("downloads/<str:download>/<str:ticket>/", downloads.fetch, name="recorded-download"),
    path("check/", readiness.check, name="check"),
    path("check/begin/", readiness.begin, name="check-begin"),
    path("check/report/", readiness.report, name="check-report"),
    path("c/<str:public_id>/room/", live.room, name="room"),
]
