"""The record: everything read so far, in one DuckDB file."""

from .answer import (
    Answer,
    NoRecord,
    NotFound,
    RecordBusy,
    RecordDamaged,
    RecordedEvent,
    RecordError,
    Table,
    UnknownName,
    WrongQuestion,
)
from .holdings import RecordedArticle
from .profile import profile_of
from .record import Record, open_record
from .sayings import RecordedStatement

__all__ = [
    "Answer",
    "NoRecord",
    "NotFound",
    "Record",
    "RecordBusy",
    "RecordDamaged",
    "RecordError",
    "RecordedArticle",
    "RecordedEvent",
    "RecordedStatement",
    "Table",
    "UnknownName",
    "WrongQuestion",
    "open_record",
    "profile_of",
]
