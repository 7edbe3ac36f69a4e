"""Builds the shipped catalogue from tables of facts: `python -m training.catalogue DATA`."""

from .sources import SOURCES, lines

__all__ = ["SOURCES", "lines"]
