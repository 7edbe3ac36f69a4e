"""Events: words that may tell an act, scored with the phrases around them, decoded under PLOVER; links and figures."""

from .assembly import Identities, events_of, evidence, identified
from .circumstances import date_of, place_of
from .contexts import contexts
from .explain import Candidate, Explanation, explained
from .extract import Extractor
from .figures import figures_of
from .links import links_of, ties
from .ontology import DEFINITIONS, FUTURE_OF, MODES, QUADS, SCORES, score
from .weights import Weights

__all__ = [
    "DEFINITIONS",
    "FUTURE_OF",
    "Candidate",
    "Explanation",
    "MODES",
    "QUADS",
    "SCORES",
    "Extractor",
    "Identities",
    "Weights",
    "contexts",
    "date_of",
    "events_of",
    "evidence",
    "explained",
    "figures_of",
    "identified",
    "links_of",
    "place_of",
    "score",
    "ties",
]
