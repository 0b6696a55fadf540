"""Which NATs meet, and who of them needs a relay."""

from __future__ import annotations

import itertools
import os

from tests.nat.lab import Nat

PAIRS = list(itertools.product(Nat, repeat=2))
SHORT = {(Nat.FULL_CONE, Nat.SYMMETRIC), (Nat.PORT_RESTRICTED, Nat.SYMMETRIC), (Nat.PORT_RESTRICTED,) * 2}


def relayed(one: Nat, other: Nat) -> bool:
    """The classical table: who needs a relay."""
    return Nat.SYMMETRIC in (one, other) and {one, other} <= {Nat.SYMMETRIC, Nat.PORT_RESTRICTED}


def chosen() -> list[tuple[Nat, Nat]]:
    """A few in every run of the tests, all sixteen in `make soak`."""
    return PAIRS if os.environ.get("NAT_PAIRS") == "all" else [pair for pair in PAIRS if pair in SHORT]


CHOSEN = chosen()


def words(pair: tuple[Nat, Nat]) -> str:
    """The name of a test about `pair`."""
    return "-".join(nat.value for nat in pair)
