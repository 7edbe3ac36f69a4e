"""The time limit for one page."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LIMIT = 120.0  # seconds for one page, from its bytes to its report


def too_long(seconds: float) -> str:
    """Returns the failure cause for a page that exceeded its time limit."""
    return f"took longer than {seconds:g} seconds: not read"


class TookTooLong(BaseException):
    """A page exceeded its time limit. Not an `Exception`: a library that catches all exceptions must not swallow it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises `TookTooLong` in the body after `seconds`, in whichever thread it runs.

    On the main thread an alarm signal raises the error, which also interrupts regular expression matching. In other
    threads, or if an alarm is already set, the error is sent to the thread, which raises it between two Python bytecode
    instructions. It cannot interrupt a single library call that does not return; the owner of the process (`_pool`, the
    room) has to kill that.
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
                send(thread, None)  # drop an error that has not arrived yet
