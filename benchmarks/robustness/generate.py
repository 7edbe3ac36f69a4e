"""Texts from a grammar and pages with odd structure, for the fuzzer: well formed, but deeper or longer than real ones.

Everything depends only on the seed given to `random.Random`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape

STATES = (
    "Kenya Uganda Peru Chile Germany France Oman Yemen Rwanda Burundi Japan Canada Fiji Ghana Norway Malawi".split()
)
ADJECTIVES = "Kenyan Ugandan Peruvian Chilean German French Omani Rwandan Japanese Canadian Norwegian Malawian".split()
TITLES = "President,Prime Minister,Foreign Minister,Ambassador,General,Dr,diplomat,spokesman,Senator,Chancellor".split(
    ","
)
NAMES = "Ana Soto,Ben Vega,Maria Okello,Li Chen,Omar Haddad,Ruth Mwangi,Jan Berg,Vega,Soto".split(",")
KINDS = "troops,officials,leaders,rebels,police,envoys,sailors,ministers,protesters,both sides,the two countries".split(
    ","
)
QUANTITIES = "Dozens,Hundreds,Thousands,A group,A number,Scores,Some,Most,11,A majority".split(",")
VERBS = "accused,attacked,met,left,ordered,warned,thanked,sanctioned,urged,left,praised,expelled,visited".split(",")
SAYING = "said,told reporters,claimed,denied,warned,announced,insisted,added".split(",")
NOUNS = "attack,proposal,plan,agreement,visit,protest,strike,summit,threat,offer,demand,withdrawal".split(",")
WANTING = "to order,to face,to reject,to discuss,to launch,to stop,to consider,to announce".split(",")
PRONOUNS = "they,them,he,she,it,who,that,both,each other,themselves,his,their,its".split(",")
TIMES = [
    "on Monday",
    "last year",
    "in 2019",
    "on 5 March 2021",
    "three days ago",
    "the day before yesterday",
    "early next week",
    "since the late 1990s",
    "for two years",
    "at 10 a.m. on Tuesday",
]
MARKS = [",", ";", " -", " –", ":", ""]
DEEP = (1, 2, 3, 5, 8, 20, 60)  # how often a rule is nested in itself; most of a text is shallow


class Sentences:
    """Sentences from a grammar of news with recursive rules."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._left = 0

    def text(self) -> str:
        """Returns a text of one to twelve sentences, at most a few hundred words."""
        rng = self._rng
        sentences = []
        for _ in range(rng.choice((1, 1, 2, 4, 12))):
            self._left = rng.choice((6, 12, 30, 80))
            kind: Callable[[], str] = rng.choice(
                (self._clause, self._clause, self._quoted, self._chained, self._listed, self._titled, self._climbing)
            )
            sentence = kind()
            sentences.append(sentence[:1].upper() + sentence[1:] + rng.choice((".", ".", ".", "?", "!", "...", "")))
        return rng.choice((" ", " ", "\n\n", "\n")).join(sentences)

    def _often(self) -> int:
        """Returns how often a rule is applied, limited by the words left for the sentence."""
        times = min(self._rng.choices(DEEP, (40, 25, 15, 10, 6, 3, 1))[0], max(1, self._left))
        self._left -= times
        return times

    def _some(self, *choices: str) -> str:
        return self._rng.choice(choices)

    def _party(self) -> str:
        rng = self._rng
        self._left -= 1
        if self._left <= 0:
            return rng.choice((*STATES, *NAMES, *PRONOUNS))
        which = rng.randrange(11)
        if which == 0:
            return f"{rng.choice(TITLES)} {rng.choice(NAMES)}"
        if which == 1:
            return f"{rng.choice(QUANTITIES)} of {self._party()}"
        if which == 2:
            return f"{self._party()} and {self._party()}"
        if which == 3:
            return f"the {rng.choice(ADJECTIVES)} {rng.choice(KINDS)}"
        if which == 4:
            return f"{self._party()}, {self._party()},"
        if which == 5:
            return f"{self._party()}'s {rng.choice(NOUNS)}"
        if which == 6:
            return f"{self._party()} who {self._deed()}"
        if which == 7:
            return f"the {rng.choice(KINDS)} of {self._party()}"
        if which == 8:
            return rng.choice(PRONOUNS)
        if which == 9:
            return f"{rng.choice(STATES)}-{rng.choice(STATES)} {rng.choice(NOUNS)}"
        return rng.choice((*STATES, *NAMES))

    def _deed(self) -> str:
        rng = self._rng
        self._left -= 1
        told = f"{rng.choice(VERBS)} {self._party()}"
        if rng.random() < 0.3:
            told += f" {rng.choice(TIMES)}"
        if rng.random() < 0.2 and self._left > 0:
            told += f" {rng.choice(('after', 'before', 'while', 'because', 'unless', 'if', 'as'))} {self._clause()}"
        return told

    def _clause(self) -> str:
        return f"{self._party()} {self._deed()}"

    def _quoted(self) -> str:
        """Returns speech nested in speech."""
        text = self._clause()
        for _ in range(self._often()):
            mark = self._some("“{}”", '"{}"', "‘{}’", "that {}", "“{}")
            text = f"{self._party()} {self._rng.choice(SAYING)}{self._some(',', '', ':')} {mark.format(text)}"
        return text

    def _chained(self) -> str:
        """Returns clauses linked by conjunction, relative pronoun or participle."""
        text = self._clause()
        for _ in range(self._often()):
            link = self._some(
                " and", ", which", ", saying that", " but", ", who", ", leading", " that", " after", ", as"
            )
            text += f"{link} {self._clause()}"
        return text

    def _listed(self) -> str:
        """Returns a long list of items of one kind."""
        many = self._rng.choice((STATES, NAMES, TITLES, ADJECTIVES, KINDS, PRONOUNS, TIMES))
        joint = self._some(", ", " and ", "; ", " ", ", and ", "-")
        return joint.join(self._rng.choice(many) for _ in range(2 * self._often())) + f" {self._deed()}"

    def _titled(self) -> str:
        """Returns titles and names in apposition."""
        rng = self._rng
        runs = (
            f"{rng.choice(TITLES)} {rng.choice(('', rng.choice(NAMES)))}{rng.choice(MARKS)}"
            for _ in range(self._often())
        )
        return " ".join(runs) + f" {self._clause()}"

    def _climbing(self) -> str:
        """Returns nested nouns and infinitives."""
        rng = self._rng
        nested = " ".join(
            f"{rng.choice(('a', 'the', 'its'))} {rng.choice(NOUNS)} {rng.choice(WANTING)}" for _ in range(self._often())
        )
        opening = self._some("Facing", f"{self._party()} wants to order", f"{self._party()} rejected", "With", "By")
        return f"{opening} {nested} an {rng.choice(NOUNS)}"


TAGS = "div p span section article ul li table tr td h1 h2 h3 blockquote a b em br aside nav figure form pre".split()
ATTRIBUTES = [
    "class=promo",
    'id="main"',
    "hidden",
    "style='display:none'",
    "href=http://[::1",
    'data-x="<a>"',
    "a" * 40,
]


def page(rng: random.Random) -> bytes:
    """Returns an HTML page: an article in a frame of site furniture, with an extreme amount of one thing."""
    sentences = Sentences(rng)
    body = [f"<p>{escape(sentences.text())}</p>" for _ in range(rng.choice((0, 1, 4, 12)))]
    size = rng.choice((1, 10, 100, 1_000, 3_000))
    word = rng.choice(("a b", "Peru ", "‹", "  |", "&nbsp;", "By Ana", "“", "1", ".", "\n", "<", "&amp", "a" * 50))
    tag, attribute = rng.choice(TAGS), rng.choice(ATTRIBUTES)
    title = rng.choice((word * size, "Peru recalls envoy", f"Peru | {word}" * min(size, 100)))
    strange: list[str] = [
        f"<{tag}>{word}" * size,
        f"<{tag} {attribute}>{word}</{tag}>" * size,
        f"<{tag} " + " ".join(f"{attribute}{n}" for n in range(size)) + ">",
        f"<{tag}>" * min(size, 390) + word + f"</{tag}>" * min(size, 390),
        f"<{tag} " * size,
        f"<{word}" * size,
        f"<script type='application/ld+json'>{'[' * size}{word}</script>",
        f'<script type=\'application/ld+json\'>{{"@type": "NewsArticle", "headline": "{word * size}"}}</script>',
        f"<meta name=author content='{'Ana Soto, ' * size}'>" + f"<link rel=canonical href='{word * size}'>",
        f"<time datetime='{'1' * size}'>" + f"<div class='byline'>{word * size}</div>",
        f"<!-- {word * size}" + f"<![CDATA[{word}]]>" * size,
        word * size,
    ]
    place = rng.randrange(len(body) + 1)
    body[place:place] = [rng.choice(strange) for _ in range(rng.choice((1, 1, 2)))]
    head = f"<html><head><title>{title}</title><meta name=date content=2024-02-05></head><body>"
    text = f"{head}<article><h1>Peru recalls envoy</h1>{''.join(body)}</article></body></html>"
    return text.encode("utf-8", "surrogatepass")
