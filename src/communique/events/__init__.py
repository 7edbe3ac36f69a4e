"""Events: predicates to PLOVER, with arguments, modality, date, place and sources; links and figures."""

from .assembly import events_of, evidence, identity
from .circumstances import date_of, place_of
from .contexts import contexts
from .extract import Extractor
from .figures import figures_of
from .links import links_of
from .modality import modality
from .ontology import FUTURE_OF, MODES, QUADS, SCORES, score

__all__ = [
    "FUTURE_OF",
    "MODES",
    "QUADS",
    "SCORES",
    "Extractor",
    "contexts",
    "date_of",
    "events_of",
    "evidence",
    "figures_of",
    "identity",
    "links_of",
    "modality",
    "place_of",
    "score",
]
