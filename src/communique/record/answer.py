"""Results of queries to a record, and the errors that queries and changes raise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, overload

from ..schema import Event, Node

N = TypeVar("N", bound=Node)


class RecordError(Exception):
    """Raised if a record cannot be opened, changed or queried; the message names the record and the cause."""


class NoRecord(RecordError):
    """The file does not exist."""


class RecordBusy(RecordError):
    """Another process has the file open."""


class RecordDamaged(RecordError):
    """The file is damaged, or reading or writing it failed."""


class NotFound(RecordError):
    """The record holds nothing with this id or name."""


class WrongQuestion(RecordError):
    """Raised for an invalid argument; the message names it, the value given and the values accepted."""


class UnknownName(WrongQuestion):
    """Raised for an unknown name or type; `near` lists similar known ones."""

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.near = tuple(near)


@dataclass(frozen=True, slots=True)
class RecordedEvent(Node):
    """A recorded event: how many articles (`reports`) and independent origins report it, and where they disagree."""

    event: Event
    origins: int
    reports: int
    accounts: tuple[str, ...]
    disputes: tuple[Any, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return self.event.to_dict() | {
            "origins": self.origins,
            "reports": self.reports,
            "accounts": list(self.accounts),
            "disputes": list(self.disputes),
        }

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> RecordedEvent:
        return cls(
            Event.from_dict(value),
            value["origins"],
            value["reports"],
            tuple(value["accounts"]),
            tuple(value["disputes"]),
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "event"), name)


class Answer(Generic[N]):
    """Events, statements or other objects of the schema in order, built on access. `.arrow()`, `.polars()` and
    `.pandas()` return them as a table.
    """

    def __init__(self, rows: Sequence[str | dict[str, Any]], kind: type[N]) -> None:
        self._rows, self._kind = rows, kind

    def _value(self, row: str | dict[str, Any]) -> dict[str, Any]:
        try:
            value: dict[str, Any] = json.loads(row) if isinstance(row, str) else row
        except ValueError as error:
            raise RecordDamaged(f"what the record holds is damaged: {error}") from None
        return value

    def _noun(self, row: str | dict[str, Any]) -> N:
        try:
            return self._kind.from_dict(self._value(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordDamaged(f"what the record holds is damaged: {type(error).__name__}: {error}") from None

    def __iter__(self) -> Iterator[N]:
        for row in self._rows:
            yield self._noun(row)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> N: ...
    @overload
    def __getitem__(self, index: slice) -> list[N]: ...
    def __getitem__(self, index: int | slice) -> N | list[N]:
        if isinstance(index, slice):
            return [self._noun(row) for row in self._rows[index]]
        return self._noun(self._rows[index])

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Yields the JSON objects, without building the classes."""
        return map(self._value, self._rows)

    def arrow(self) -> Any:
        import pyarrow

        return pyarrow.Table.from_pylist(list(self.dicts()))

    def polars(self) -> Any:
        import polars

        return polars.from_arrow(self.arrow())

    def pandas(self) -> Any:
        return self.arrow().to_pandas()


class Table:
    """Rows of plain values under named columns. Iterating yields dictionaries; `.arrow()`, `.polars()` and `.pandas()`
    return the whole table.
    """

    def __init__(self, table: Any) -> None:
        self._table = table

    @property
    def columns(self) -> list[str]:
        return list(self._table.column_names)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._table.to_batches(max_chunksize=10_000):
            yield from batch.to_pylist()

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            rows: list[dict[str, Any]] = self._table.take(list(range(start, stop, step))).to_pylist()
            return rows
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        row: dict[str, Any] = self._table.slice(index % len(self), 1).to_pylist()[0]
        return row

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Yields the rows as plain values, with days as ISO 8601 text."""
        for row in self:
            yield {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}

    def arrow(self) -> Any:
        return self._table

    def polars(self) -> Any:
        import polars

        return polars.from_arrow(self._table)

    def pandas(self) -> Any:
        return self._table.to_pandas()
