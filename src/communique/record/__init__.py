"""The record: everything read so far, in one DuckDB file."""

from .answer import Answer, RecordedEvent, RecordError
from .profile import profile_of
from .record import Record, open_record

__all__ = ["Answer", "Record", "RecordError", "RecordedEvent", "open_record", "profile_of"]
