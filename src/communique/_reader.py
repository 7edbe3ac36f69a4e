"""`Reader`: pages in, reports out."""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from . import pages
from .catalogue import Catalogue
from .events import events_of, figures_of, links_of
from .pages import Draft
from .parties import Linker, Resolver
from .places import Places
from .reading import WEIGHTS, Analyser, Model, Reading, paragraphs_of
from .schema import Article, Failure, ManyArticles, PageError, PageSource, Paragraph, Party, PartyMention, Published, Report
from .statements import Chain, statements_of
from .times import anchor_of, dateline, inferred, parse_day, times_of

try:
    VERSION = version("communique")
except PackageNotFoundError:  # run from a checkout that is not installed
    VERSION = "0.1.0"

_ADDRESS = re.compile(r"(?i)^[a-z][a-z0-9+.-]*://")
LONGEST = 400_000  # characters of one article; what is longer is no news article


class Reader:
    """Model and catalogue, loaded once; may be shared between threads.

    `model` is "default"; `catalogue` a CSV of a user's own parties (columns: name,aliases,wikidata,country,sector,office,from,to).
    """

    def __init__(self, model: str = "default", catalogue: str | Path | None = None, codebooks: Iterable[str | Path] = (), threads: int = 1) -> None:
        if list(codebooks):
            raise ValueError("codebooks are not read by this version")
        self._settings: dict[str, Any] = {"model": model, "catalogue": catalogue}
        self._model = Model(_model_folder(model), threads=threads)
        self._analyse = Analyser(self._model)
        self._catalogue = Catalogue(catalogue)
        self._resolver = Resolver(self._catalogue)
        self._places = Places(self._catalogue)
        mark = hashlib.sha256(Path(catalogue).read_bytes()).hexdigest()[:8] if catalogue else "default"
        self.version = f"communique {VERSION}, model {self._model.checksum}, catalogue {mark}"

    def read(self, page: str | Path | bytes, url: str | None = None, published: str | None = None) -> Report:
        """Reads a path or bytes holding one article.

        Raises `ManyArticles` where there are several and `PageError(page, cause)` where there is none; never fetches an address.
        """
        if isinstance(page, (str, Path)) and _ADDRESS.match(str(page)):
            raise ValueError(f"{page}: read takes a path or bytes and never fetches an address")
        name = "<bytes>" if isinstance(page, bytes) else str(page)
        data = page if isinstance(page, bytes) else pages.load(page)
        found = []
        for draft in pages.drafts(data, name, url):
            found.append(draft)
            if len(found) > 1:
                raise ManyArticles(name, "holds many articles: use read_all")
        if not found:
            raise PageError(name, "no article in it")
        if isinstance(found[0], Failure):
            raise PageError(found[0].page, found[0].cause)
        return self._report(found[0], published)

    def read_text(
        self, text: str, title: str | None = None, url: str | None = None, publisher: str | None = None, published: str | None = None, id: str | None = None
    ) -> Report:
        """Reads a text as it stands; offsets are into this very string, and blank lines part paragraphs.

        `title` is kept where the text begins with it.
        """
        if not isinstance(text, str):
            raise TypeError(f"text is a {type(text).__name__}, not a string")
        if len(text) > LONGEST:
            raise PageError(id or "<text>", f"too long: {len(text):,} characters, at most {LONGEST:,} are read as one article")
        spans = paragraphs_of(text)
        if title and text.startswith(title):
            spans = [(s, e) for s, e in spans if s >= len(title)] or spans
        else:
            title = None
        day = self._given(published)
        source = PageSource("text", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), len(text.encode("utf-8", "surrogatepass")))
        article = self._article(text, spans, title, url, None, self._publisher(publisher, None), day, None, source, id)
        return self._complete(article)

    def read_all(
        self, paths: Iterable[str | Path] | str | Path, workers: int = 1, columns: Mapping[str, str] | None = None, published: str | None = None
    ) -> Iterator[Report | Failure]:
        """Reads files of any known format, many articles to a file; a `Report` or a `Failure(page, cause)` each, in input order."""
        if isinstance(paths, (str, Path)):
            paths = [paths]
        self._given(published)
        source = _all_drafts(paths, columns)
        if workers <= 1:
            for draft in source:
                yield draft if isinstance(draft, Failure) else self._safe(draft, published)
            return
        with ProcessPoolExecutor(workers, initializer=_start, initargs=(self._settings,)) as pool:
            waiting: deque[Failure | Future[Report | Failure]] = deque()
            for draft in source:
                waiting.append(draft if isinstance(draft, Failure) else pool.submit(_work, draft, published))
                while len(waiting) > 8 * workers:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())

    def relate(self, sentence: str, actor: tuple[int, int] | None, recipient: tuple[int, int] | None) -> list[tuple[str, float]]:
        """What one party does to another in a sentence: all sixteen types with probabilities that sum to 1, the likeliest first.

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
        mixed = 0.7 * types[:16] + 0.3 * (weights @ reading.types[:, :16])
        mixed = mixed / mixed.sum()
        return sorted(((name, float(p)) for name, p in zip(self._model.labels.type, mixed)), key=lambda t: (-t[1], t[0]))

    def resolve(self, text: str, on: str | None = None, context: str = "") -> Party | None:
        """The party a phrase means on a day (YYYY-MM-DD), or `None`."""
        found = self._resolver.resolve(text, on, context)
        return found.party if found else None

    def analyse(self, text: str) -> Reading:
        """The syntax and all that the model says of each word; `.to_conllu()` gives it in Universal Dependencies."""
        return self._analyse(text)

    def _given(self, published: str | None) -> Published | None:
        if published is None:
            return None
        days = parse_day(published)
        if days is None:
            raise ValueError(f"published: '{published}' is no date (YYYY-MM-DD)")
        return Published(days[0], days[1], "given")

    def _safe(self, draft: Draft, published: str | None) -> Report | Failure:
        try:
            return self._report(draft, published)
        except PageError as error:
            return Failure(error.page, error.cause)
        except Exception as error:  # one bad page must not cost the others
            return Failure(draft.name, f"could not be read: {type(error).__name__}: {str(error)[:160]}")

    def _report(self, draft: Draft, published: str | None) -> Report:
        parts = [*([draft.title] if draft.title else []), *draft.paragraphs]
        text, spans = "", []
        for part in parts:
            if text:
                text += "\n\n"
            spans.append((len(text), len(text) + len(part)))
            text += part
        if len(text) > LONGEST:
            raise PageError(draft.name, f"too long: {len(text):,} characters of text, at most {LONGEST:,} are read as one article")
        body = spans[1:] if draft.title else spans
        day = self._given(published) or self._stated(draft, text, body)
        source = PageSource(draft.format, draft.sha256, draft.bytes)
        publisher = self._publisher(draft.publisher, draft.domain)
        return self._complete(self._article(text, body, draft.title, draft.url, draft.byline, publisher, day, draft.language, source, None))

    def _stated(self, draft: Draft, text: str, body: list[tuple[int, int]]) -> Published | None:
        """The page's own day: as stated, else in a dateline, else what the text lets one infer."""
        if draft.published and (days := parse_day(draft.published)):
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
        entry = next((e for n in (name, known[0] if known else None) if n for e in self._catalogue.named(n) if e.sector == "JRN"), None)
        if entry:
            return PartyMention(None, None, None, entry.name, entry.wikidata, entry.country, "JRN")
        if name or known:
            return PartyMention(None, None, None, name or (known[0] if known else None), None, known[1] if known else None, "JRN")
        return None

    def _article(
        self, text: str, spans: list[tuple[int, int]], title: str | None, url: str | None, byline: str | None, publisher: PartyMention | None,
        published: Published | None, language: str | None, source: PageSource, given: str | None,
    ) -> Article:  # fmt: skip
        key = hashlib.sha256(f"{url or ''}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return Article(
            id=given or f"a:{key}", url=url, title=title, byline=byline, publisher=publisher, published=published,
            language=pages.language_of(text) or language, text=text, paragraphs=tuple(Paragraph(s, e) for s, e in spans), page=source,
        )  # fmt: skip

    def _home(self, article: Article) -> str | None:
        """The publisher's country, by what is known of it or by its domain's last part."""
        if article.publisher and article.publisher.country:
            return article.publisher.country
        host = (urlsplit(article.url).hostname or "") if article.url else ""
        return self._catalogue.gazetteer.domains.get(host.rpartition(".")[2])

    def _complete(self, article: Article) -> Report:
        reading = self._analyse(article.text)
        day = _middle(article.published) if article.published else None
        times = times_of(reading, anchor_of(article.published))
        linker = Linker(reading, self._resolver, day)
        found = statements_of(reading, linker)
        chain = Chain(reading, found)
        places = self._places.of(reading, linker, self._home(article))
        events = events_of(self._model, reading, linker, chain, times, places, article.published, article.id, self.version)
        acting = [p for e in events for p in (*e.actors, *e.recipients)] + [f.statement.source for f in found if f.statement.source]
        return Report(
            article=article, parties=linker.mentions(), places=self._places.spoken_of(places, reading, acting), times=times, statements=tuple(f.statement for f in found), events=events,
            links=links_of(reading, events), figures=figures_of(reading, linker, chain, times), vector=reading.vector,
        )  # fmt: skip


def _model_folder(name: str) -> Path:
    """Where the weights of a name lie; a path to a folder of exported weights is its own name."""
    folder = WEIGHTS.get(name, Path(name))
    if not (folder / "reader.onnx").is_file():
        known = ", ".join(f"'{n}'" for n, f in WEIGHTS.items() if f.is_dir())
        raise ValueError(f"no model '{name}': this build has {known}, or name a folder with reader.onnx")
    return folder


def _middle(published: Published) -> str:
    """The day as of which parties are resolved: the page's own, or the middle of the days it may have been written on."""
    first, last = date.fromisoformat(published.from_), date.fromisoformat(published.to)
    return (first + (last - first) / 2).isoformat()


def _all_drafts(paths: Iterable[str | Path], columns: Mapping[str, str] | None) -> Iterator[Draft | Failure]:
    for path in paths:
        if _ADDRESS.match(str(path)):
            yield Failure(str(path), "is an address: only files are read, nothing is fetched")
            continue
        if os.path.isdir(path):
            inner = sorted(p for p in Path(path).rglob("*") if p.is_file() and not p.name.startswith("."))
            yield from _all_drafts(inner, columns)
            continue
        try:
            data = pages.load(path)
        except PageError as error:
            yield Failure(error.page, error.cause)
            continue
        yield from pages.drafts(data, str(path), None, columns)


_worker: Reader | None = None


def _start(settings: dict[str, Any]) -> None:
    global _worker
    _worker = Reader(**settings)


def _work(draft: Draft, published: str | None) -> Report | Failure:
    assert _worker is not None
    return _worker._safe(draft, published)


def _result(item: Failure | Future[Report | Failure]) -> Report | Failure:
    return item if isinstance(item, Failure) else item.result()
