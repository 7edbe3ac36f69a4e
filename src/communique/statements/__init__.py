"""Statements: source, cue and content of reported speech, their nesting, and the chain of sources of a word."""

from .chain import Chain
from .statements import Found, statements_of

__all__ = ["Chain", "Found", "statements_of"]
