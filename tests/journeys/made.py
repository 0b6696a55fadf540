"""What cannot be waited for, put into the running Aula's own database: a recording made of small films."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.journeys.aula import ROOT, Aula

COLOURS = {"teacher": "red", "student": "green", "screen": "blue"}
LASTS = 30  # seconds
STEP = 3  # seconds between two small pictures, which grow brighter

ROWS = """
from datetime import timedelta
from pathlib import Path
from django.core.files import File
from django.utils import timezone
from accounts.models import Membership
from classrooms.models import *
from tenants.models import Tenant
from tenants.scope import tenant_scope

films, lasts, step = Path({films!r}), {lasts}, {step}
tenant = Tenant.objects.get(slug="demo")
with tenant_scope(tenant):
    at = timezone.now() - timedelta(hours=1)
    course = Course.objects.get(title="Biology 9b")
    teacher, student = (
        Membership.objects.get(user__email=f"{{who}}@demo.test") for who in ("teacher", "student")
    )
    session = ClassSession.objects.create(
        tenant=tenant, title="Made of films", course=course, teacher=teacher, state="ended",
        starts_at=at, ends_at=at + timedelta(minutes=1), started_at=at, ended_at=at + timedelta(minutes=1),
    )
    recording = Recording.objects.create(
        tenant=tenant, session=session, by=teacher, state="ready",
        started_at=at, changed_at=at, ended_at=at + timedelta(seconds=lasts), storyboard_every=step,
        analysed_at=at,
    )
    with (films / "board.jpg").open("rb") as file:
        recording.storyboard.save("demo/recordings/board.jpg", File(file))
    people = {{
        member: Participant.objects.create(
            tenant=tenant, session=session, membership=member, name=member.name, role=role, joined_at=at
        )
        for member, role in ((teacher, "teacher"), (student, "student"))
    }}
    for number, (who, source, film, begin, end, speech) in enumerate((
        (teacher, "microphone", "teacher.ogg", 0, lasts, [[0.5, 8], [20, 29]]),
        (teacher, "camera", "teacher.webm", 0, lasts, None),
        (student, "microphone", "student.ogg", 0, lasts, [[9, 18]]),
        (student, "camera", "student.webm", 0, lasts, None),
        (teacher, "screen_share", "screen.webm", 22, 28, None),
    )):
        track = RecordingTrack(
            tenant=tenant, recording=recording, participant=people[who], name=who.name, source=source,
            egress_id=f"{{session.public_id}}{{number}}", state="ready", speech=speech,
            started_at=at + timedelta(seconds=begin), ended_at=at + timedelta(seconds=end),
            kind="audio/ogg" if source == "microphone" else "video/webm",
        )
        with (films / film).open("rb") as file:
            track.file.save(f"demo/recordings/{{film}}", File(file))
    RecordingMark.objects.create(
        tenant=tenant, recording=recording, kind="chapter", by=teacher, title="Anaphase",
        at=at + timedelta(seconds=12),
    )
    RecordingMark.objects.create(
        tenant=tenant, recording=recording, kind="lost", by=student, at=at + timedelta(seconds=25)
    )
    print(recording.get_absolute_url())
"""


def ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)


def make_films(folder: Path) -> None:
    codec = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "10")
    for who, colour in COLOURS.items():
        picture = f"color=c={colour}:s=320x180:r=10:d={LASTS}"
        ffmpeg("-f", "lavfi", "-i", picture, *codec, str(folder / f"{who}.webm"))
    for who, pitch in (("teacher", 220), ("student", 440)):
        sound = f"sine=frequency={pitch}:duration={LASTS}"
        ffmpeg("-f", "lavfi", "-i", sound, "-c:a", "libopus", str(folder / f"{who}.ogg"))
    tiles = f"color=c=black:s=160x90:r=1:d={LASTS // STEP},geq=lum='25*N':cb=128:cr=128,tile=10x1"
    ffmpeg("-f", "lavfi", "-i", tiles, "-frames:v", "1", str(folder / "board.jpg"))


def make_recording(aula: Aula, films: Path) -> str:
    """The path of its page."""
    make_films(films)
    return in_shell(aula, ROWS.format(films=str(films), lasts=LASTS, step=STEP))


def in_shell(aula: Aula, code: str) -> str:
    """The last line that `code` prints, with the running Aula's database."""
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "aula.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code],
        cwd=ROOT,
        env={**environment, "VAR_DIR": str(aula.folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return "".join(done.stdout.strip().splitlines()[-1:])
