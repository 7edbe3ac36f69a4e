"""The command `communique`."""

from . import asking, codebook, reading, serving, who
from .common import main

__all__ = ["asking", "codebook", "main", "reading", "serving", "who"]
