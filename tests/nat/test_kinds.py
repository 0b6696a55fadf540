"""The laboratory's NATs are what they are called: probed from behind them, not assumed."""

from __future__ import annotations

import pytest

from tests.nat.conftest import kind
from tests.nat.lab import Lab, Nat

pytestmark = [pytest.mark.journey, pytest.mark.alone]


@pytest.mark.parametrize("nat", Nat)
@pytest.mark.parametrize("home", [1, 2])
def test_each_router_translates_as_the_kind_it_is_set_to(probed: Lab, home: int, nat: Nat) -> None:
    probed.set(home, nat)
    assert kind(probed, home) is nat
