"""What every operation of the API has: a pace, strict query parameters, ETags. Views reach, act, answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership
from accounts.requests import MemberRequest
from classrooms.api import pace
from classrooms.api.etags import check_match, is_known, tag_of
from classrooms.api.once import asker_of
from classrooms.api.paging import Pages
from classrooms.live.seats import Outside
from classrooms.models import ClassSession

PAGING = {"cursor", "page_size", "ordering"}


class Door(GenericAPIView[Any]):
    """One address. `scope` is the area of keys that may come through; "" for any key, None for none."""

    scope: ClassVar[str | None] = None
    takes: ClassVar[frozenset[str]] = frozenset()  # query parameters besides filters and paging
    filter_backends: Any = ()
    pagination_class: Any = None
    pace: pace.Pace | None = None

    @property
    def asked(self) -> MemberRequest:
        """What the middleware, or the key, has made of the request."""
        return cast(MemberRequest, self.request._request)

    @property
    def member(self) -> Membership:
        """Who asks, or for whom the key acts."""
        return self.asked.membership

    @property
    def now(self) -> datetime:
        return self.asked.now

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who it is, how often they came, whether they may, whether the address holds nothing unknown."""
        at = self.now
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(
            request, force=True
        )
        try:
            self.perform_authentication(request)
        except Exception:
            self.keep_pace(stranger(request), at, known=False)
            raise
        if getattr(self.asked, "membership", None) is not None:
            self.keep_pace(f"{self.asked.tenant.pk}-{asker_of(request)}", at, known=True)
        elif request.user and request.user.is_authenticated:
            self.keep_pace(f"operator-{request.user.pk}", at, known=True)
        else:
            self.keep_pace(stranger(request), at, known=False)
        self.check_permissions(request)
        self.check_parameters(request)

    def keep_pace(self, asker: str, at: datetime, *, known: bool) -> None:
        """Raises TooFast."""
        self.pace = pace.count(asker, at, known=known)
        pace.check(self.pace, at)

    def check_parameters(self, request: Request) -> None:
        """A misspelt filter would answer with everything. Raises ValidationError."""
        known = set(self.takes)
        if request.method == "GET" and isinstance(self, ListModelMixin):
            known |= PAGING | set(getattr(self.filters, "base_filters", {}))
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError({name: [_("There is no such parameter here.")] for name in unknown})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.pace.headers if self.pace else {}).items():
            answer.headers[name] = value
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer

    filters: ClassVar[Any] = None

    def found(self, rows: QuerySet[Any], **which: Any) -> Any:
        """The row, or 404: for an unknown one, another school's, and one that the asker may not see."""
        for row in rows.order_by().filter(**which)[:1]:
            return row
        raise Http404

    def tagged(self, told: Any, status: int = 200, **headers: str) -> Response:
        """With its ETag; 304 without a body for whoever has it as it is."""
        tag = tag_of(told)
        if self.request.method == "GET" and is_known(self.request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(told, status=status, headers={"ETag": tag, **headers})

    @contextmanager
    def changing(self, rows: QuerySet[Any], **which: Any) -> Iterator[Any]:
        """The row, locked, if it is still as If-Match says. Raises Http404, Changed."""
        with transaction.atomic():
            row = self.found(rows.select_for_update(of=("self",)), **which)
            check_match(self.request, tag_of(self.told(row)))
            yield row

    def get_serializer_context(self) -> dict[str, Any]:
        return {"request": self.request, "view": self}

    def told(self, row: Any) -> Any:
        """As it is answered."""
        return self.get_serializer_class()(row, context=self.get_serializer_context()).data

    def sent(self, shape: type[Any], *, partly: bool = False) -> dict[str, Any]:
        """What the request holds, if it fits. Raises ValidationError."""
        form = shape(data=self.request.data, partial=partly, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        checked: dict[str, Any] = form.validated_data
        return checked


class Listed(ListModelMixin, Door):
    """A list in pages, filtered and sorted."""

    pagination_class = Pages
    filter_backends = (DjangoFilterBackend,)
    sorts: ClassVar[dict[str, str]]
    sort: ClassVar[str]

    @property
    def filterset_class(self) -> Any:
        return self.filters

    def rows(self) -> QuerySet[Any]:
        """What the asker may see."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            shape: Any = self.get_serializer_class()
            none: QuerySet[Any] = shape.Meta.model._base_manager.none()
            return none
        return self.rows()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class OfClass(Door):
    """Something of one class, whose id is in the address."""

    def classes(self) -> QuerySet[ClassSession]:
        """Those that the asker may see."""
        visible: QuerySet[ClassSession] = ClassSession.objects.visible_to(self.member)
        return visible.select_related("tenant", "course", "teacher__user", "series")

    def session(self) -> ClassSession:
        """The class, or 404 as `found` says."""
        session: ClassSession = self.found(self.classes(), public_id=self.kwargs["public_id"])
        return session

    def seat(self) -> Outside:
        """From where a class is led over the API."""
        return Outside(self.session().pk, self.member.pk, "")


def stranger(request: Request) -> str:
    return f"address-{request.META.get('REMOTE_ADDR', '')}"
