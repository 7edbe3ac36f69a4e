"""Events: predicates to PLOVER, with arguments, modality, date, place and sources; links and figures."""

from .extract import events_of
from .figures import figures_of
from .links import links_of
from .ontology import MODES, QUADS, SCORES, score

__all__ = ["MODES", "QUADS", "SCORES", "events_of", "figures_of", "links_of", "score"]
