"""PLOVER's contexts of a sentence, which say why events happen, found by the words that belong to each definition."""

from __future__ import annotations

from ..reading import Reading

WORDS = {
    "military": (
        "army military troop soldier navy missile weapon warship exercise drill airstrike battalion forces "
        "defence defense artillery"
    ),
    "intelligence": "spy espionage intelligence surveillance",
    "executive": "cabinet decree executive",
    "legislative": "parliament lawmaker bill legislation senate congress legislator",
    "election": "election vote ballot voter referendum candidate poll",
    "political_institutions": "constitution constitutional coup",
    "economic": (
        "trade economy economic tariff export import investment sanction currency debt loan market inflation "
        "budget embargo"
    ),
    "legal": "court judge lawsuit trial verdict prosecutor tribunal indictment",
    "human_rights": "torture abuse rights genocide atrocity",
    "rights_freedoms": "censorship freedom journalist protest",
    "repression": "crackdown repression dissident",
    "gender": "gender women",
    "lgbt": "gay lesbian transgender homosexual",
    "religion_ethnicity": "religious church mosque ethnic sectarian muslim christian minority",
    "diplomatic": "ambassador embassy diplomat diplomatic summit envoy talks treaty bilateral consulate",
    "territory": "border territory territorial sovereignty annexation island strait occupied",
    "peacekeeping": "peacekeeper peacekeeping",
    "health": "pandemic virus vaccine hospital epidemic disease coronavirus health cholera",
    "asylum": "asylum refugee",
    "migration": "migrant migration immigrant",
    "disasters": "earthquake flood cyclone typhoon drought hurricane famine tsunami wildfire disaster",
    "natural_resource": "oil gas water mineral fishing river pipeline mining",
    "environment": "climate emission environmental pollution",
    "technology": "technology satellite semiconductor chip software",
    "terrorism": "terrorist terrorism extremist jihadist",
    "cbrn": (
        "nuclear chemical biological radiological uranium plutonium warhead enrichment denuclearization "
        "denuclearisation denuclearize"
    ),
    "cyber": "cyber cyberattack hacker hacking malware",
    "misinformation": "disinformation misinformation propaganda",
    "crime": "murder gang robbery crime criminal",
    "corruption": "corruption bribe bribery embezzlement",
    "illegal_drugs": "drug cocaine heroin narcotic",
    "trafficking": "trafficking smuggling trafficker smuggler",
}
CONTEXTS = tuple(WORDS)
_BY_WORD: dict[str, list[str]] = {}
for _context, _words in WORDS.items():
    for _word in _words.split():
        _BY_WORD.setdefault(_word, []).append(_context)


def contexts(reading: Reading, sentence: int) -> tuple[str, ...]:
    """Returns the contexts of a sentence, the most frequent first, at most four."""
    a, b = reading.sentences[sentence]
    votes: dict[str, int] = {}
    for word in reading.words[a:b]:
        for form in {word.lemma.lower(), word.text.lower()}:
            for context in _BY_WORD.get(form, ()):
                votes[context] = votes.get(context, 0) + 1
    return tuple(sorted(votes, key=lambda c: (-votes[c], c))[:4])
