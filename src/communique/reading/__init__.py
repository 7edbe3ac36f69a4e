"""Reading: text to words, syntax, mentions, statements, times and events, in one pass of one small encoder."""

from .analyser import Analyser, paragraphs_of
from .datelines import credits, datelines
from .model import WEIGHTS, Model
from .reading import NO_TYPE, NOMINAL, Chunk, Reading, Word

__all__ = [
    "NOMINAL",
    "NO_TYPE",
    "WEIGHTS",
    "Analyser",
    "Chunk",
    "Model",
    "Reading",
    "Word",
    "credits",
    "datelines",
    "paragraphs_of",
]
