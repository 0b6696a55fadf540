from __future__ import annotations

import zlib
import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.entries import AuditEntry, OperatorEntry
from accounts.names import initials
from tenants.ids import opaque_id
from tenants.languages import languages, spoken
from tenants.models import known_time_zone
from tenants.refusals import Words
from tenants.scope import TenantManager, TenantModel

__all__ = ["AuditEntry", "Membership", "OperatorEntry", "Role", "Theme", "User"]

HUES = 12


def own_languages() -> list[tuple[str, Words]]:
    """Choices of a person's language."""
    return [("", _("The school’s language")), *languages()]


class Theme(models.TextChoices):
    """Of pages and the room; without a choice they are as the device says."""

    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserManager(BaseUserManager["User"]):
    """Users are found by email, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=(username or "").strip())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, once for all tenants; what they may do in a tenant is their Membership."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[known_time_zone],
        help_text=_("Empty: the school's."),
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=own_languages, help_text=_("Empty: the school's.")
    )
    theme = models.CharField(
        _("colours"), max_length=5, blank=True, choices=Theme, help_text=_("Empty: as the device says.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(
        _("operator"), default=False, help_text=_("May use Django admin on the base domain.")
    )
    date_joined = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("name", "email")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_user_per_email"),)

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    TEACHER = "teacher", _("Teacher")
    STUDENT = "student", _("Student")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(is_active=True, user__is_active=True)

    def of(self, user: Any) -> Membership | None:
        """The active membership of `user` in the scope's tenant; None for strangers and the signed-out."""
        if not user.is_authenticated:
            return None
        return self.active().filter(user=user).select_related("user", "tenant").first()

    def visible_to(self, member: Membership) -> MembershipQuerySet:
        """Teachers find everybody of the school, to enrol them; students themselves."""
        return self if member.teaches else self.filter(pk=member.pk)

    def teaching(self) -> MembershipQuerySet:
        return self.active().exclude(role=Role.STUDENT)


class Membership(TenantModel):
    """What a person is in one tenant."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STUDENT)
    is_active = models.BooleanField(_("active"), default=True)
    external_id = models.CharField(
        _("external id"),
        max_length=100,
        blank=True,
        help_text=_("How another system of the school knows this person."),
    )
    signed_out_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Sign-ins from before it are over."
    )
    signed_in_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="At this school, the last time."
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar = TenantManager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("user__name",)
        constraints = (
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_member_per_external_id",
            ),
        )
        indexes = (models.Index(fields=["tenant", "is_active"], name="members_of_a_school"),)

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def name(self) -> str:
        return self.user.name or self.user.email.split("@")[0]

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def hue(self) -> int:
        """Which of twelve hues (0-11) this person's avatar has: the same wherever they appear."""
        return zlib.crc32(f"{self.tenant_id}.{self.pk}".encode()) % HUES

    @property
    def runs_school(self) -> bool:
        """Owners and admins see and change everything of their tenant."""
        return self.role in (Role.OWNER, Role.ADMIN)

    @property
    def teaches(self) -> bool:
        return self.role != Role.STUDENT

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where this person reads times: their own zone, else the school's."""
        return zoneinfo.ZoneInfo(self.user.time_zone or self.tenant.time_zone)

    @property
    def language(self) -> str:
        """What mail to this person is written in: their own language, else the school's."""
        return spoken(self.user.language, self.tenant.language)


class SignIn(models.Model):
    """One session of a person at one host: what they see in their list, and how it is ended."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    host = models.CharField(max_length=253)
    browser = models.CharField(max_length=300, blank=True, help_text=_("As it names itself."))
    place = models.CharField(max_length=43, blank=True, help_text=_("The network it came from, no address."))
    at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ("-seen_at",)
        indexes = (models.Index(fields=["user", "host"], name="sign_ins_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.user} at {self.host}"


class IdentityProvider(TenantModel):
    """Where a school's people sign in with the account they have there (OpenID Connect Core 1.0)."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    secret = models.TextField(editable=False, help_text="Sealed (sealed.py); never shown.")
    welcomes = models.BooleanField(default=False, help_text=_("Who is new to the school becomes a student."))

    class Meta:
        verbose_name = _("sign-in of a school")
        verbose_name_plural = _("sign-ins of schools")
        constraints = (models.UniqueConstraint(fields=["tenant"], name="one_identity_provider_per_tenant"),)

    def __str__(self) -> str:
        return self.name


class Identity(TenantModel):
    """Who somebody at an identity provider is at the school: by tenant, provider, subject, never by email."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="identities")
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link to a school’s sign-in")
        verbose_name_plural = _("links to a school’s sign-in")
        constraints = (
            models.UniqueConstraint(fields=["tenant", "provider", "subject"], name="one_person_per_identity"),
        )

    def __str__(self) -> str:
        return f"{self.membership} by {self.provider}"
