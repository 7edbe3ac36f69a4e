"""The record: everything read so far, in one DuckDB file."""

from .answer import (
    Answer,
    NoRecord,
    NotFound,
    RecordBusy,
    RecordDamaged,
    RecordedEvent,
    RecordError,
    WrongQuestion,
)
from .profile import profile_of
from .record import Record, open_record

__all__ = [
    "Answer",
    "NoRecord",
    "NotFound",
    "Record",
    "RecordBusy",
    "RecordDamaged",
    "RecordError",
    "RecordedEvent",
    "WrongQuestion",
    "open_record",
    "profile_of",
]
