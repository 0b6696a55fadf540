"""Filters that lists have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from classrooms.api.fields import Moment


class MomentField(forms.CharField):
    """A time as `fields.Moment` takes it."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            at: datetime = Moment().run_validation(text)
        except serializers.ValidationError:
            raise forms.ValidationError(
                _("A time with an offset or a Z, such as 2026-11-25T12:00:00Z."), code="invalid"
            ) from None
        return at


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Of one list."""


class MomentFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = MomentField


class IdFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Something by its id; an unknown one finds nothing."""
