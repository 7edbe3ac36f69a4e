"""Statements: who says what in which words, how statements nest, and the chain of sources behind a word."""

from .chain import Chain
from .statements import Found, statements_of

__all__ = ["Chain", "Found", "statements_of"]
