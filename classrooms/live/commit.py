"""Side effects wait for the commit; one that fails is logged and takes nothing with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec

from django.db import transaction

P = ParamSpec("P")
logger = logging.getLogger(__name__)


def after_commit(effect: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call `effect` once the transaction is committed; never when it is rolled back."""

    def guarded() -> None:
        try:
            effect(*args, **kwargs)
        except Exception:
            logger.exception("%s failed after the commit", effect.__qualname__)

    transaction.on_commit(guarded)
