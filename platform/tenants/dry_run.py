"""What would go with rows that are deleted, told without reading it.

Django's admin reads every row and asks once for each kind of row that points to another. Here the kinds are
walked, and one query counts what there is of them: a common table expression holds the keys of each kind's
rows that go. Pointers stand side by side in a UNION, each with its index; with OR between them a database
looks at every row.
"""
# ruff: noqa: S608 (names of Django's own tables and columns, and numbers)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, cast

from django.db import connections, router
from django.db.models import CASCADE, PROTECT, RESTRICT, ForeignKey, Model
from django.db.models.deletion import get_candidate_relations_to_delete

Kind = type[Model]
MOST_NAMED = 10  # of what stands in the way


@dataclass(frozen=True)
class DryRun:
    """`goes`: how many rows of each kind; `stays`: how many keep it from going; `named`: the first."""

    goes: dict[Kind, int]
    stays: dict[Kind, int]
    named: list[Model]


def dry_run(kind: Kind, keys: Sequence[int]) -> DryRun:
    """Of deleting the rows of `kind` with these keys, which are numbers."""
    tables = _Tables(kind, keys)
    goes = tables.counted([tables.going[each] for each in tables.order])
    stays = tables.counted(list(tables.held.values()))
    told = {each: number for each, number in zip(tables.held, stays, strict=True) if number}
    named = [row for each in told for row in tables.first(each)]
    return DryRun(
        {each: number for each, number in zip(tables.order, goes, strict=True) if number}, told, named
    )


class _Tables:
    """`going` and `held`: by kind, the names of the tables of keys; `sql`: what makes them, in that order."""

    def __init__(self, root: Kind, keys: Sequence[int]) -> None:
        self.connection = connections[router.db_for_write(root)]
        self.quote = self.connection.ops.quote_name
        self.order = [root, *_in_order(root)]
        self.going = {kind: f"going_{at}" for at, kind in enumerate(self.order)}
        self.sql = [f"going_0(id) AS ({self.rows(root)} IN ({', '.join(str(int(key)) for key in keys)}))"]
        for kind in self.order[1:]:
            self.add(kind)
        self.held: dict[Kind, str] = {}
        for kind in dict.fromkeys(held for each in self.order for held in _behind(each, PROTECT, RESTRICT)):
            self.held[kind] = f"held_{len(self.held)}"
            self.sql.append(f"{self.held[kind]}(id) AS ({self.pointing(kind, PROTECT, RESTRICT)})")

    def add(self, kind: Kind) -> None:
        """A head and its tails go together; no row is both."""
        name = self.going[kind]
        itself = [each for each in _pointers(kind, CASCADE) if each.related_model is kind]
        if not itself:
            self.sql.append(f"{name}(id) AS ({self.pointing(kind, CASCADE)})")
            return
        self.sql.append(f"{name}_heads(id) AS ({self.pointing(kind, CASCADE)})")
        tails = " UNION ".join(f"{self.rows(kind, each)} IN (SELECT id FROM {name}_heads)" for each in itself)
        self.sql.append(f"{name}(id) AS (SELECT id FROM {name}_heads UNION {tails})")

    def pointing(self, kind: Kind, *ways: Any) -> str:
        """Keys of the rows of `kind` that point to what goes."""
        return " UNION ".join(
            f"{self.rows(kind, pointer)} IN (SELECT id FROM {self.going[target]})"
            for pointer in _pointers(kind, *ways)
            if (target := pointer.related_model) in self.going and target is not kind
        )

    def rows(self, kind: Kind, pointer: ForeignKey[Any] | None = None) -> str:
        """“SELECT its key FROM its table WHERE the pointer”; without one, the key."""
        names = (kind._meta.pk.column, kind._meta.db_table, (pointer or kind._meta.pk).column)
        key, table, column = (self.quote(str(each)) for each in names)
        return f"SELECT {key} FROM {table} WHERE {column}"

    def asked(self, sql: str) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(self.sql)} {sql}")
            return list(cursor.fetchall())

    def counted(self, tables: list[str]) -> list[int]:
        if not tables:
            return []
        return list(self.asked(f"SELECT {', '.join(f'(SELECT COUNT(*) FROM {each})' for each in tables)}")[0])

    def first(self, kind: Kind) -> list[Model]:
        keys = self.asked(f"SELECT id FROM {self.held[kind]} ORDER BY id LIMIT {MOST_NAMED}")
        return list(kind._base_manager.filter(pk__in=[key for (key,) in keys]))


def _in_order(root: Kind) -> list[Kind]:
    """Kinds that go with `root`'s, each behind those it points to. Raises CycleError."""
    before: dict[Kind, set[Kind]] = {root: set()}
    ahead = [root]
    while ahead:
        kind = ahead.pop()
        for child in _behind(kind, CASCADE):
            if child is kind:
                continue
            if child not in before:
                before[child] = set()
                ahead.append(child)
            before[child].add(kind)
    return [kind for kind in TopologicalSorter(before).static_order() if kind is not root]


def _behind(kind: Kind, *ways: Any) -> list[Kind]:
    """Kinds with a pointer to this one, as Django's own deletion finds them."""
    relations = cast(Iterable[Any], get_candidate_relations_to_delete(kind._meta))
    return [each.related_model for each in relations if each.on_delete in ways]


def _pointers(kind: Kind, *ways: Any) -> list[ForeignKey[Any]]:
    fields = [each for each in kind._meta.local_concrete_fields if isinstance(each, ForeignKey)]
    return [each for each in fields if each.remote_field.on_delete in ways]
