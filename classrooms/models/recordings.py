"""What is kept of a class."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.ids import opaque_id
from classrooms.models.live import Participant
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class RecordingQuerySet(models.QuerySet["Recording"]):
    def there(self) -> RecordingQuerySet:
        """All but those in the bin."""
        return self.filter(deleted_at=None)


class Recording(TenantModel):
    """What is kept of one class, from the teacher's Record to the end; its tracks hold sound and pictures."""

    class State(models.TextChoices):
        ON = "on", _("Recording")
        PAUSED = "paused", _("Paused")
        FINISHING = "finishing", _("Being finished")
        READY = "ready", _("Ready")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="recordings")
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ON)
    started_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(help_text="Since when it is on, paused or over.")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    storyboard = models.FileField(max_length=200, blank=True, help_text="Small pictures in one JPEG.")
    storyboard_every = models.FloatField(default=0, help_text="Seconds from one small picture to the next.")
    analysed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was found out who speaks when, and the storyboard was made."
    )
    warned_at = models.DateTimeField(
        null=True, blank=True, help_text="When the teacher was told that it will be deleted."
    )
    deleted_at = models.DateTimeField(
        _("deleted"), null=True, blank=True, help_text="In the bin since then; gone for good after BIN_KEEPS."
    )

    RUNNING = (State.ON, State.PAUSED)
    BIN_KEEPS = timedelta(days=7)

    objects: ClassVar = TenantManager.from_queryset(RecordingQuerySet)()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ("started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(ended_at=None), name="one_running_recording"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("recording", args=[self.session.public_id, self.public_id])

    @property
    def gone_at(self) -> datetime | None:
        """When it leaves the bin for good; None for one that is not there."""
        return self.deleted_at and self.deleted_at + self.BIN_KEEPS

    def end_tracks(self, at: datetime, of: Participant | None = None) -> None:
        """Nothing after `at` is kept of what is being written, of one person or of all."""
        writing = self.tracks.filter(state=RecordingTrack.State.WRITING, written="", until=None)
        (writing if of is None else writing.filter(participant=of)).update(until=at)

    def settle(self) -> bool:
        """It is ready as soon as it is over and nothing of it is being written any more; whether it became so
        just now."""
        writing = self.tracks.filter(state=RecordingTrack.State.WRITING)
        if not self.ended_at or writing.exists():
            return False
        over = Recording.objects.filter(pk=self.pk, state=Recording.State.FINISHING)
        return over.update(state=Recording.State.READY) == 1


class RecordingTrack(TenantModel):
    """One person's sound, camera or screen, without a break. A pause, a new connection: another track."""

    class State(models.TextChoices):
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready")
        EMPTY = "empty", _("Nothing came")
        FAILED = "failed", _("Failed")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="tracks")
    participant = models.ForeignKey(
        Participant, on_delete=models.SET_NULL, null=True, related_name="recorded_tracks"
    )
    name = models.CharField(max_length=80, help_text="Whose it is, as they were called.")
    source = models.CharField(max_length=24, help_text="camera, microphone, screen_share, screen_share_audio")
    track_sid = models.CharField(max_length=64, help_text="The media server's name for it.")
    egress_id = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    error = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, help_text="When its first packet was captured.")
    ended_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(
        null=True, blank=True, help_text="Paused, stopped or refused then: nothing after it is kept."
    )
    kind = models.CharField(max_length=127, blank=True, help_text="Media type of the file.")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    written = models.CharField(max_length=300, blank=True, help_text="Where the media server left the file.")
    file = models.FileField(max_length=200, blank=True)
    so_far = models.FileField(max_length=200, blank=True, help_text="What there is, while it is written.")
    so_far_until = models.DateTimeField(null=True, blank=True, help_text="Up to when that goes.")
    speech = models.JSONField(
        null=True, blank=True, help_text="Seconds of the track in which somebody speaks: [[from, to], …]."
    )

    class Meta:
        verbose_name = _("sound or picture of a recording")
        verbose_name_plural = _("sounds and pictures of recordings")
        ordering = ("started_at", "pk")

    def __str__(self) -> str:
        return f"{self.source} of {self.name}"


class RecordingMark(TenantModel):
    """A moment somebody marked while it was recorded: the teacher for all, a student as "lost here"."""

    class Kind(models.TextChoices):
        CHAPTER = "chapter", _("Chapter")
        LOST = "lost", _("Lost here")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    title = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("chapter or note of a recording")
        verbose_name_plural = _("chapters and notes of recordings")
        ordering = ("at",)

    def __str__(self) -> str:
        return self.title or self.get_kind_display()


class RecordingCaptions(TenantModel):
    """What is said, in one language, in the time of its viewer (recorded/timeline.py)."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=12, help_text="BCP 47: de, pt-BR.")
    text = models.TextField(help_text="WebVTT.")
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("captions of a recording")
        verbose_name_plural = _("captions of recordings")
        ordering = ("language",)
        constraints = (
            models.UniqueConstraint(fields=["recording", "language"], name="one_captions_per_language"),
        )

    def __str__(self) -> str:
        return self.language


class RecordingDownload(TenantModel):
    """A recording as one file, made when somebody asks for it."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Sound only")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="downloads")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True, help_text="Of the attempt that runs.")
    beat_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of who makes it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.FloatField(default=0, help_text="Part that is made, 0 to 1.")
    error = models.CharField(max_length=200, blank=True)
    file = models.FileField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("download of a recording")
        verbose_name_plural = _("downloads of recordings")
        ordering = ("asked_at",)
        constraints = (models.UniqueConstraint(fields=["recording", "kind"], name="one_download_per_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.recording}"


class RecordingView(TenantModel):
    """What one person has watched of a recording."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="views")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen = models.JSONField(
        default=list, help_text="In the time of its viewer, without overlaps: [[from, to], …]."
    )

    class Meta:
        verbose_name = _("watching of a recording")
        verbose_name_plural = _("watchings of recordings")
        ordering = ("-last_at",)
        constraints = (
            models.UniqueConstraint(fields=["recording", "membership"], name="one_view_per_member"),
        )

    def __str__(self) -> str:
        return f"{self.membership.name} watching {self.recording}"
