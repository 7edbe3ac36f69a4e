"""Reading in several processes. Each process loads the model once, results come in input order, and no page can stop
the others.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from ._limit import too_long
from .pages import Draft
from .schema import Article, Failure, Report

Page = Draft | Article  # just extracted, or kept in the record

# Extra seconds for a parcel beyond its pages' own time, for example to load the model. After them its processes are
# killed, because a library call that does not return ignores the alarm.
_GRACE = 60.0
_CHARACTERS, _DRAFTS = 40_000, 16  # per parcel
_AHEAD = 4  # parcels queued per process


_reading: Callable[[Page, str | None], Report | Failure] | None = None


def _start(begin: Callable[..., Any], settings: dict[str, Any]) -> None:
    global _reading
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles interrupts and shuts the pool down
    _reading = begin(**settings)


def _work(parcel: list[Page], published: str | None) -> list[Report | Failure]:
    assert _reading is not None
    return [_reading(page, published) for page in parcel]


class _Parcel:
    def __init__(self) -> None:
        self.items: list[Page | Failure] = []
        self.characters = 0
        self.future: Future[list[Report | Failure]] | None = None

    @property
    def pages(self) -> list[Page]:
        return [i for i in self.items if not isinstance(i, Failure)]

    def full(self) -> bool:
        return len(self.items) >= _DRAFTS or self.characters >= _CHARACTERS


class Pool:
    """Runs `begin(seconds=…, **settings)` once in each process; it returns the function that reads one article in so
    many seconds.
    """

    def __init__(self, workers: int, begin: Callable[..., Any], settings: dict[str, Any], seconds: float) -> None:
        self._workers, self._begin, self._settings = workers, begin, settings | {"seconds": seconds}
        self._seconds, self._grace = seconds, _GRACE

    def _executor(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, initializer=_start, initargs=(self._begin, self._settings))

    def read(self, source: Iterable[Page | Failure], published: str | None) -> Iterator[Report | Failure]:
        """Returns a result for each article, in order. If a process dies or has to be killed, only the page that caused
        it is lost.
        """
        executor = self._executor(self._workers)
        waiting: deque[_Parcel] = deque()
        try:
            for parcel in _parcels(source):
                self._send(executor, parcel, published)
                waiting.append(parcel)
                while len(waiting) > _AHEAD * self._workers:
                    done, executor = self._result(executor, waiting, published)
                    yield from done
            while waiting:
                done, executor = self._result(executor, waiting, published)
                yield from done
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    def _send(self, executor: ProcessPoolExecutor, parcel: _Parcel, published: str | None) -> None:
        try:
            parcel.future = executor.submit(_work, parcel.pages, published) if parcel.pages else None
        except BrokenProcessPool as error:  # reported when the parcel's turn comes
            parcel.future = Future()
            parcel.future.set_exception(error)

    def _result(
        self, executor: ProcessPoolExecutor, waiting: deque[_Parcel], published: str | None
    ) -> tuple[list[Report | Failure], ProcessPoolExecutor]:
        parcel = waiting.popleft()
        try:
            found = self._wait(executor, parcel.future, len(parcel.pages)) if parcel.future else []
        except (BrokenProcessPool, TimeoutError):
            executor.shutdown(wait=False, cancel_futures=True)
            found = self._one_by_one(parcel.pages, published)
            executor = self._executor(self._workers)
            for other in waiting:
                if other.future is not None and (not other.future.done() or other.future.exception() is not None):
                    self._send(executor, other, published)
        results = iter(found)
        return [i if isinstance(i, Failure) else next(results) for i in parcel.items], executor

    def _wait(
        self, executor: ProcessPoolExecutor, future: Future[list[Report | Failure]], pages: int
    ) -> list[Report | Failure]:
        """Returns the results of the parcel that has waited longest. Kills the processes if they take too long."""
        try:
            return future.result(self._seconds * pages + self._grace)
        except TimeoutError:
            for process in list((executor._processes or {}).values()):
                process.kill()
            raise

    def _one_by_one(self, pages: list[Page], published: str | None) -> list[Report | Failure]:
        """Reads each page of a failed parcel alone to find the page that killed the process."""
        found: list[Report | Failure] = []
        executor = self._executor(1)
        try:
            for page in pages:
                try:
                    found += self._wait(executor, executor.submit(_work, [page], published), 1)
                except (BrokenProcessPool, TimeoutError) as error:
                    late = isinstance(error, TimeoutError)
                    cause = too_long(self._seconds) if late else "the process that read it died (out of memory?)"
                    found.append(Failure(name_of(page), cause))
                    executor.shutdown(wait=False)
                    executor = self._executor(1)
        finally:
            executor.shutdown(wait=False)
        return found


def name_of(page: Page) -> str:
    """Returns the name of a page in a failure: the file it came from, or its id in the record."""
    return page.id if isinstance(page, Article) else page.name


def _parcels(source: Iterable[Page | Failure]) -> Iterator[_Parcel]:
    parcel = _Parcel()
    for item in source:
        parcel.items.append(item)
        if not isinstance(item, Failure):
            parcel.characters += len(item.text) if isinstance(item, Article) else sum(map(len, item.paragraphs))
        if parcel.full():
            yield parcel
            parcel = _Parcel()
    if parcel.items:
        yield parcel


def unread(
    source: Iterable[Draft | Failure], known: Container[tuple[str, str | None]], skipped: Callable[[], None]
) -> Iterator[Draft | Failure]:
    """Skips the pages that were read before, by hash and address."""
    for item in source:
        if isinstance(item, Draft) and (item.sha256, item.url) in known:
            skipped()
        else:
            yield item
