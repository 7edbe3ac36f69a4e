"""Event extraction: trigger words scored with the phrases around them, then decoded under PLOVER's definitions."""

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
