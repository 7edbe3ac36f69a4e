"""The catalogue: who is who, as of a day."""

from .catalogue import Catalogue, CatalogueError, Entry, PlaceEntry, Term
from .fold import fold, surname

__all__ = ["Catalogue", "CatalogueError", "Entry", "PlaceEntry", "Term", "fold", "surname"]
