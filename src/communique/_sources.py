"""The files to read, and the progress in them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from . import pages
from ._dating import Dating
from ._limit import LIMIT
from .pages import Draft
from .schema import Failure, PageError

ADDRESS = re.compile(r"(?i)^[a-z][a-z0-9+.-]*://")


class Sources:
    """Yields the articles of files, folders and glob patterns in order. `total` and `done` are bytes of the files, for
    progress bars.
    """

    def __init__(
        self,
        paths: Iterable[str | Path] | str | Path,
        columns: Mapping[str, str] | None = None,
        dating: Dating | None = None,
        seconds: float = LIMIT,
    ) -> None:
        self._dating = dating
        self._paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
        self._columns, self._seconds = columns, seconds
        self.done = 0
        self.files = self._found()
        self.total = sum(os.path.getsize(f) for f in self.files if isinstance(f, Path) and f.is_file())

    def _found(self) -> list[Path | Failure]:
        found: list[Path | Failure] = []
        for given in self._paths:
            path = Path(given)
            if ADDRESS.match(str(given)):
                found.append(Failure(str(given), "is an address: only files are read, nothing is fetched"))
            elif path.is_dir():
                found += sorted(
                    p
                    for p in path.rglob("*")
                    if p.is_file() and not any(part.startswith(".") for part in p.relative_to(path).parts)
                )
            elif not path.exists() and glob.has_magic(str(given)):
                hits = sorted(Path(p) for p in glob.glob(str(given), recursive=True) if os.path.isfile(p))
                found += hits or [Failure(str(given), "no file matches")]
            else:
                found.append(path)
        return found

    def __iter__(self) -> Iterator[Draft | Failure]:
        before = 0
        for item in self.files:
            if isinstance(item, Failure):
                yield item
                continue
            try:
                stream = pages.opened(item)
            except PageError as error:
                yield Failure(error.page, error.cause)
                continue
            with stream:
                size = os.fstat(stream.fileno()).st_size
                for draft in pages.drafts(stream, str(item), None, self._columns, self._seconds):
                    if not stream.closed:
                        self.done = before + min(stream.tell(), size)
                    yield self._dating.dated(draft, item) if self._dating and isinstance(draft, Draft) else draft
            before += size
            self.done = before
