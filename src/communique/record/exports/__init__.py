"""Exports: POLECAT and GDELT formats, flat tables, and a replication bundle."""

from .bundle import read_bundle, write_bundle
from .files import write_gdelt, write_polecat
from .gdelt import EVENT_COLUMNS, MENTION_COLUMNS, gdelt_events, gdelt_mentions
from .polecat import POLECAT_COLUMNS, polecat
from .tables import COLUMNS, flat, flat_table, report_about, write_csv, write_parquet

__all__ = [
    "COLUMNS",
    "EVENT_COLUMNS",
    "MENTION_COLUMNS",
    "POLECAT_COLUMNS",
    "flat",
    "flat_table",
    "gdelt_events",
    "gdelt_mentions",
    "polecat",
    "read_bundle",
    "report_about",
    "write_bundle",
    "write_csv",
    "write_gdelt",
    "write_parquet",
    "write_polecat",
]
