from __future__ import annotations

import re
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.languages import languages_or_browsers


def known_time_zone(name: str) -> None:
    """Accept IANA names that this machine knows ("Europe/Berlin")."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/Berlin."), params={"name": name}
        )


def origins(text: str) -> None:
    """Accept web origins (RFC 6454), one in a line."""
    for line in text.split():
        if not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?", line):
            raise ValidationError(
                _("“%(line)s” is no origin. Write one in a line, without a path: https://portal.school.org."),
                params={"line": line},
            )


def host_name(host: str) -> None:
    """Accept host names outside the base domain, whose names are the slugs."""
    name = host.lower().rstrip(".")
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*", name):
        raise ValidationError(_("Enter a host name such as class.school.org, without https:// and port."))
    if f".{name}".endswith(f".{settings.BASE_DOMAIN}"):
        raise ValidationError(_("Names under the base domain follow from the slug. Enter another host name."))


class Tenant(models.Model):
    """A school: everything else belongs to one."""

    slug = models.CharField(
        _("slug"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9-]*[a-z0-9]$", _("Small letters, digits and hyphens, a letter first.")
            )
        ],
        help_text=_("The part of the address before the base domain."),
    )
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[known_time_zone])
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=languages_or_browsers,
        help_text=_("Of pages and mail, for whoever chose none for themselves."),
    )
    contact = models.EmailField(
        _("email for questions"),
        blank=True,
        help_text=_("Where people write who were removed from a class; empty: no address is shown."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A suspended school answers nobody; nothing is deleted.")
    )
    direct_calls = models.BooleanField(
        _("direct calls between two"),
        default=True,
        help_text=_(
            "Two people alone in a class send sound and picture straight to each other. That way they "
            "could find out each other's network address; without it all goes through the media server."
        ),
    )
    private_chat = models.BooleanField(
        _("private chat between students"),
        default=True,
        help_text=_("Students may write to each other privately in a class. Teacher and student always may."),
    )
    captions = models.BooleanField(
        _("captions"),
        default=True,
        help_text=_(
            "What is said in a class may be shown as captions, made by the speaker's own browser once they "
            "agreed. Some browsers send the sound to their maker for it."
        ),
    )
    recording_consent = models.BooleanField(
        _("recording only with consent"),
        default=False,
        help_text=_("Nobody but the teacher is recorded before they have agreed to it."),
    )
    recording_downloads = models.BooleanField(
        _("downloads for students"),
        default=False,
        help_text=_("Students too may download recordings as a file, not the teachers alone."),
    )
    guests = models.BooleanField(
        _("guests"),
        default=True,
        help_text=_(
            "Teachers may invite people without an account to a class, by a link. Without it no such "
            "link lets anybody in."
        ),
    )
    guests_wait = models.BooleanField(
        _("waiting room for guests"),
        default=True,
        help_text=_("Guests wait until a teacher lets them in; a course or a class may have it otherwise."),
    )
    recordings_kept_days = models.PositiveIntegerField(
        _("days to keep recordings"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Recordings are deleted so many days after their class; empty: never. Teachers are warned "
            "a week before."
        ),
    )
    storage_most_bytes = models.PositiveBigIntegerField(
        _("storage"),
        null=True,
        blank=True,
        help_text=_("For recordings and materials together; empty: no limit."),
    )
    people_most = models.PositiveIntegerField(
        _("people at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("In all its classes at once; empty: no limit."),
    )
    classes_most = models.PositiveIntegerField(
        _("classes at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit."),
    )
    api_origins = models.TextField(
        _("websites that may use the API"),
        max_length=2000,
        blank=True,
        validators=[origins],
        help_text=_("Websites whose pages may call the API with a key of the school (CORS), one in a line."),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("A colour such as #0f6a73, in small letters."))],
        help_text=_("The school's colour; empty: Aula's."),
    )
    logo = models.FileField(max_length=200, blank=True, editable=False, help_text="Written by logos.py only.")
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False, help_text="px on a page.")
    logo_dark = models.FileField(max_length=200, blank=True, editable=False, help_text="On dark pages.")
    logo_dark_width = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        ordering = ("name",)
        indexes = (models.Index(fields=["name"], name="schools_by_name"),)
        verbose_name = _("school")
        verbose_name_plural = _("schools")

    def __str__(self) -> str:
        return self.name

    @property
    def initial(self) -> str:
        """What stands on the school's mark until it has a logo."""
        return self.name.strip()[:1].upper()

    @property
    def allowed_origins(self) -> list[str]:
        """Whose pages may call the API."""
        return self.api_origins.split()

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Domain(models.Model):
    """A host name of a tenant's own, beside `<slug>.<base domain>`."""

    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="domains", verbose_name=_("school")
    )
    host = models.CharField(
        _("host name"),
        max_length=253,
        unique=True,
        validators=[host_name],
        help_text=_("Without port, in small letters."),
    )

    class Meta:
        verbose_name = _("own domain")
        verbose_name_plural = _("own domains")
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host

    def save(self, *args: object, **kwargs: object) -> None:
        self.host = self.host.lower().rstrip(".")
        super().save(*args, **kwargs)  # type: ignore[arg-type]
