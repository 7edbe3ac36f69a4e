"""`python -m tools.images` retakes the pictures of the room in docs/images, from the record of the example pages.

It needs Chromium and the extra `dev`, and opens only the room that it starts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright

from communique import Failure, Reader, Record, open_record

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/images"
PORT = 8799
WIDE, PHONE = (1440, 900), (390, 844)  # CSS pixels of a laptop's window and of a phone's


def views(record: Record) -> dict[str, tuple[str, tuple[int, int]]]:
    """Returns address and window of each picture. The event is an arrest, which the article's text shows well."""
    event = record.events(type="COERCE", mode="arrest")[0]
    return {
        "overview": ("/", WIDE),
        "events": ("/events", WIDE),
        "statements": ("/statements", WIDE),
        "dyad": ("/dyad/CHN/PHL?every=1m", WIDE),
        "event": (f"/event/{event.id}", WIDE),
        "why": (f"/event/{event.id}/why", WIDE),
        "article": (f"/article/{event.article}#at-{event.id}", WIDE),
        "party": ("/party/RUS", WIDE),
        "map": ("/map", WIDE),
        "calendar": ("/calendar", WIDE),
        "brief": ("/brief?since=2022-01-01", WIDE),
        "review": ("/review", WIDE),
        "glossary": ("/glossary", WIDE),
        "phone": ("/events", PHONE),
    }


@contextmanager
def room(path: Path) -> Iterator[str]:
    """Runs a room over a record, with review, and yields its address."""
    address = f"http://127.0.0.1:{PORT}"
    command = [sys.executable, "-m", "communique", "room", str(path), "--review", "--port", str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address).read()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


def main() -> None:
    program = which("chromium") or which("google-chrome") or sys.exit("chromium is not installed")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "news.duckdb"
        with open_record(path) as record:
            record.add([r for r in Reader().read_all([ROOT / "examples/pages"]) if not isinstance(r, Failure)])
            wanted = views(record)
        with room(path) as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for picture, (view, (width, height)) in wanted.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(address + view, wait_until="networkidle", timeout=120_000)
                page.screenshot(path=FOLDER / f"{picture}.png")
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
