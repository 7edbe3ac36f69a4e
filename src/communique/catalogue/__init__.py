"""The catalogue: who is who, as of a day, and where places are."""

from .catalogue import Catalogue, CatalogueError, Entry, Term
from .fold import fold, surname
from .gazetteer import Gazetteer, PlaceEntry
from .suggest import Suggestion, suggest

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Entry",
    "Gazetteer",
    "PlaceEntry",
    "Suggestion",
    "Term",
    "fold",
    "suggest",
    "surname",
]
