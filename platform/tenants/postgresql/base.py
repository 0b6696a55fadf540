"""PostgreSQL is told the tenant of the scope before the first query in it, and is told again when it changes.

What it was told holds for the connection, and the end of a transaction may undo it: a rollback does, of a
savepoint too, and so does COMMIT where a statement has failed. After each of them it is told anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from tenants.told import SETTING, whose_rows

TELL = f"SELECT set_config('{SETTING}', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Named in DATABASES by its package (`aula.database`). Each thread has its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._tell_first)
        self._told: str | None = None  # nothing is known of a connection that somebody else may have had

    def _tell_first(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        self._tell(whose_rows())
        return execute(sql, params, many, context)

    def _tell(self, whose: str) -> None:
        if whose == self._told or self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # after an error only a rollback is taken
        with self.wrap_database_errors:
            self.connection.execute(TELL, [whose])
        self._told = whose

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._told = None
        return super().get_new_connection(conn_params)

    def _commit(self) -> None:
        self._told = None
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None
