"""The process in which the room reads uploaded pages, and reads articles again to explain an event. A process that
takes too long is killed and replaced.
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

SECONDS = 30.0  # for one page; longer ones are for `communique add`
STARTING = 120.0  # seconds for loading the model


class Busy(Exception):
    """Too many pages wait to be read."""


class Worker:
    """Reads one page at a time, in a process of its own.

    The process starts with the first page. It receives a line of JSON and the page's bytes, and answers with a line of
    JSON. The answer is data; nothing in it is executed.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, published: str | None = None) -> dict[str, Any]:
        """Returns `{"report", "furniture"}` of a page. Raises `PageError` if it cannot be read, or not in time."""
        return self._answered({"do": "read", "published": published}, data)

    def explain(self, report: dict[str, Any], event: str) -> dict[str, Any]:
        """Returns `{"explanation"}` of an event in a stored report; reads the article again. Raises `PageError` if that
        fails or takes too long.
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
        """Returns a line of the process's answer, and whether it was killed for taking too long. The line is empty if
        the process died or was killed.
        """
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
            with suppress(OSError):  # it died while it received the order
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
    """Reads pages as orders arrive, until the input ends."""
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
        except Exception as error:  # read the next page whatever goes wrong with this one
            say({"refused": f"could not be read: {type(error).__name__}: {str(error)[:160]}"})


def _done(reader: Any, order: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Returns the answer to an order."""
    if order["do"] == "explain":
        from ..schema import Report

        return {"explanation": asdict(reader.explain(Report.from_dict(json.loads(data)), order["event"]))}
    report = reader.read(data, published=order["published"])
    return {"report": report.to_dict(), "furniture": list(report.furniture)}


def begin() -> None:
    """Runs the worker process."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keep what a library prints out of the answers
    serve(sys.stdin.buffer, answers)
