"""Heads of tables that sort: buttons of a form called "sort", which asks the page for another order."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from aula.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def sort_head(name: str, words: str, order: Any, extra: str = "") -> SafeString:
    """One head; pressed again it turns the order round. `order` has a `name`, whether it `falls`, and whether
    it was `asked` for: then the page has just been sorted, and the focus stays on what sorted it."""
    sorted_by = order.name == name
    state = ("descending" if order.falls else "ascending") if sorted_by else "none"
    next_order = f"-{name}" if sorted_by and not order.falls else name
    return format_html(
        '<th scope="col" aria-sort="{}" class="{}"><button class="sort" form="sort" name="sort" value="{}"{}>'
        "{}{}</button></th>",
        state,
        extra,
        next_order,
        mark_safe(" autofocus") if sorted_by and order.asked else "",
        words,
        icon("chevron-down" if order.falls else "chevron-up") if sorted_by else "",
    )
