"""Parties: who a phrase means, on the day the article was written."""

from .candidates import Candidate, Candidates
from .home import Home, Kinds, home_weights
from .linker import Linker
from .resolver import Resolved, Resolver

__all__ = ["Candidate", "Candidates", "Home", "Kinds", "Linker", "Resolved", "Resolver", "home_weights"]
