"""Modes by the words that PLOVER's codebook defines them by, for events whose mode the model is not sure of."""

from __future__ import annotations

from ..reading import Reading

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
_WORDS = {kind: {mode: frozenset(words.split()) for mode, words in modes.items()} for kind, modes in WORDS.items()}
_NEAR = ("obj", "obl", "nsubj", "nsubj:pass", "obl:agent", "compound", "compound:prt", "amod", "xcomp", "nmod")


def named(kind: str, mode: str) -> frozenset[str]:
    """The lemmas that a mode is defined by."""
    return _WORDS[kind][mode]


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
