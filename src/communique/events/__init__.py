"""Events: words that may tell an act, scored with the phrases around them, decoded under PLOVER; links and figures."""

from .assembly import Identities, events_of, evidence, identified
from .explain import Candidate, Explanation, explained
from .extract import Extractor
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
    "events_of",
    "evidence",
    "explained",
    "identified",
    "score",
]
