"""Communiqué reads news pages and keeps a record of what states do and say to each other."""

from ._reader import Reader
from ._version import VERSION as __version__
from .catalogue import CatalogueError
from .codebooks import CodebookError
from .events import Explanation
from .record import Record, RecordError, open_record
from .schema import (
    DEFAULT_CONFIDENCE,
    Article,
    Event,
    Failure,
    Figure,
    Link,
    ManyArticles,
    PageError,
    Party,
    PartyMention,
    Place,
    Published,
    Report,
    Statement,
    Time,
)

__all__ = [
    "DEFAULT_CONFIDENCE",
    "Article",
    "CatalogueError",
    "CodebookError",
    "Event",
    "Explanation",
    "Failure",
    "Figure",
    "Link",
    "ManyArticles",
    "PageError",
    "Party",
    "PartyMention",
    "Place",
    "Published",
    "Reader",
    "Record",
    "RecordError",
    "Report",
    "Statement",
    "Time",
    "__version__",
    "open_record",
]
