"""Atomic changes of a record."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import duckdb

from .answer import RecordDamaged


class Transaction:
    """A database transaction. Raises `RecordDamaged`, with the path of the record, if the database fails."""

    def __init__(self, base: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.base, self.path = base, path

    def __enter__(self) -> None:
        try:
            self.base.execute("begin")
        except duckdb.Error as failed:
            raise RecordDamaged(f"{self.path}: {_cause(failed)}") from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.base.execute("commit" if error is None else "rollback")
        except duckdb.Error as failed:
            told = (
                error if isinstance(error, duckdb.Error) else failed
            )  # the first error says more than the one that followed
            raise RecordDamaged(f"{self.path}: {_cause(told)}") from None
        if isinstance(error, duckdb.Error):
            raise RecordDamaged(f"{self.path}: {_cause(error)}") from error


def _cause(error: duckdb.Error) -> str:
    return f"nothing was kept: {str(error).splitlines()[0]}"
