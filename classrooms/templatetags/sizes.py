"""Sizes of files on pages."""

from __future__ import annotations

from django import template

from classrooms.sizes import size_words

register = template.Library()
register.filter("size", size_words)
