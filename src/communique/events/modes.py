"""Modes by the words that PLOVER's codebook defines them by, for events whose mode the model is not sure of."""

from __future__ import annotations

from ..reading import Reading
from ..reading.clauses import UNDERGOES, case_of, subjects
from ..schema import PartyMention

# Lemmas that name what a mode is defined by: its instrument, its act, or its object. Of two modes that fit, the first is meant.
WORDS: dict[str, dict[str, str]] = {
    "ASSAULT": {
        "suicide-attack": "suicide",
        "unconventional": "chemical biological nuclear radiological sarin chlorine novichok mustard anthrax",
        "drone": "drone uav quadcopter unmanned",
        "aerial": "airstrike air aerial jet warplane helicopter aircraft plane fighter-jet",
        "heavy-weapons": "shell shelling artillery mortar rocket missile tank howitzer gunboat warship barrage",
        "explosives": "bomb bombing explosive explosion blast grenade mine landmine ied detonate",
        "firearms": "gun gunfire gunman shoot shooter shooting rifle pistol sniper bullet machine-gun",
        "abduct": "abduct abduction kidnap kidnapping hostage capture",
        "sexual": "rape sexual",
        "torture": "torture electrocute waterboard",
        "crowd-control": "teargas tear rubber water-cannon cannon baton truncheon",
        "beat": "beat beating punch kick thrash flog assault",
        "primitive": "stab stabbing knife machete stone axe sword arrow spear behead",
        "destroy": "destroy demolish raze torch burn arson",
        "targeted": "assassinate assassination",
    },
    "COERCE": {
        "cyber": "hack hacker hacking cyber cyberattack malware ransomware phishing spyware",
        "misinformation": "disinformation misinformation propaganda deepfake troll",
        "martial-law": "martial",
        "curfew": "curfew",
        "deport": "deport deportation expel repatriate",
        "censor": "censor censorship internet broadcaster newspaper website",
        "seize": "seize seizure confiscate confiscation impound commandeer nationalise nationalize",
        "arrest": "arrest detain detention jail imprison custody round-up remand",
        "withhold": "withhold",
        "restrict": "ban restrict restriction outlaw prohibit forbid",
    },
    "PROTEST": {
        "hunger": "hunger fast eat food",
        "strike": "strike walkout walk stoppage",
        "boycott": "boycott shun",
        "riot": "riot rioter rioting loot looting clash unrest",
        "vandalize": "vandalize vandalise deface torch graffiti topple",
        "obstruct": "block blockade barricade obstruct occupy",
        "demo": "march rally demonstrate demonstration demonstrator protest protester parade vigil sit-in chant",
    },
    "RETREAT": {
        "resign": "resign resignation quit",
        "ceasefire": "ceasefire cease-fire truce armistice hostility",
        "release": "release free prisoner hostage detainee return",
        "disarm": "disarm disarmament dismantle decommission destroy surrender",
        "access": "inspector inspection access observer monitor",
        "withdraw": "withdraw withdrawal pull leave evacuate troop soldier",
    },
    "SANCTION": {
        "convict": "convict conviction sentence guilty",
        "expel": "expel expulsion suspend oust",
        "discontinue": "sanction embargo tariff ban import export asset boycott trade",
        "withdraw": "withdraw recall aid suspend cut",
    },
    "MOBILIZE": {
        "police": "police policeman officer",
        "militia": "militia paramilitary",
        "weapons": "missile weapon rocket warhead tank artillery warship jet",
        "troops": "troop soldier force army brigade battalion reservist",
    },
    "THREATEN": {
        "arrest": "arrest jail prosecute warrant",
        "relations": "relation tie envoy ambassador treaty",
        "restrict": "sanction tariff embargo ban restrict",
        "expel": "expel deport",
        "territory": "annex invade blockade occupy seize",
        "violence": "strike attack bomb destroy kill annihilate retaliate force",
    },
    "ACCUSE": {
        "investigate": "investigate investigation probe inquiry sue lawsuit indict charge prosecute",
    },
}
# What PLOVER defines these modes of CONSULT by.
VISITS = frozenset("visit arrive travel tour trip fly land host welcome receive".split())
ABDUCTS = frozenset(
    "abduct kidnap snatch seize take hold capture detain grab".split()
)  # what armed people of no state do to those they take
HOSTS = frozenset("host welcome receive".split())
_REMOTE = frozenset(
    "phone telephone message letter telegram videoconference teleconference cable call hotline video online virtual".split()
)
# Where a noun of talk is said to be had by one of these, it is part of a visit.
COMES = VISITS | frozenset("fly come go return head reach stop stay".split())
# What harms without anybody's intent.
_ACCIDENTS = {
    "NOUN": frozenset(
        """earthquake quake tremor aftershock tsunami storm hurricane typhoon cyclone tornado flood flooding floodwater landslide mudslide avalanche wildfire drought famine
        heatwave lightning eruption volcano epidemic pandemic disease virus flu cancer illness infection cholera malaria accident crash collision derailment shipwreck stampede
        shark crocodile bear snake""".split()
    ),
    "VERB": frozenset("crash collide derail overturn capsize drown".split()),
}
_STORMS = frozenset("hurricane typhoon cyclone tornado storm".split())  # with a name they are proper nouns
_CONTENTS = {
    "AID": "assist",
    "CONSULT": "meet",
    "CONCEDE": "yield",
    "RETREAT": "yield",
}  # PLOVER's modes of demands and refusals
BODIES = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))  # PLOVER's codes of bodies of many states
_WORDS = {kind: {mode: frozenset(words.split()) for mode, words in modes.items()} for kind, modes in WORDS.items()}
_NEAR = ("obj", "obl", "nsubj", "nsubj:pass", "obl:agent", "compound", "compound:prt", "amod", "xcomp", "nmod")


def means(reading: Reading, trigger: int) -> set[str]:
    """Lemmas of what acts, with its own modifiers, and of what an act is done with: "Saudi jets bombed", "a drone strike", "attacked with malware"."""
    tools = [c for c in reading.dependents(trigger, "obl", "nmod") if case_of(reading, c) in ("with", "by")]
    nouns = [*reading.dependents(trigger, "nsubj"), *tools]
    return {
        reading.words[i].lemma.lower()
        for i in [
            *reading.dependents(trigger, "compound", "amod"),
            *(c for n in nouns for c in (n, *reading.dependents(n, "compound", "amod"))),
        ]
    }


def by_computer(reading: Reading, trigger: int) -> bool:
    """Whether an act is one of hackers or of their tools, which PLOVER counts as coercion."""
    return bool((means(reading, trigger) | {reading.words[trigger].lemma.lower()}) & _WORDS["COERCE"]["cyber"])


def names_mode(reading: Reading, trigger: int, kind: str, mode: str) -> bool:
    """Whether the predicate itself is a word that a mode of a type is defined by."""
    return reading.words[trigger].lemma.lower() in _WORDS[kind][mode]


def accident(reading: Reading, trigger: int) -> bool:
    """Whether harm comes from nature or by chance, where PLOVER's ASSAULT is deliberate: "killed in an earthquake", "the bus overturned, injuring nine"."""
    above = (
        reading.words[trigger].head
        if reading.words[trigger].rel in ("advcl", "acl", "xcomp", "conj", "parataxis")
        else trigger
    )
    around = {trigger, above, *subjects(reading, trigger), *reading.dependents(trigger, "nsubj", "obl")}
    if reading.words[above].lemma in UNDERGOES:
        around |= {*reading.dependents(above, "obj")}  # "suffered a plane crash, killing all aboard"
    around |= {
        c for i in list(around) for c in reading.dependents(i, "compound", "nmod") if reading.words[i].upos != "VERB"
    }
    return any(
        reading.words[i].lemma.lower() in _ACCIDENTS.get(reading.words[i].upos, ())
        or reading.words[i].text.lower() in _STORMS
        for i in around
    )


def by_words(reading: Reading, trigger: int, kind: str) -> str | None:
    """The mode that the predicate's own word names, or else a word of the phrases on it; `None` where none does."""
    modes = _WORDS.get(kind)
    if modes is None:
        return None
    near = list(reading.dependents(trigger, *_NEAR))
    above = reading.words[trigger].head
    if reading.words[trigger].rel == "obj" and above != trigger:
        near += [above, *(c for c in reading.dependents(above, "nsubj", "obl") if c != trigger)]
    inner = [c for n in near for c in reading.dependents(n, "compound", "amod", "conj")]
    for level in ([trigger], near, inner):
        said = {reading.words[i].lemma.lower() for i in level} | {reading.words[i].text.lower() for i in level}
        for mode, words in modes.items():
            if said & words:
                return mode
    return None


def defined(reading: Reading, name: str, trigger: int) -> str | None:
    """A mode that the words themselves name: a visit, talk at a distance, an attack by aircraft."""
    if name == "ASSAULT":
        armed = means(reading, trigger)
        return next((mode for mode in ("suicide-attack", "drone", "aerial") if armed & _WORDS[name][mode]), None)
    if name != "CONSULT":
        return None
    around = {reading.words[trigger].lemma.lower()} | {
        reading.words[c].lemma.lower() for c in reading.dependents(trigger, "obj", "obl", "compound", "nsubj:pass")
    }
    if around & _REMOTE:
        return "phone"
    return "visit" if reading.words[trigger].lemma in VISITS else None


def fitting(reading: Reading, mode: str | None, trigger: int, parties: list[PartyMention]) -> str | None:
    """A mode of CONSULT, if PLOVER's definition of it fits the words and who took part."""
    if mode == "phone":
        # A meeting at which messages are exchanged is no message: what it completes or does says how it is had, not what it goes with.
        above = reading.words[trigger].head if reading.words[trigger].rel in ("obj", "nsubj", "nsubj:pass") else trigger
        if not any(
            reading.words[i].lemma.lower() in _REMOTE
            for i in (above, *reading.subtree(trigger), *reading.dependents(above, "obj", "obl", "nsubj:pass"))
        ):
            return None
    if (
        mode == "visit"
        and reading.words[trigger].upos == "NOUN"
        and reading.words[trigger].lemma not in VISITS
        and reading.words[reading.words[trigger].head].lemma not in COMES
    ):
        return None
    if (
        mode == "multilateral"
        and len({p.country for p in parties}) == 2
        and all(p.country for p in parties)
        and not any(p.country in BODIES for p in parties)
    ):
        return None
    return mode


def of_content(name: str, what: str | None) -> str | None:
    """The mode of a demand or refusal by the type of what is demanded or refused."""
    return _CONTENTS.get(what or "") if name in ("REQUEST", "REJECT") else None
