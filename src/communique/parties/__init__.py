"""Parties: who a phrase means, on the day the article was written."""

from .linker import Linker
from .resolver import Resolved, Resolver

__all__ = ["Linker", "Resolved", "Resolver"]
