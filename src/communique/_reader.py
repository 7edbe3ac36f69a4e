"""`Reader`: pages in, reports out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from . import pages
from ._limit import LIMIT, TookTooLong, limited, too_long
from ._pool import Page, Pool, name_of, unread
from ._sources import ADDRESS, Sources
from ._version import VERSION
from .catalogue import Catalogue
from .circumstances import figures_of, links_of, ties
from .codebooks import CodebookError, Coder, Learned, Suggestion, learned, probabilities, suggest
from .codebooks.features import Features, features, mean_of
from .events import Explanation, Extractor, Weights, events_of, explained, identified
from .pages import Draft
from .parties import Candidate, Candidates, Home, Linker, Resolver, SectorChoice, home_weights
from .places import Places
from .reading import NO_TYPE, WEIGHTS, Analyser, Model, Reading, paragraphs_of
from .schema import (
    Article,
    Failure,
    ManyArticles,
    PageError,
    PageSource,
    Paragraph,
    Party,
    PartyMention,
    Place,
    Post,
    Published,
    Report,
    Time,
    precision_of,
)
from .statements import Chain, statements_of
from .times import Order, dateline, inferred, order_of, parse_day, times_of

LONGEST_ARTICLE = 400_000  # characters; a longer text is no news article
REPORTED = 0.1  # lowest confidence of an event in a report; below it hardly any is correct


class Reader:
    """Reads pages into reports. Loads model and catalogue once; may be shared between threads.

    `model` is "default", "open" (weights trained only on texts that allow every use) or a folder of exported weights.
    `catalogue` is a CSV of a user's own parties (columns: name,aliases,wikidata,country,sector,office,from,to).
    `min_confidence` (0 to 1) is the lowest confidence of an event in a report.
    """

    def __init__(
        self,
        model: str = "default",
        catalogue: str | Path | None = None,
        codebooks: Iterable[str | Path] = (),
        threads: int = 1,
        min_confidence: float = REPORTED,
    ) -> None:
        if not 0 <= min_confidence <= 1:
            raise ValueError(f"min_confidence: {min_confidence} is no probability; give a number from 0 to 1")
        codebooks = tuple([codebooks] if isinstance(codebooks, (str, Path)) else codebooks)
        self._settings: dict[str, Any] = {
            "model": model,
            "catalogue": catalogue,
            "codebooks": codebooks,
            "min_confidence": min_confidence,
        }
        self._min_confidence = min_confidence
        self._model = Model(_model_folder(model), threads=threads)
        self._weights = Weights.load(self._model.folder)
        self._analyse = Analyser(self._model)
        self._catalogue = Catalogue(catalogue)
        self._resolver = Resolver(self._catalogue)
        self._places = Places(self._catalogue)
        self._home_weights, self._kinds = home_weights(), SectorChoice.load(self._model.folder)
        self._learned = tuple(learned(path, self._model) for path in codebooks)
        if len({b.book.name for b in self._learned}) < len(self._learned):
            raise CodebookError(codebooks[-1], ["two codebooks have the same name"])
        self._coder = Coder(self._model, self._learned)
        mark = hashlib.sha256(Path(catalogue).read_bytes()).hexdigest()[:8] if catalogue else "default"
        weights = f"open {self._model.checksum}" if model == "open" else self._model.checksum
        self.version = f"communique {VERSION}, model {weights}, catalogue {mark}" + "".join(
            f", codebook {b.book.mark}" for b in self._learned
        )

    def read(self, page: str | Path | bytes, url: str | None = None, published: str | None = None) -> Report:
        """Reads a path or bytes holding one article.

        Raises `ManyArticles` if there are several, and `PageError(page, cause)` if there is none or if reading takes
        longer than `LIMIT`. Never fetches an address.
        """
        if isinstance(page, (str, Path)) and ADDRESS.match(str(page)):
            raise ValueError(f"{page}: read takes a path or bytes and never fetches an address")
        name = "<bytes>" if isinstance(page, bytes) else str(page)
        found = []
        with io.BytesIO(page) if isinstance(page, bytes) else pages.opened(page) as stream:
            for draft in pages.drafts(stream, name, url):
                found.append(draft)
                if len(found) > 1:
                    raise ManyArticles(name, "holds many articles: use read_all")
        if not found:
            raise PageError(name, "no article in it")
        if isinstance(found[0], Failure):
            raise PageError(found[0].page, found[0].cause)
        draft = found[0]
        return _in_time(draft.name, LIMIT - draft.seconds, lambda: self._report(draft, published))

    def read_text(
        self,
        text: str,
        title: str | None = None,
        url: str | None = None,
        publisher: str | None = None,
        published: str | None = None,
        id: str | None = None,
    ) -> Report:
        """Reads a text without cleaning it: offsets refer to this string, and blank lines separate paragraphs.

        `title` is kept if the text begins with it.
        """
        if not isinstance(text, str):
            raise TypeError(f"text is a {type(text).__name__}, not a string")
        if len(text) > LONGEST_ARTICLE:
            raise PageError(
                id or "<text>",
                f"too long: {len(text):,} characters, at most {LONGEST_ARTICLE:,} are read as one article",
            )
        spans = paragraphs_of(text)
        if title and text.startswith(title):
            spans = [(s, e) for s, e in spans if s >= len(title)] or spans
        else:
            title = None
        day = self._given(published)
        source = PageSource(
            "text",
            hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            len(text.encode("utf-8", "surrogatepass")),
        )
        article = self._article(text, spans, title, url, None, self._publisher(publisher, None), day, None, source, id)
        return _in_time(article.id if id else "<text>", LIMIT, lambda: self._complete(article))

    def read_all(
        self,
        paths: Iterable[str | Path] | str | Path | Sources,
        workers: int = 1,
        columns: Mapping[str, str] | None = None,
        published: str | None = None,
        known: Container[tuple[str, str | None]] = (),
        skipped: Callable[[], None] = lambda: None,
        seconds: float = LIMIT,
    ) -> Iterator[Report | Failure]:
        """Reads files of any known format, with one or many articles each. Yields a `Report` or a `Failure(page,
        cause)` per article, in input order.

        Files are read as streams; at most a few hundred articles are in memory at once. Skips pages with a `(hash,
        address)` in `known` and calls `skipped` for each. A page that takes longer than `seconds` yields a `Failure`.
        """
        self._given(published)
        sources = paths if isinstance(paths, Sources) else Sources(paths, columns, seconds=seconds)
        yield from self.read_drafts(unread(sources, known, skipped), workers, published, seconds)

    def read_drafts(
        self, source: Iterable[Draft | Failure], workers: int = 1, published: str | None = None, seconds: float = LIMIT
    ) -> Iterator[Report | Failure]:
        """Reads articles that `communique.pages` extracted from their pages, in order."""
        yield from self._each(source, workers, published, seconds)

    def _each(
        self, source: Iterable[Page | Failure], workers: int, published: str | None, seconds: float
    ) -> Iterator[Report | Failure]:
        if workers <= 1:
            for page in source:
                yield page if isinstance(page, Failure) else self._safe(page, published, seconds)
            return
        yield from Pool(workers, _begin, self._settings, seconds).read(source, published)

    def relate(
        self, sentence: str, actor: tuple[int, int] | None, recipient: tuple[int, int] | None
    ) -> list[tuple[str, float]]:
        """Returns what one party does to another in a sentence: all sixteen types with probabilities that sum to 1,
        most likely first.

        `actor` and `recipient` are character spans of the sentence.
        """
        reading = self._analyse(sentence)
        if not reading.words:
            raise ValueError("the sentence has no words")

        def vector(span: tuple[int, int] | None) -> np.ndarray | None:
            if span is None:
                return None
            inside = list(reading.words_in(*span))
            if not inside:
                raise ValueError(f"no word at {span} of the sentence")
            return np.asarray(reading.states[inside].mean(0))

        types, _, weights = self._model.relate(reading.states, reading.keys, vector(actor), vector(recipient))
        mixed = 0.7 * types[:NO_TYPE] + 0.3 * (weights @ reading.types[:, :NO_TYPE])
        mixed = mixed / mixed.sum()
        return sorted(
            ((name, float(p)) for name, p in zip(self._model.labels.type, mixed)), key=lambda t: (-t[1], t[0])
        )

    def classify(
        self,
        sentence: str,
        codebook: str | None = None,
        source: str | tuple[int, int] | None = None,
        target: str | tuple[int, int] | None = None,
    ) -> list[tuple[str, float]]:
        """Returns the types of a user's codebook with their probabilities, most likely first. They sum to at most 1;
        the rest is the probability of no type.

        `codebook` is the name of one of the reader's codebooks (required if it has several). `source` and `target` are
        substrings of the sentence or character spans.
        """
        if not self._learned:
            raise ValueError("this reader has no codebook: Reader(codebooks=[…])")
        found = next((b for b in self._learned if codebook in (None, b.book.name, b.book.mark)), None)
        if found is None or codebook is None and len(self._learned) > 1:
            raise ValueError(
                f"no codebook '{codebook}': this reader has {', '.join(b.book.name for b in self._learned)}"
            )
        reading = self._analyse(sentence)
        if not reading.words:
            raise ValueError("the sentence has no words")
        sides = []
        for side in (source, target):
            if isinstance(side, str):
                at = sentence.find(side)
                if at < 0 or not side:
                    raise ValueError(f"'{side}' does not stand in the sentence")
                side = (at, at + len(side))
            sides.append(mean_of(reading, side))
        return probabilities(found, features(self._model, reading, (0, len(reading.words)), *sides))

    @property
    def codebooks(self) -> tuple[Learned, ...]:
        """The codebooks that this reader codes with, each with its learned classifier."""
        return self._learned

    def suggestions(self, texts: Iterable[str], count: int = 10) -> list[Suggestion]:
        """Returns the sentences to label next: those that would help the first codebook most, each with the type to ask
        about.
        """
        if not self._learned:
            raise ValueError("this reader has no codebook: Reader(codebooks=[…])")

        def candidates() -> Iterator[tuple[str, Features]]:
            for own in self._learned[0].book.types:
                for e in own.examples:
                    reading = self._analyse(e.text)
                    if reading.words:
                        yield e.text, features(self._model, reading, (0, len(reading.words)))
            for text in texts:
                reading = self._analyse(text)
                for a, b in reading.sentences:
                    if 5 <= b - a <= 80:
                        yield " ".join(text[slice(*reading.span(a, b))].split()), features(self._model, reading, (a, b))

        return suggest(self._learned[0], candidates(), count)

    def reread(self, article: Article) -> Report:
        """Reads an article again from its stored text, for example with other codebooks. Does not need the page."""
        return self._complete(article)

    def reread_all(
        self, articles: Iterable[Article], workers: int = 1, seconds: float = LIMIT
    ) -> Iterator[Report | Failure]:
        """Reads many stored articles again, in order. Yields a `Report` or a `Failure(id, cause)` for each."""
        yield from self._each(articles, workers, None, seconds)

    def resolve(self, text: str, on: str | None = None, context: str = "") -> Party | None:
        """Returns the party that a phrase refers to on a day (YYYY-MM-DD), or `None`."""
        found = self._resolver.resolve(text, on, context)
        return found.party if found else None

    def candidates(self, text: str, on: str | None = None, context: str = "") -> list[Candidate]:
        """Returns the parties that a phrase may refer to on a day (YYYY-MM-DD), most likely first, with reasons. Scores
        sum to 1.

        `context` is text around the phrase. A candidate's `party` is `None` for "nobody in the catalogue".
        """
        return Candidates(self._resolver).of(text, on, context)

    def analyse(self, text: str) -> Reading:
        """Returns the model's analysis of each word, syntax included; `.to_conllu()` gives it in Universal
        Dependencies.
        """
        return self._analyse(text)

    def explain(self, report: Report, event_id: str) -> Explanation:
        """Returns why an event was coded as it is: candidates, scores, the deciding definition, the runner-up.

        Reads the article again. Raises `ValueError` if this reader finds no such event in it.
        """
        extractor, _ = self._extractor(self._analyse(report.article.text), report.article, report.times)
        for found, act in identified(extractor, report.article.id):
            if found == event_id:
                return explained(extractor, found, act)
        raise ValueError(f"no event {event_id} in article {report.article.id}: was it read by another version?")

    def _extractor(
        self, reading: Reading, article: Article, times: tuple[Time, ...] = ()
    ) -> tuple[Extractor, tuple[Place, ...]]:
        """Returns the extractor for the events of an article, and the article's places."""
        linker = Linker(reading, self._resolver, _middle(article.published) if article.published else None)
        chain = Chain(reading, statements_of(reading, linker))
        publisher = self._home(article)
        places = self._places.of(reading, linker, publisher)
        home = Home(reading, linker, places, publisher, self._home_weights, self._kinds)
        return Extractor(self._weights, reading, linker, chain, home, times), places

    def _given(self, published: str | None) -> Published | None:
        if published is None:
            return None
        days = parse_day(published)
        if days is None:
            raise ValueError(f"published: '{published}' is no date (YYYY-MM-DD)")
        return Published(days[0], days[1], "given")

    def read_draft(self, draft: Draft) -> Report | Failure:
        """Reads an article that `communique.pages` extracted from its page."""
        return self._safe(draft, None)

    def _safe(self, page: Page, published: str | None, seconds: float = LIMIT) -> Report | Failure:
        try:
            if isinstance(page, Article):
                return _in_time(page.id, seconds, lambda: self._complete(page), seconds)
            return _in_time(page.name, seconds - page.seconds, lambda: self._report(page, published), seconds)
        except PageError as error:
            return Failure(error.page, error.cause)
        except Exception as error:  # one bad page must not stop the others
            return Failure(name_of(page), f"could not be read: {type(error).__name__}: {str(error)[:160]}")

    def _report(self, draft: Draft, published: str | None) -> Report:
        parts = [*([draft.title] if draft.title else []), *draft.paragraphs]
        text, spans = "", []
        for part in parts:
            if text:
                text += "\n\n"
            spans.append((len(text), len(text) + len(part)))
            text += part
        if len(text) > LONGEST_ARTICLE:
            raise PageError(
                draft.name,
                f"too long: {len(text):,} characters of text, at most {LONGEST_ARTICLE:,} are read as one article",
            )
        body = spans[1:] if draft.title else spans
        publisher = self._publisher(draft.publisher, draft.domain)
        order = order_of(self._country(publisher, draft.url))
        day = self._given(published) or self._stated(draft, text, body, order)
        if day is not None and draft.days and not published:
            day = replace(day, posts=_posts(draft.days, body))
        source = PageSource(draft.format, draft.sha256, draft.bytes)
        report = self._complete(
            self._article(
                text, body, draft.title, draft.url, draft.byline, publisher, day, draft.language, source, None
            )
        )
        told = None if published else _unread_day(draft, day, order)
        return replace(report, furniture=draft.furniture, notes=(told,) if told else ())

    def _stated(self, draft: Draft, text: str, body: list[tuple[int, int]], order: Order | None) -> Published | None:
        """Returns the page's own day: as stated, else from a dateline, else inferred from the text. `order` is the
        order of day and month in numeric dates of the page's country.
        """
        if draft.published and (days := parse_day(draft.published, order)):
            return Published(days[0], days[1], draft.basis or "markup")  # type: ignore[arg-type]
        guess = inferred(text)
        if body and (line := dateline(text[body[0][0] : body[0][1]])):
            start, end = body[0][0] + line[0], body[0][0] + line[1]
            stated = text[start:end]
            if (days := parse_day(stated)) is None and guess is not None:
                days = parse_day(f"{stated} {guess.from_[:4]}")
            if days:
                return Published(days[0], days[1], "stated", text[start:end], start, end)
        return guess

    def _publisher(self, name: str | None, domain: str | None) -> PartyMention | None:
        known = self._catalogue.publisher(domain) if domain else None
        entry = next(
            (
                e
                for n in (name, known[0] if known else None)
                if n
                for e in self._catalogue.named(n)
                if e.sector == "JRN"
            ),
            None,
        )
        if entry:
            return PartyMention(None, None, None, entry.name, entry.wikidata, entry.country, "JRN")
        if name or known:
            return PartyMention(
                None, None, None, name or (known[0] if known else None), None, known[1] if known else None, "JRN"
            )
        return None

    def _article(
        self,
        text: str,
        spans: list[tuple[int, int]],
        title: str | None,
        url: str | None,
        byline: str | None,
        publisher: PartyMention | None,
        published: Published | None,
        language: str | None,
        source: PageSource,
        given: str | None,
    ) -> Article:
        # Without an address the publisher distinguishes two copies of the same text.
        where = url or (publisher.name if publisher else None) or ""
        key = hashlib.sha256(f"{where}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return Article(
            id=given or f"a:{key}",
            url=url,
            title=title,
            byline=byline,
            publisher=publisher,
            published=published,
            language=pages.language_of(text) or language,
            text=text,
            paragraphs=tuple(Paragraph(s, e) for s, e in spans),
            page=source,
        )

    def _home(self, article: Article) -> str | None:
        return self._country(article.publisher, article.url)

    def _country(self, publisher: PartyMention | None, url: str | None) -> str | None:
        """Returns the publisher's country, as known for it or from the top-level domain."""
        if publisher and publisher.country:
            return publisher.country
        host = pages.host_of(url) or ""
        return self._catalogue.gazetteer.domains.get(host.rpartition(".")[2])

    def _complete(self, article: Article) -> Report:
        reading = self._analyse(article.text)
        times = times_of(reading, article.published, order_of(self._home(article)))
        extractor, places = self._extractor(reading, article, times)
        linker, chain = extractor.linker, extractor.chain
        found = chain.found
        events = events_of(extractor, times, places, article.published, article.id, self.version, self._min_confidence)
        links = links_of(reading, ties(reading), events)
        if self._learned:
            at = [e.evidence.trigger.start for e in events if e.evidence.trigger]
            triggers = {i for s in at for i in reading.words_in(s, s + 1)}
            events += self._coder.events(
                extractor, times, places, article.published, article.id, self.version, triggers
            )
        acting = [p for e in events for p in (*e.actors, *e.recipients)] + [
            f.statement.source for f in found if f.statement.source
        ]
        return Report(
            article=article,
            parties=linker.mentions(extractor.home.completed),
            places=self._places.spoken_of(places, reading, acting),
            times=times,
            statements=tuple(f.statement for f in found),
            events=events,
            links=links,
            figures=figures_of(reading, linker, chain, times),
            vector=reading.vector,
            reader=self.version,
        )


def _posts(days: tuple[str | None, ...], spans: list[tuple[int, int]]) -> tuple[Post, ...]:
    """Returns the posts of live reports: the start of each paragraph with a different day from the one before."""
    found: list[Post] = []
    for stated, (start, _) in zip(days, spans):
        day = parse_day(stated) if stated else None
        if day is not None and (not found or found[-1].day != day[0]):
            found.append(Post(start, day[0]))
    return tuple(found)


def _model_folder(name: str) -> Path:
    """Returns the folder of the named weights. A path to a folder of exported weights is its own name."""
    folder = WEIGHTS.get(name, Path(name))
    if not all((folder / name).is_file() for name in ("trunk.onnx", "reader.onnx")):
        known = ", ".join(f"'{n}'" for n, f in WEIGHTS.items() if f.is_dir())
        raise ValueError(f"no model '{name}': this build has {known}, or name a folder with trunk.onnx and reader.onnx")
    return folder


def _unread_day(draft: Draft, taken: Published | None, order: Order | None) -> Failure | None:
    """Returns a note if the stated day of publication could not be read, or only its year could; else `None`."""
    if not draft.published:
        return None
    days = parse_day(draft.published, order)
    if days and (precision_of(*days) != "year" or draft.published.strip() == days[0][:4]):
        return None
    used = f"{taken.from_} to {taken.to} is taken" if taken else "the page has no day"
    return Failure(draft.name, f"'{draft.published[:60]}' is not a day of publication that can be read; {used}")


def _middle(published: Published) -> str:
    """Returns the day for which parties are resolved: the page's own, or the middle of its possible days."""
    first, last = date.fromisoformat(published.from_), date.fromisoformat(published.to)
    return (first + (last - first) / 2).isoformat()


def _in_time(name: str, left: float, read: Callable[[], Report], whole: float = LIMIT) -> Report:
    """Returns the result of `read` if it finishes within `left`, the rest of the page's `whole` seconds. Raises
    `PageError` if it takes longer.
    """
    try:
        with limited(max(left, 0.0)):
            return read()
    except TookTooLong:
        raise PageError(name, too_long(whole)) from None


def _begin(seconds: float, **settings: Any) -> Callable[[Page, str | None], Report | Failure]:
    """Starts the reader of a pool process and returns its reading function."""
    reader = Reader(**settings)
    return lambda page, published: reader._safe(page, published, seconds)
