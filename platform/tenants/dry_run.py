"""What would go with rows that are deleted, told without reading it.

Django's admin reads every row and asks once for each kind of row that points to another. Here the kinds are
walked, and one query counts what there is of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any, cast

from django.db.models import CASCADE, PROTECT, RESTRICT, ForeignKey, Model, Q, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete

from tenants.at_once import counts

Kind = type[Model]
Rows = QuerySet[Any, Any]
MOST_NAMED = 10  # of what stands in the way


@dataclass
class DryRun:
    """`goes`: how many rows of each kind, what is deleted first; `stays`: rows that must not lose what is
    deleted, the first of them, and how many there are of their kinds."""

    goes: dict[Kind, int]
    stays: dict[Kind, int] = field(default_factory=dict)
    named: list[Model] = field(default_factory=list)


def dry_run(rows: Rows) -> DryRun:
    going = going_with(rows)
    held: dict[Kind, Rows] = {}
    for kind, pointer in _pointing(going, PROTECT, RESTRICT):
        behind = _base(kind).filter(**{f"{pointer.name}__in": _keys(going[pointer.related_model])})
        held[kind] = held[kind] | behind if kind in held else behind
    found = counts([*going.values(), *held.values()])
    goes = dict(zip(going, found, strict=False))
    stays = {kind: number for kind, number in zip(held, found[len(going) :], strict=True) if number}
    named = [row for kind in stays for row in held[kind][:MOST_NAMED]]
    return DryRun({kind: number for kind, number in goes.items() if number}, stays, named)


def going_with(rows: Rows) -> dict[Kind, Rows]:
    """Of every kind that may be concerned those rows that go, `rows` first."""
    going = {rows.model: rows}
    for kind in _in_order(rows.model):
        which = Q()
        for pointer in _pointers(kind, CASCADE):
            if pointer.related_model in going and pointer.related_model is not kind:
                which |= Q(**{f"{pointer.name}__in": _keys(going[pointer.related_model])})
        found = _base(kind).filter(which)
        for pointer in _pointers(kind, CASCADE):
            if pointer.related_model is kind:  # a head and its tails: no row is both
                found = _base(kind).filter(
                    Q(pk__in=_keys(found)) | Q(**{f"{pointer.name}__in": _keys(found)})
                )
        going[kind] = found
    return going


def _in_order(root: Kind) -> list[Kind]:
    """Kinds that go with `root`'s, each behind those it points to. Raises CycleError."""
    before: dict[Kind, set[Kind]] = {root: set()}
    ahead = [root]
    while ahead:
        kind = ahead.pop()
        for relation in _relations(kind):
            child = relation.related_model
            if relation.on_delete is not CASCADE or child is kind:
                continue
            if child not in before:
                before[child] = set()
                ahead.append(child)
            before[child].add(kind)
    return [kind for kind in TopologicalSorter(before).static_order() if kind is not root]


def _pointers(kind: Kind, *ways: Any) -> list[ForeignKey[Any]]:
    fields = [each for each in kind._meta.local_concrete_fields if isinstance(each, ForeignKey)]
    return [each for each in fields if each.remote_field.on_delete in ways]


def _pointing(going: dict[Kind, Rows], *ways: Any) -> Iterator[tuple[Kind, ForeignKey[Any]]]:
    for target in going:
        for relation in _relations(target):
            if relation.on_delete in ways:
                yield relation.related_model, relation.field


def _relations(kind: Kind) -> Iterable[Any]:
    """The pointers to rows of this kind, as Django's own deletion finds them."""
    return cast(Iterable[Any], get_candidate_relations_to_delete(kind._meta))


def _base(kind: Kind) -> Rows:
    """As Django's own deletion sees them."""
    return kind._base_manager.order_by()


def _keys(rows: Rows) -> Rows:
    return rows.order_by().values("pk")
