"""The catalogue: who is who, as of a day, and where places lie."""

from .catalogue import Catalogue, CatalogueError, Entry, Term
from .fold import fold, surname
from .gazetteer import Gazetteer, PlaceEntry

__all__ = ["Catalogue", "CatalogueError", "Entry", "Gazetteer", "PlaceEntry", "Term", "fold", "surname"]
