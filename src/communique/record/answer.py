"""What a question to a record is answered with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, overload

from ..schema import Event, Node

N = TypeVar("N", bound=Node)


class RecordError(Exception):
    """A record that cannot be opened, changed or asked: which, and why."""


class NoRecord(RecordError):
    """There is no file."""


class RecordBusy(RecordError):
    """Somebody else has the file open."""


class RecordDamaged(RecordError):
    """The file, or the disk under it, does not do what it must."""


class NotFound(RecordError):
    """The record holds nothing of that name."""


class WrongQuestion(RecordError):
    """A value that cannot be asked for or told: its name, what was given and what is accepted."""


class UnknownName(WrongQuestion):
    """A name or type that nobody knows; `near` are those that may have been meant."""

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.near = tuple(near)


@dataclass(frozen=True, slots=True)
class RecordedEvent(Node):
    """An event with how many articles and independent origins tell it, and where they disagree."""

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
    """Nouns in order, built as they are looked at; `.arrow()`, `.polars()` and `.pandas()` give them as a table."""

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
        """The JSON objects, without the classes."""
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
    """Rows of plain values under named columns; iterates as dictionaries, `.arrow()`, `.polars()` and `.pandas()` give
    it whole.
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
        """The rows as plain values, days as text."""
        for row in self:
            yield {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}

    def arrow(self) -> Any:
        return self._table

    def polars(self) -> Any:
        import polars

        return polars.from_arrow(self._table)

    def pandas(self) -> Any:
        return self._table.to_pandas()
