"""The command `communique`."""

from . import asking, codebook, exporting, judging, reading, serving, who
from .common import main

__all__ = ["asking", "codebook", "exporting", "judging", "main", "reading", "serving", "who"]
