"""Files that other systems' users read: POLECAT's and GDELT's columns, tables, and a bundle to replicate from."""

from .bundle import read_bundle, write_bundle
from .gdelt import EVENT_COLUMNS, MENTION_COLUMNS, gdelt_events, gdelt_mentions
from .polecat import POLECAT_COLUMNS, polecat
from .tables import flat, write_parquet

__all__ = [
    "EVENT_COLUMNS",
    "MENTION_COLUMNS",
    "POLECAT_COLUMNS",
    "flat",
    "gdelt_events",
    "gdelt_mentions",
    "polecat",
    "read_bundle",
    "write_bundle",
    "write_parquet",
]
