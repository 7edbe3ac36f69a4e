"""Sends ten hostile pages to the reading room at once and requests a view repeatedly until all are answered.

python -m benchmarks hostile

The view must take about as long as without other work, and each page must be read or refused.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import urllib.error
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from communique import Reader, Report, open_record

from ..common import ROOT, asked, served

PROSE = "Peru recalled its ambassador from Chile on Monday after a dispute over fishing rights, the ministry said."
VIEW = "/events"
IDLE = 20  # requests of the view while nothing is read


def _page(body: str) -> str:
    article = f"<p>{PROSE}</p>" * 4 + body
    return f"<html><head><title>Peru recalls</title></head><body><article>{article}</article></body></html>"


PAGES = {  # inputs that once took minutes or did not end
    "a tag without an end": "<html><" + "a" * 40_000,
    "infinitives in one another": f"{PROSE}\n\nFacing " + "a plan to face " * 60 + "an attack.",
    "orders of orders": f"{PROSE}\n\nPeru wants to order " + "a proposal to order " * 200 + "a retreat.",
    "groups that mean each other": f"{PROSE}\n\n" + "Dozens of them and they left Kenya. " * 100,
    "authors in one word": "By " + "AandA" * 6_000 + f"!\n{PROSE}\n{PROSE}",
    "lines without words": f"{PROSE}\n" + "\n" * 30_000 + PROSE,
    "one line again and again": f"{PROSE}\n" + "Read more about it\n" * 4_500 + PROSE,
    "paragraphs in one another": _page("<p>a b" * 200_000),
    "attributes": _page("<p " + " ".join(f"a{n}" for n in range(50_000)) + ">x</p>"),
    "signs": f"{PROSE}\n\n" + "#" * 20_000,
}


def dropped(address: str, name: str) -> str:
    """Returns the room's answer to a page and the time it took, which includes waiting for earlier pages."""
    form = urllib.parse.urlencode({"text": PAGES[name]}).encode()
    start = time.monotonic()
    try:
        asked(f"{address}/read", form)
        said = "read"
    except urllib.error.HTTPError as error:
        said = f"refused ({error.code})"
    return f"{name:<28} {said} after {time.monotonic() - start:.1f} s"


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "examples.duckdb"
        pages = sorted((ROOT / "examples" / "pages").iterdir())
        with open_record(path) as record:
            record.add([r for r in Reader().read_all(pages) if isinstance(r, Report)])
        with served(path) as (address, _):
            asked(address + VIEW)
            idle = [asked(address + VIEW) for _ in range(IDLE)]
            busy = []
            with ThreadPoolExecutor(len(PAGES)) as pool:
                waiting = [pool.submit(dropped, address, name) for name in PAGES]
                while not all(w.done() for w in waiting):
                    busy.append(asked(address + VIEW))
                    time.sleep(0.05)
            for answer in waiting:
                print(f"  {answer.result()}")
    for when, times in (("nothing is read", idle), ("ten pages are read", busy)):
        middle, longest = statistics.median(times), max(times)
        print(f"{VIEW} while {when}: median {middle:.0f} ms, longest {longest:.0f} ms of {len(times)}")
