"""Parties: which party a phrase means on the day the article was written."""

from .candidates import Candidate, Candidates
from .home import Home, home_weights
from .linker import Linker
from .resolver import Resolved, Resolver
from .sectors import SectorChoice

__all__ = ["Candidate", "Candidates", "Home", "SectorChoice", "Linker", "Resolved", "Resolver", "home_weights"]
