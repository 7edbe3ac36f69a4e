"""The room's web application: every view as a page and, at the same address with `.json`, as data."""

from __future__ import annotations

import hmac
import io
import json
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import anyio
from fastapi import FastAPI, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, pass_context, select_autoescape
from jinja2.runtime import Context
from starlette.datastructures import FormData

from .. import DEFAULT_CONFIDENCE, __version__
from ..record import (
    NoRecord,
    NotFound,
    RecordBusy,
    RecordDamaged,
    RecordError,
    UnknownName,
    checks,
    lookup,
    open_record,
    ranking,
)
from ..record.exports import flat_table, write_csv
from ..schema import TYPES, PageError
from . import charts, marked, views
from .views import Look
from .worker import Worker

LOCAL = ("127.0.0.1", "localhost", "::1", "[::1]")
LARGEST = 20_000_000  # bytes of an uploaded page
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KEPT = 64  # cached answers, valid until the record changes
WAITING = 12  # pages that may wait to be read
FORM = 200_000  # bytes of a judgement form
HERE = Path(__file__).parent


class Room:
    """A record that is opened for each question and closed after it, so that others may write in between."""

    def __init__(self, path: str | Path, review: bool = False) -> None:
        self.path, self.review = Path(path), review
        self._lock = threading.Lock()
        self._keeping = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._answers: dict[str, tuple[tuple[int, ...] | None, dict[str, Any]]] = {}
        self.worker = Worker()
        self._waiting = 0
        self._turn: anyio.CapacityLimiter | None = None

    def answer(self, key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Returns what `make` gives, cached until the record changes. Simultaneous requests for the same key share one
        computation.
        """
        with self._keeping:
            turn = self._turns.setdefault(key, threading.Lock())
        try:
            with turn:
                stamp = self._stamp()
                held = self._answers.get(key)
                if held is None or stamp is None or held[0] != stamp:
                    held = (stamp, make())
                with self._keeping:
                    self._answers.pop(key, None)
                    self._answers[key] = held
                    while len(self._answers) > KEPT:
                        self._answers.pop(next(iter(self._answers)))
                return held[1]
        finally:
            with self._keeping:
                if not turn.locked():
                    self._turns.pop(key, None)

    def _stamp(self) -> tuple[int, ...] | None:
        """Returns a value that changes when the record does; `None` if the record is missing or being written."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        if self.path.with_name(self.path.name + ".wal").exists():
            return None  # another process is writing
        return found.st_ino, found.st_size, found.st_mtime_ns

    @contextmanager
    def record(self, write: bool = False) -> Iterator[Any]:
        # DuckDB opens a file either for many readers or for one writer, within and between processes.
        with self._lock if write or self.review else _nothing():
            record = open_record(self.path, read_only=not write)
            try:
                yield record
            finally:
                record.close()

    async def working(self, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Returns the worker's answer; requests run one at a time. Waiting requests hold no thread, so that views are
        still served.
        """
        if self._waiting >= WAITING:
            raise Wrong(503, f"{self._waiting} pages wait to be read here", "Drop it again in a minute.")
        if self._turn is None:
            self._turn = anyio.CapacityLimiter(1)
        self._waiting += 1
        try:
            return await anyio.to_thread.run_sync(ask, limiter=self._turn)
        finally:
            self._waiting -= 1


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("communique.room"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )

    @pass_context
    def link(context: Context, path: str, /, **asked: Any) -> str:
        """Returns an address of the room that keeps the confidence threshold and scope of the current view."""
        look = context.get("look") or Look()
        kept = {
            "confidence": None if look.confidence == DEFAULT_CONFIDENCE else f"{look.confidence:g}",
            "scope": look.scope,
        }
        query = urlencode({k: v for k, v in (kept | asked).items() if v not in (None, "")})
        path, hash_, place = path.partition("#")
        return path + (f"?{query}" if query else "") + hash_ + place

    made.globals.update(
        link=link,
        charts=charts,
        version=__version__,
        usual=DEFAULT_CONFIDENCE,
        likely=ranking.LIKELY,
        state_name=lookup.state_name,
    )
    made.globals.update(title_of=views.title_of, types=TYPES)
    made.filters["path"] = lambda value: quote(str(value), safe="")
    made.filters["number"] = lambda value: (
        f"{value:,}" if isinstance(value, int) else "–" if value is None else f"{value:.1f}"
    )
    return made


class Wrong(Exception):
    """A request that cannot be answered: HTTP status, message and hint."""

    def __init__(self, status: int, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.status, self.text, self.hint = status, text, hint


def _day(text: str | None, name: str) -> str | None:
    return checks.day(name, text) if text else None


async def _form(request: Request, most: int) -> FormData:
    """Returns the fields of a form. Raises `Wrong` if it is larger than `most` bytes."""
    told = request.headers.get("content-length", "")
    received = int(told) if told.isascii() and told.isdigit() else 0
    refusal = Wrong(
        413, f"more than {most / 1_000_000:g} MB", "One page at a time is read here; many are for `communique add`."
    )
    if received > most:
        raise refusal
    received = 0

    async def counted() -> Any:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most:
            raise refusal
        return message

    return await Request(request.scope, counted).form()


def asked_of(request: Request) -> dict[str, Any]:
    """Returns the filters of a request for `record.events`. Raises if `since` is after `until`."""
    return checks.asked({k: v for k in views.ASKED if (v := request.query_params.get(k, "").strip())})


def look_of(request: Request) -> Look:
    """Returns the confidence threshold and scope that a request asks for."""
    asked = checks.asked({k: v for k in ("confidence", "scope") if (v := request.query_params.get(k, "").strip())})
    return Look(asked.get("confidence", DEFAULT_CONFIDENCE), asked.get("scope"))


def _day_of(request: Request, name: str) -> str | None:
    return _day(request.query_params.get(name, "").strip() or None, name)


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, "")
    return min(most, max(1, int(text[:9]))) if text.isascii() and text.isdigit() else default


def application(
    path: str | Path, review: bool = False, hosts: tuple[str, ...] = LOCAL, token: str | None = None
) -> FastAPI:
    """Returns the application over a record. With a `token` every request must carry it, first as `?token=` and then in
    its cookie.
    """
    room = Room(path, review)
    with room.record():
        pass

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        room.worker.close()

    app = FastAPI(
        title="Communiqué: the reading room",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
    )
    templates = _environment()
    app.state.room = room
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    def page(template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
        return HTMLResponse(
            templates.get_template(f"{template}.html").render(review=room.review, record=room.path.name, **values),
            status,
        )

    @app.middleware("http")
    async def guarded(request: Request, call: Callable[[Request], Any]) -> Response:
        host = (
            (request.headers.get("host") or "").rsplit(":", 1)[0]
            if not (request.headers.get("host") or "").endswith("]")
            else request.headers["host"]
        )
        answer: Response
        if host not in hosts:
            answer = Response("there is no page at this address", 421)
        elif token is not None and not _known(request, token):
            answer = Response(
                "this room is opened with the address that was printed when it started, token included", 401
            )
        elif (
            request.method == "POST"
            and request.headers.get("origin", f"{request.url.scheme}://{request.headers.get('host')}")
            != f"{request.url.scheme}://{request.headers.get('host')}"
        ):
            answer = Response("sent from another page", 403)
        else:
            answer = await call(request)
        answer.headers.update(
            {
                "Content-Security-Policy": POLICY,
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "same-origin",
                "Cache-Control": "no-store",
                "X-Frame-Options": "DENY",
            }
        )
        if request.url.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "max-age=3600"
        if token is not None and request.query_params.get("token") and _known(request, token):
            answer.set_cookie("room", token, httponly=True, samesite="strict")
        return answer

    def failed(request: Request, status: int, text: str, hint: str = "", near: tuple[str, ...] = ()) -> Response:
        if request.url.path.endswith(".json"):
            return JSONResponse({"error": text, "hint": hint, "near": list(near)}, status)
        given = dict(request.query_params)
        wrong = [k for k, v in given.items() if f"'{v}'" in text]
        instead = [{"name": n, "asked": given | dict.fromkeys(wrong, n)} for n in near] if wrong else []
        return page("error", status, view="error", text=text, hint=hint, near=instead, path=request.url.path)

    @app.exception_handler(Wrong)
    async def wrong(request: Request, error: Wrong) -> Response:
        return failed(request, error.status, error.text, error.hint)

    @app.exception_handler(RecordError)
    async def refused(request: Request, error: RecordError) -> Response:
        text = str(error).removeprefix(f"{room.path}: ")
        if isinstance(error, RecordBusy):
            return failed(request, 503, "the record is being written to just now", "Load this page again in a moment.")
        if isinstance(error, NoRecord):
            return failed(
                request,
                503,
                f"the record {room.path.name} is gone",
                "Put the file back where it was; the room shows it again then.",
            )
        if isinstance(error, RecordDamaged):
            return failed(request, 503, text, "Put back a copy of the record that is whole.")
        if isinstance(error, UnknownName):
            return failed(request, 404 if request.url.path.startswith("/party/") else 400, text, near=error.near)
        if isinstance(error, NotFound):
            return failed(request, 404, text, "Look for it in the table of events.")
        return failed(request, 400, text, "Correct the address, or begin again with the overview.")

    @app.exception_handler(404)
    async def missing(request: Request, error: Any) -> Response:
        return failed(request, 404, "there is no such view", "Begin again with the overview.")

    def view(
        address: str, template: str, make: Callable[[Request], dict[str, Any]], about: str, held: bool = False
    ) -> None:
        """Registers a view at an address, and its data at the same address with `.json`. `held` caches slow answers
        until the record changes.
        """
        if held:
            make = _holding(room, make)

        def as_page(request: Request) -> Response:
            others = [
                (k, v)
                for k, v in request.query_params.multi_items()
                if k not in ("confidence", "scope", "page", "token")
            ]
            return page(
                template, view=template, look=look_of(request), path=request.url.path, others=others, **make(request)
            )

        def as_data(request: Request) -> Response:
            return JSONResponse(make(request))

        app.get("/index.json" if address == "/" else f"{address}.json", summary=about, name=f"{template}_json")(as_data)
        app.get(address, include_in_schema=False, response_class=HTMLResponse, name=template)(as_page)

    def overview(request: Request) -> dict[str, Any]:
        since, until = checks_days(request)
        with room.record() as record:
            return views.overview(record, look_of(request), since, until)

    def checks_days(request: Request) -> tuple[str | None, str | None]:
        asked = checks.asked({"since": _day_of(request, "since"), "until": _day_of(request, "until")})
        return asked.get("since"), asked.get("until")

    def events(request: Request) -> dict[str, Any]:
        order = request.query_params.get("order", "importance")
        with room.record() as record:
            return views.events(
                record,
                look_of(request),
                asked_of(request),
                order,
                request.query_params.get("down", "1") != "0",
                _number(request, "page", 1, 1_000_000),
            )

    def statements(request: Request) -> dict[str, Any]:
        asked = {k: v for k in views.SAID if (v := request.query_params.get(k, "").strip())}
        with room.record() as record:
            return views.statements(record, asked, _number(request, "page", 1, 1_000_000))

    def dyad(request: Request) -> dict[str, Any]:
        every = request.query_params.get("every") or None
        with room.record() as record:
            return views.dyad(
                record,
                look_of(request),
                request.path_params["a"],
                request.path_params["b"],
                every,
                *checks_days(request),
            )

    def event(request: Request) -> dict[str, Any]:
        with room.record() as record:
            return views.event(record, request.path_params["key"])

    def article(request: Request) -> dict[str, Any]:
        with room.record() as record:
            return views.article(record, look_of(request), request.path_params["key"])

    def party(request: Request) -> dict[str, Any]:
        with room.record() as record:
            return views.party(record, look_of(request), request.path_params["key"])

    def world(request: Request) -> dict[str, Any]:
        with room.record() as record:
            return views.world(record, look_of(request), asked_of(request))

    def calendar(request: Request) -> dict[str, Any]:
        with room.record() as record:
            return views.calendar(record, look_of(request))

    def brief(request: Request) -> dict[str, Any]:
        with room.record() as record:
            return views.brief(
                record,
                look_of(request),
                request.query_params.get("about", "").strip() or None,
                request.query_params.get("since") or "7d",
                _day_of(request, "until"),
            )

    def glossary(request: Request) -> dict[str, Any]:
        return views.glossary()

    def reviewed(request: Request) -> dict[str, Any]:
        if not room.review:
            raise Wrong(403, "this room is read-only", "Start it with --review to judge events.")
        by = request.query_params.get("by") or unquote(request.cookies.get("by") or "")
        queue = request.query_params.get("queue") or "important"
        with room.record() as record:
            return views.unjudged(record, look_of(request), queue, by, request.query_params.get("after")) | {"by": by}

    @app.get("/names.json", summary="Names of the record that begin as q does, with what to ask for them by")
    def names(q: str = "") -> Response:
        with room.record() as record:
            return JSONResponse({"names": [n.to_dict() for n in record.names(q[:100])]})

    @app.get("/events/download", summary="The events that are shown, as csv, jsonl or parquet")
    def download(request: Request) -> Response:
        form = request.query_params.get("as", "csv")
        with room.record() as record:
            rows = list(record.events(**asked_of(request), **look_of(request).asked).dicts())
            articles = record.sources()
        if form == "jsonl":
            return _file(
                "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode("utf-8", "replace"),
                "events.jsonl",
                "application/x-ndjson",
            )
        if form == "parquet":
            import pyarrow.parquet

            out = io.BytesIO()
            pyarrow.parquet.write_table(flat_table(rows, articles), out)
            return _file(out.getvalue(), "events.parquet", "application/vnd.apache.parquet")
        if form != "csv":
            raise Wrong(400, f"'{form}' is not a format: use csv, jsonl or parquet")
        text = io.StringIO()
        write_csv(((r, articles.get(r["article"])) for r in rows), text)
        return _file(text.getvalue().encode(), "events.csv", "text/csv")

    view(
        "/",
        "overview",
        overview,
        "What happened last, who with whom, what changed, what is scheduled, how much was read",
        held=True,
    )
    view("/events", "events", events, "A table of events with facets; every state of it is an address", held=True)
    view("/statements", "statements", statements, "Who said what, about whom, and who denied it", held=True)
    view("/glossary", "glossary", glossary, "What the words, colours and codes mean")
    view(
        "/dyad/{a}/{b}",
        "dyad",
        dyad,
        "Two parties over time, both directions, with the positions on the table",
        held=True,
    )
    view("/event/{key}", "event", event, "All accounts of one event side by side")
    view("/article/{key}", "article", article, "An article with what was read in it")
    view(
        "/party/{key}",
        "party",
        party,
        "A person, a state or a body: offices, what it did, said and was told",
        held=True,
    )
    view("/map", "map", world, "Events by place", held=True)
    view("/calendar", "calendar", calendar, "What is scheduled, and whether it came to pass", held=True)
    view("/brief", "brief", brief, "A briefing of two pages", held=True)
    view("/review", "review", reviewed, "The next event to judge")

    @app.post("/judge", summary="Keeps a judgement (rooms started with --review)")
    async def judge(request: Request) -> Response:
        if not room.review:
            raise Wrong(403, "this room is read-only", "Start it with --review to judge events.")
        form = {k: str(v) for k, v in (await _form(request, FORM)).items()}

        def keep() -> None:
            change = _change(form)
            with room.record(write=True) as record:
                record.judge(
                    form.get("target", ""), form.get("verdict", ""), form.get("by", ""), form.get("why", ""), change
                )

        await anyio.to_thread.run_sync(keep)
        answer = RedirectResponse(
            form["next"]
            if form.get("next", "").startswith("/") and not form.get("next", "").startswith("//")
            else "/review",
            303,
        )
        answer.set_cookie("by", quote(form.get("by", "")), httponly=True, samesite="strict")
        return answer

    _explaining(app, room, page)
    _dropping(app, room, page)
    templates.globals["paragraphs_of"] = marked.paragraphs
    templates.globals["who"] = marked._who
    return app


def _explaining(app: FastAPI, room: Room, page: Callable[..., HTMLResponse]) -> None:
    """Adds the addresses that explain why an event was coded as it is."""

    async def explained(key: str) -> dict[str, Any]:
        def kept() -> tuple[dict[str, Any], dict[str, Any] | None]:
            with room.record() as record:
                shown = views.event(record, key)
                report = record.report(shown["full"]["article"])
                return shown, report.to_dict() if report is not None and report.article.text else None

        shown, report = await anyio.to_thread.run_sync(kept)
        event = shown["event"]
        if shown["full"]["codebook"]:
            return {
                "event": event,
                "explanation": None,
                "reason": "it is of a codebook, whose types have no parts to explain",
            }
        if report is None:
            return {"event": event, "explanation": None, "reason": "the text of its article is not kept"}
        try:
            told = await room.working(lambda: room.worker.explain(report, event["id"]))
        except PageError as error:
            return {"event": event, "explanation": None, "reason": error.cause}
        return {"event": event, "explanation": told["explanation"], "reason": None}

    @app.get("/event/{key}/why.json", summary="Why an event says what it says: candidates, scores, what decided")
    async def why_data(key: str) -> Response:
        return JSONResponse(await explained(key))

    @app.get("/event/{key}/why", include_in_schema=False, response_class=HTMLResponse)
    async def why(request: Request, key: str) -> Response:
        return page("why", view="explanation", look=look_of(request), **await explained(key))


def _dropping(app: FastAPI, room: Room, page: Callable[..., HTMLResponse]) -> None:
    """Adds the addresses for uploading a page and reading it."""

    @app.get("/read", include_in_schema=False, response_class=HTMLResponse)
    def drop() -> Response:
        return page("read", view="read")

    async def read_here(data: bytes, published: str | None) -> dict[str, Any]:
        try:
            read = await room.working(lambda: room.worker.read(data, published))
        except PageError as error:
            raise Wrong(
                422, f"this page cannot be read: {error.cause}", "Give one page of HTML or plain text in English."
            ) from None
        return views.shown(read["report"], Look()) | {"tie": {}, "kept": False, "furniture": read["furniture"]}

    async def dropped(request: Request) -> tuple[bytes, str | None]:
        form = await _form(request, LARGEST + FORM)
        file, text = form.get("file"), str(form.get("text") or "")
        data = await file.read(LARGEST + 1) if isinstance(file, UploadFile) or hasattr(file, "read") else b""  # type: ignore[union-attr]
        data = data or text.encode()
        if len(data) > LARGEST:
            raise Wrong(
                413,
                f"more than {LARGEST // 1_000_000} MB",
                "One page at a time is read here; many are for `communique add`.",
            )
        if not data.strip():
            raise Wrong(422, "there is no page in what was sent", "Choose a file or paste a text.")
        return data, _day(str(form.get("published") or "") or None, "published")

    @app.post("/read.json", summary="Reads one page and keeps nothing: form fields file or text, and published")
    async def read_data(request: Request) -> Response:
        value = await read_here(*await dropped(request))
        return await anyio.to_thread.run_sync(JSONResponse, value["report"])

    @app.post("/read", include_in_schema=False, response_class=HTMLResponse)
    async def read(request: Request) -> Response:
        value = await read_here(*await dropped(request))

        def shown() -> Response:
            return page("article", view="article", paragraphs=marked.paragraphs(value["report"]), **value)

        return await anyio.to_thread.run_sync(shown)


def _change(form: dict[str, str]) -> dict[str, Any]:
    """Returns the changes in a review form. Raises `WrongQuestion` for values that cannot be parsed."""
    if form.get("verdict") == "merge":
        return {"with": form.get("with", "").strip()}
    if form.get("verdict") != "correct":
        return {}
    change: dict[str, Any] = {k: form[k].strip() for k in ("modality", "polarity") if form.get(k, "").strip()}
    if kind := form.get("type", "").strip():
        change["type"] = kind.upper() if kind.upper() in TYPES else kind
    for side in ("actors", "recipients"):
        if given := form.get(side, "").strip():
            terms = [] if given == "-" else [t.strip() for t in given.split(";") if t.strip()]
            change[side] = [lookup.as_party(t) for t in terms]
    if days := form.get("date", "").strip():
        first, _, last = days.partition("/")
        change["date"] = {"from": checks.day("date", first.strip()), "to": checks.day("date", (last or first).strip())}
    if place := form.get("place", "").strip():
        change["place"] = None if place == "-" else lookup.as_place(place)
    return change


def _holding(room: Room, make: Callable[[Request], dict[str, Any]]) -> Callable[[Request], dict[str, Any]]:
    def answer(request: Request) -> dict[str, Any]:
        key = _key(request.url.path, request.query_params.multi_items())
        return room.answer(key, lambda: make(request))

    return answer


def _key(path: str, asked: Iterable[tuple[str, str]] = ()) -> str:
    """Returns the key of a cached answer: one for a view and its data, in whatever order the values are asked."""
    return path.removesuffix(".json").removesuffix("/index").rstrip("/") + "?" + urlencode(sorted(asked))


def _known(request: Request, token: str) -> bool:
    return any(
        hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode())
        for given in (request.query_params.get("token", ""), request.cookies.get("room", ""))
        if given
    )


def _file(data: bytes, name: str, kind: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def serve(
    path: str | Path,
    review: bool = False,
    host: str = "127.0.0.1",
    port: int = 8765,
    say: Callable[[str], None] = print,
) -> None:
    """Serves a room until interrupted: on this machine only, or on another address with a token in the printed URL."""
    import uvicorn

    token = None if host in LOCAL else secrets.token_urlsafe(24)
    hosts = LOCAL if host in LOCAL else (*LOCAL, host, *_names(host))
    app = application(path, review, hosts, token)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    threading.Thread(target=_prepare, args=(app.state.room,), daemon=True).start()
    say(f"the reading room is at http://{shown}:{port}/" + (f"?token={token}" if token else ""))
    uvicorn.run(app, host=host, port=port, log_level="warning")


def _prepare(room: Room) -> None:
    """Computes the overview and loads the name tables before the first request asks for them."""

    def overview() -> dict[str, Any]:
        with room.record() as record:
            return views.overview(record, Look(), None, None)

    with suppress(RecordError):  # another process is writing; the first request asks again
        room.answer(_key("/"), overview)
    lookup.catalogue()


def _names(host: str) -> tuple[str, ...]:
    """Returns the host names of a machine that listens on every address."""
    import socket

    if host not in ("0.0.0.0", "::"):
        return ()
    own = socket.gethostname()
    try:
        return (own, socket.getfqdn(), *socket.gethostbyname_ex(own)[2])
    except OSError:
        return (own,)
