"""One change of a record, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import duckdb

from .answer import RecordError


class Transaction:
    """All or nothing; what the disk or another process refuses is told with the record's name."""

    def __init__(self, base: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.base, self.path = base, path

    def __enter__(self) -> None:
        self.base.execute("begin")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.base.execute("commit" if error is None else "rollback")
        except duckdb.Error as failed:
            raise RecordError(f"{self.path}: {str(failed).splitlines()[0]}") from None
        if isinstance(error, duckdb.Error):
            raise RecordError(f"{self.path}: {str(error).splitlines()[0]}") from error
