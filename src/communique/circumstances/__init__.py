"""The circumstances of an event: its day and place, its contexts, figures, and links between events."""

from .contexts import contexts
from .days import Days
from .figures import figures_of
from .links import links_of, ties
from .places import place_of

__all__ = ["Days", "contexts", "figures_of", "links_of", "place_of", "ties"]
