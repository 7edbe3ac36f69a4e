"""The process in which the room reads pages that are dropped on it, and articles again to explain an event: one that
takes too long is ended, and another takes its place.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any

from .._limit import too_long
from ..schema import PageError

SECONDS = 30.0  # that one page may take; longer ones are for `communique add`
STARTING = 120.0  # seconds for the model to be loaded


class Busy(Exception):
    """More pages wait to be read than the room takes."""


class Worker:
    """Reads one page at a time, in a process of its own.

    The process is started for the first page. It is told of a page by a line of JSON and the page's bytes, and answers
    with a line of JSON; what it answers is data, and nothing of it is run.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, published: str | None = None) -> dict[str, Any]:
        """`{"report", "furniture"}` of a page. Raises `PageError` where it cannot be read, or not in time."""
        return self._answered({"do": "read", "published": published}, data)

    def explain(self, report: dict[str, Any], event: str) -> dict[str, Any]:
        """`{"explanation"}` of an event of a kept report, whose article is read again. Raises `PageError` where that
        cannot be, or not in time.
        """
        return self._answered({"do": "explain", "event": event}, json.dumps(report).encode())

    def _answered(self, order: dict[str, Any], data: bytes) -> dict[str, Any]:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            line, late = self._asked(json.dumps(order | {"bytes": len(data)}).encode() + b"\n" + data, self._seconds)
        answer: dict[str, Any] = json.loads(line) if line else {}
        if not line:
            raise PageError(
                "<page>", too_long(self._seconds) if late else "the process that read it died (out of memory?)"
            )
        if "refused" in answer:
            raise PageError("<page>", str(answer["refused"]))
        return answer

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from communique.room.worker import begin; begin()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if not self._asked(b"", STARTING)[0]:
            raise PageError("<page>", "the process that reads pages does not start")

    def _asked(self, order: bytes, seconds: float) -> tuple[bytes, bool]:
        """A line of the process's answer, or nothing where it died or had to be ended for the time it took."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def ring() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, ring)
        timer.daemon = True
        timer.start()
        line = b""
        try:
            with suppress(OSError):  # it died while it was told
                process.stdin.write(order)
                process.stdin.flush()
                line = process.stdout.readline()
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self._end()
            return b"", late.is_set()
        return line, False

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def serve(orders: IO[bytes], answers: IO[bytes]) -> None:
    """Reads pages as they are told until nothing more comes."""
    from .._reader import Reader
    from ..schema import ManyArticles

    def say(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        answers.flush()

    reader = Reader()
    say({"ready": reader.version})
    while line := orders.readline():
        order = json.loads(line)
        data = orders.read(order["bytes"])
        try:
            say(_done(reader, order, data))
        except (PageError, ManyArticles, ValueError) as error:
            say({"refused": getattr(error, "cause", None) or str(error)})
        except Exception as error:  # whatever a page brings about, the next one is read
            say({"refused": f"could not be read: {type(error).__name__}: {str(error)[:160]}"})


def _done(reader: Any, order: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What is answered to an order."""
    if order["do"] == "explain":
        from ..schema import Report

        return {"explanation": asdict(reader.explain(Report.from_dict(json.loads(data)), order["event"]))}
    report = reader.read(data, published=order["published"])
    return {"report": report.to_dict(), "furniture": list(report.furniture)}


def begin() -> None:
    """What the process runs."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    serve(sys.stdin.buffer, answers)
