"""The data classes of Communiqué and their JSON form.

Every class is a frozen dataclass. Its fields have the order and names of its JSON object, with one exception: "from" is
a Python keyword and is written `from_`. `start` and `end` are offsets in characters (Unicode code points) into the
article's text; both are `None` for what comes from outside the text.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeVar, Union

SCHEMA_VERSION = 1
DEFAULT_CONFIDENCE = 0.2  # lowest confidence of events shown and counted, chosen in cross-validation

TYPES = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)
Sector = Literal[
    "GOV",
    "MIL",
    "COP",
    "JUD",
    "LEG",
    "PTY",
    "SPY",
    "PRM",
    "REB",
    "UAF",
    "UNK",
    "AGR",
    "BUS",
    "CRM",
    "CVL",
    "EDU",
    "ELI",
    "JRN",
    "LAB",
    "MED",
    "REF",
    "OPP",
    "PRE",
    "REL",
    "SOC",
]
Modality = Literal["actual", "future", "possible", "conditional", "desired"]
Polarity = Literal["positive", "negative"]
Quad = Literal["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"]
Precision = Literal["day", "week", "month", "quarter", "year", "longer"]
_LONGEST: tuple[tuple[int, Precision], ...] = ((1, "day"), (7, "week"), (31, "month"), (92, "quarter"), (366, "year"))
T = TypeVar("T")


class PageError(Exception):
    """A page cannot be read. Holds the page's name and the cause."""

    def __init__(self, page: str, cause: str) -> None:
        super().__init__(f"{page}: {cause}")
        self.page, self.cause = page, cause


class ManyArticles(PageError):
    """A file of many articles was given where one was expected."""


class Node:
    """Base of all data classes: `to_dict()` returns the JSON object, `from_dict()` reads one."""

    def to_dict(self) -> dict[str, Any]:
        return typing.cast("dict[str, Any]", plain(self))

    @classmethod
    def from_dict(cls: type[T], value: dict[str, Any]) -> T:
        return typing.cast(T, build(cls, value))


@dataclass(frozen=True, slots=True)
class Span(Node):
    """A stretch of the article's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Party(Node):
    """A state, person, organisation or kind of people as the catalogue knows it on a day.

    `country` is ISO 3166 alpha-3 or one of PLOVER's IGO, UNO, EUR, NGO, ISM, IMG, MNC; `id` a Wikidata id.
    """

    name: str | None
    id: str | None
    country: str | None
    sector: Sector | None
    also: tuple[Sector, ...] = ()
    office: str | None = None

    def at(self, text: str | None, start: int | None, end: int | None) -> PartyMention:
        """Returns the party as mentioned by a phrase of the text."""
        return PartyMention(text, start, end, self.name, self.id, self.country, self.sector, self.also, self.office)


@dataclass(frozen=True, slots=True)
class PartyMention(Node):
    """A party where the text names it; `text` is the noun phrase without a relative clause."""

    text: str | None
    start: int | None
    end: int | None
    name: str | None
    id: str | None
    country: str | None
    sector: Sector | None
    also: tuple[Sector, ...] = ()
    office: str | None = None

    @property
    def party(self) -> Party:
        return Party(self.name, self.id, self.country, self.sector, self.also, self.office)


@dataclass(frozen=True, slots=True)
class Mention(Node):
    """A party mention with the number of its entity in this article."""

    text: str | None
    start: int | None
    end: int | None
    name: str | None
    id: str | None
    country: str | None
    sector: Sector | None
    also: tuple[Sector, ...]
    office: str | None
    entity: int


@dataclass(frozen=True, slots=True)
class Place(Node):
    """A named place; `lat` and `lon` in degrees, `geonames` its GeoNames id."""

    text: str | None
    start: int | None
    end: int | None
    name: str | None
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    geonames: int | None


@dataclass(frozen=True, slots=True)
class Time(Node):
    """A time expression with its TIMEX3 type and value and the days it covers, both included."""

    text: str
    start: int
    end: int
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str | None
    from_: str | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Medium(Node):
    """The medium of a statement: an interview, a message, a newspaper."""

    text: str
    start: int
    end: int
    party: PartyMention | None


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """Somebody says, thinks, wants or denies something."""

    id: str
    source: PartyMention | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: Literal["direct", "indirect", "mixed"]
    medium: Medium | None
    addressee: PartyMention | None
    within: str | None


@dataclass(frozen=True, slots=True)
class EventDate(Node):
    """When an event happened, and how that is known; `precision` is the shortest unit that holds its days.

    `precision` is always computed from the days; a given value is ignored.
    """

    text: str | None
    start: int | None
    end: int | None
    from_: str | None
    to: str | None
    basis: Literal["stated", "published", "inferred", "none"]
    precision: Precision | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "precision", precision_of(self.from_, self.to))


@dataclass(frozen=True, slots=True)
class Attribution(Node):
    """One link of the chain of reporting; `level` 0 is the outermost."""

    text: str | None
    start: int | None
    end: int | None
    name: str | None
    id: str | None
    country: str | None
    sector: Sector | None
    office: str | None
    cue: str | None
    kind: Literal["reported", "stated", "assessed"]
    level: int
    statement: str | None


@dataclass(frozen=True, slots=True)
class Evidence(Node):
    """The sentence or clause that reports an event, and its trigger word."""

    start: int
    end: int
    text: str
    trigger: Span | None


@dataclass(frozen=True, slots=True)
class Event(Node):
    """Somebody does something to somebody, in PLOVER's terms."""

    id: str
    article: str
    story: str | None
    codebook: str | None
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    quad: Quad
    score: float | None
    actors: tuple[PartyMention, ...]
    recipients: tuple[PartyMention, ...]
    date: EventDate | None
    place: Place | None
    modality: Modality
    polarity: Polarity
    according_to: tuple[Attribution, ...]
    statements: tuple[str, ...]
    evidence: Evidence
    also: tuple[Evidence, ...]
    confidence: float
    reader: str


@dataclass(frozen=True, slots=True)
class Link(Node):
    """A tie between two events of an article."""

    type: Literal["condition", "unless", "in_return_for", "response", "during", "after", "cause"]
    event: str
    other: str
    cue: Span | None


@dataclass(frozen=True, slots=True)
class Figure(Node):
    """A measured quantity."""

    text: str
    start: int
    end: int
    of: str | None
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    change: bool
    from_: str | None
    to: str | None
    parties: tuple[PartyMention, ...]
    according_to: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class Post(Node):
    """A post of live reports: where it begins in the text, and its day."""

    start: int
    day: str


@dataclass(frozen=True, slots=True)
class Published(Node):
    """The day or days an article was published, and where they come from."""

    from_: str
    to: str
    basis: Literal["stated", "url", "markup", "given", "inferred"]
    text: str | None = None
    start: int | None = None
    end: int | None = None
    posts: tuple[Post, ...] = ()

    def at(self, position: int) -> Published:
        """Returns the publication day that applies at a character of the text: in live reports the day of its post."""
        post = next((p for p in reversed(self.posts) if p.start <= position), None)
        return self if post is None else Published(post.day, post.day, self.basis)


@dataclass(frozen=True, slots=True)
class Paragraph(Node):
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageSource(Node):
    """The page an article was read from; `sha256` and `bytes` are the page's."""

    format: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Article(Node):
    """The main text of a page: the title, then the paragraphs, separated by blank lines."""

    id: str
    url: str | None
    title: str | None
    byline: str | None
    publisher: PartyMention | None
    published: Published | None
    language: str | None
    text: str
    paragraphs: tuple[Paragraph, ...]
    page: PageSource | None


@dataclass(frozen=True, slots=True)
class Report(Node):
    """An article and everything that was read in it; `notes` name the parts of its page that could not be read."""

    article: Article
    parties: tuple[Mention, ...]
    places: tuple[Place, ...]
    times: tuple[Time, ...]
    statements: tuple[Statement, ...]
    events: tuple[Event, ...]
    links: tuple[Link, ...]
    figures: tuple[Figure, ...]
    vector: tuple[float, ...] = field(default=(), metadata={"json": False})
    reader: str = field(default="", metadata={"json": False})
    furniture: tuple[str, ...] = field(default=(), metadata={"json": False})
    notes: tuple[Failure, ...] = field(default=(), metadata={"json": False})


@dataclass(frozen=True, slots=True)
class Failure(Node):
    """A page, or a part of it, that could not be read."""

    page: str
    cause: str


def precision_of(first: str | None, last: str | None) -> Precision | None:
    """Returns the shortest unit that covers `first` to `last` (YYYY-MM-DD), or `None` if unknown."""
    if first is None or last is None:
        return None
    try:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    except ValueError:
        return None
    return next((unit for most, unit in _LONGEST if days <= most), "longer")


def days_told(first: str | None, last: str | None, between: str = " to ") -> str:
    """Returns days as text: a whole month or year by its name ("2018-05", "2018"), else the first and last day; "" if
    unknown.
    """
    if not first or not last or first == last:
        return first or last or ""
    if first[:4] == last[:4] and (first[5:], last[5:]) == ("01-01", "12-31"):
        return first[:4]
    if first[:7] == last[:7] and first.endswith("-01") and precision_of(first, last) == "month" and int(last[8:]) >= 28:
        following = date.fromisoformat(last) + timedelta(1)
        if following.day == 1:
            return first[:7]
    return f"{first}{between}{last}"


def _name(field_: dataclasses.Field[Any]) -> str:
    return "from" if field_.name == "from_" else field_.name


def plain(value: Any) -> Any:
    """Converts dataclasses to dictionaries and tuples to lists, recursively."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            _name(f): plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.metadata.get("json", True)
        }
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value


_hints: dict[type, dict[str, Any]] = {}


def hints(cls: type) -> dict[str, Any]:
    if cls not in _hints:
        _hints[cls] = typing.get_type_hints(cls)
    return _hints[cls]


def build(kind: Any, value: Any) -> Any:
    """Builds a value from its JSON form by the type annotations. The inverse of `plain`."""
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return build(next(a for a in typing.get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        return tuple(build(typing.get_args(kind)[0], v) for v in value)
    if dataclasses.is_dataclass(kind):
        found = {}
        for f in dataclasses.fields(kind):
            if _name(f) in value:
                found[f.name] = build(hints(typing.cast(type, kind))[f.name], value[_name(f)])
        return typing.cast(Any, kind)(**found)
    return value


def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of a report, made from the classes."""
    definitions: dict[str, Any] = {}

    def of(kind: Any) -> dict[str, Any]:
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if origin in (Union, types.UnionType):
            return {"anyOf": [of(a) for a in args]}
        if origin is tuple:
            return {"type": "array", "items": of(args[0])}
        if origin is Literal:
            return {"enum": list(args)}
        if dataclasses.is_dataclass(kind):
            cls = typing.cast(type, kind)
            if cls.__name__ not in definitions:
                definitions[cls.__name__] = {}
                fields = [f for f in dataclasses.fields(cls) if f.metadata.get("json", True)]
                definitions[cls.__name__] = {
                    "type": "object",
                    "properties": {_name(f): of(hints(cls)[f.name]) for f in fields},
                    "required": [_name(f) for f in fields],
                    "additionalProperties": False,
                }
                if cls.__doc__ and not cls.__doc__.startswith(cls.__name__):
                    definitions[cls.__name__]["description"] = cls.__doc__.split("\n")[0]
            return {"$ref": f"#/$defs/{cls.__name__}"}
        names = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
        return {"type": names[kind]}

    top = of(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Communiqué report",
        "version": SCHEMA_VERSION,
        **top,
        "$defs": dict(sorted(definitions.items())),
    }
