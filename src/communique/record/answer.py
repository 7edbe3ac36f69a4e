"""What a question to a record is answered with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
