"""The time that one page may take."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LIMIT = 120.0  # seconds that one page may take, from its bytes to its report


def too_long(seconds: float) -> str:
    """The cause that is given for a page which used up its time."""
    return f"took longer than {seconds:g} seconds: not read"


class TookTooLong(BaseException):
    """A page has used up its time. No `Exception`, so that no library which catches all of those swallows it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises `TookTooLong` in the body after so many seconds, in whichever thread it runs.

    On the main thread an alarm rings, which ends the matching of a regular expression too. Elsewhere, or where an alarm
    is set already, the error is sent to the thread, which meets it between two steps of Python; a single call into a
    library that does not come back is beyond it, and is for whoever owns the process (`_pool`, the room) to end.
    """
    alone = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if alone and not signal.getitimer(signal.ITIMER_REAL)[0]:
        with _alarm(seconds):
            yield
    else:
        with _sent(seconds):
            yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _sent(seconds: float) -> Iterator[None]:
    thread = ctypes.c_ulong(threading.get_ident())
    send = ctypes.pythonapi.PyThreadState_SetAsyncExc
    lock, over, rung = threading.Lock(), False, False

    def ring() -> None:
        nonlocal rung
        with lock:
            if not over:
                rung = True
                send(thread, ctypes.py_object(TookTooLong))

    timer = threading.Timer(max(seconds, 0), ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            over = True
            if rung:
                send(thread, None)  # an error that has not arrived yet is not to arrive after the body
