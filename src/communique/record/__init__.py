"""The record: everything read so far, in one DuckDB file."""

from .record import Record, RecordedEvent, RecordError, open_record

__all__ = ["Record", "RecordError", "RecordedEvent", "open_record"]
