"""Reads a web archive of many pages, some damaged, through the whole pipeline: nothing may be lost, memory stays
constant.

    python -m benchmarks archive [--pages 50000] [--workers 2] [--curve docs/images/memory.svg]
    python -m benchmarks archive --pages 2000 --ray

One page in ten has full length, the rest have two sentences; one in a hundred is damaged, in one of the ways in `WAYS`.
Every undamaged page must come out. Memory of the dispatching process and of the reading processes is sampled once a
second. With `--ray` the same pages, in eight archives, are read by a local Ray cluster with one and with two workers,
and by this process without Ray. Compare by the ratios: the machine may be busy.
"""

from __future__ import annotations

import argparse
import gzip
import io
import multiprocessing
import random
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

from communique import Reader, Report

from ..common import resident, texts

WAYS = (
    "length too long",
    "length too short",
    "no length",
    "no HTTP head",
    "header of noise",
    "member cut off",
    "member overwritten",
    "head of the member overwritten",
)
Sample = tuple[float, int, float, float]  # seconds, pages, MB of this process, MB of the largest reader


def damaged(data: bytes, way: str, rng: random.Random) -> bytes:
    """Returns a record, compressed as a member of an archive, damaged in one way."""
    length = next(line for line in data.split(b"\r\n") if line.lower().startswith(b"content-length"))
    plain = {
        "length too long": data.replace(length, b"Content-Length: 99999999", 1),
        "length too short": data.replace(length, b"Content-Length: 10", 1),
        "no length": data.replace(length + b"\r\n", b"", 1),
        "no HTTP head": data.replace(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", b"", 1),
        "header of noise": rng.randbytes(200) + data,
    }.get(way, data)
    packed = bytearray(gzip.compress(plain))
    if way == "member cut off":
        del packed[len(packed) // 2 :]
    elif way == "member overwritten":
        packed[len(packed) // 2 : len(packed) // 2 + 20] = bytes(20)
    elif way == "head of the member overwritten":
        packed[:4] = rng.randbytes(4)
    return bytes(packed)


def archive(path: Path, count: int, seed: int = 5) -> tuple[int, int]:
    """Writes a compressed archive of `count` pages. Returns the numbers of whole and damaged pages."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    long, rng, broken = texts(), random.Random(seed), 0
    with open(path, "wb") as out:
        for n in range(count):
            paragraphs = (
                long[n % len(long)].split("\n\n")
                if n % 10 == 0
                else [
                    f"Kenya accused Uganda of breaking treaty number {n} on Monday.",
                    "Uganda asked for talks, officials in Kampala told reporters.",
                ]
            )
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response, content_length=0)
            record.headers["WARC-Target-URI"] = f"https://news.example/{seed}/{n}"
            page = (
                "<html><body><article><h1>Page "
                f"{n}</h1>{''.join(f'<p>{p}</p>' for p in paragraphs)}</article></body></html>"
            )
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode())
            plain = io.BytesIO()
            record.write(plain)
            if n % 100 == 50:
                broken += 1
                out.write(damaged(plain.getvalue(), rng.choice(WAYS), rng))
            else:
                out.write(gzip.compress(plain.getvalue()))
    return count - broken, broken


class Watcher(threading.Thread):
    """Samples the memory once a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.pages, self.samples, self._ended, self._began = 0, list[Sample](), threading.Event(), time.perf_counter()

    def run(self) -> None:
        while not self._ended.wait(1.0):
            readers = [resident(p.pid) for p in multiprocessing.active_children() if p.pid]
            self.samples.append((time.perf_counter() - self._began, self.pages, resident(), max(readers, default=0.0)))

    def end(self) -> list[Sample]:
        self._ended.set()
        self.join()
        return self.samples


def read(path: Path, workers: int) -> tuple[Counter[str], list[Sample], float]:
    """Returns the numbers of read and failed pages, the memory over time, and the seconds taken."""
    watcher, counts = Watcher(), Counter[str]()
    start = time.perf_counter()
    watcher.start()
    for item in Reader().read_all(path, workers):
        counts["read" if isinstance(item, Report) else "failed"] += 1
        watcher.pages = counts.total()
    return counts, watcher.end(), time.perf_counter() - start


def curve(samples: list[Sample], title: str) -> str:
    """Returns an SVG of the memory of both kinds of process over the pages read."""
    width, height, left, base = 720, 260, 56, 220
    pages, most = max(s[1] for s in samples), max(max(s[2:]) for s in samples) * 1.15

    def x(n):
        return left + (width - left - 20) * n / max(1, pages)

    def y(mb):
        return base - (base - 40) * mb / most

    lines = "".join(
        f'<polyline fill="none" stroke="{colour}" stroke-width="2" '
        f'points="{" ".join(f"{x(s[1]):.1f},{y(s[at]):.1f}" for s in samples)}"/>'
        f'<text x="{x(pages):.0f}" y="{y(samples[-1][at]) - 8:.0f}" text-anchor="end" '
        f'fill="{colour}">{escape(name)}, {samples[-1][at]:.0f} MB at the end</text>'
        for at, colour, name in ((2, "#0b6e99", "the process that hands out"), (3, "#b3541e", "the largest that reads"))
        if samples[-1][at]
    )
    ticks = "".join(
        f'<text x="{x(n):.0f}" y="{base + 18}" text-anchor="middle">{n:,.0f}</text>' for n in (0, pages / 2, pages)
    )
    levels = "".join(
        (
            f'<text x="{left - 8}" y="{y(mb) + 4:.0f}" text-anchor="end">{mb:.0f}</text><line x1="{left}" '
            f'x2="{width - 20}" y1="{y(mb):.0f}" y2="{y(mb):.0f}" stroke="#ddd"/>'
        )
        for mb in range(0, int(most), 100)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><title>{escape(title)}</title><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="{left}" y="22" font-size="14">{escape(title)}</text>{levels}{lines}{ticks}<text '
        f'x="{width - 20}" y="{base + 34}" text-anchor="end">pages</text></svg>\n'
    )


def rays(pages: int) -> None:
    """Reads the same archives without Ray, and with one and two workers of a local cluster."""
    import ray

    from communique.cluster import Job, read_here, read_ray

    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for n in range(8):
            paths.append(str(Path(folder) / f"{n}.warc.gz"))
            archive(Path(paths[-1]), pages // 8, n)
        rates = {}
        for name, workers in (("without Ray, one process", 0), ("Ray, one worker", 1), ("Ray, two workers", 2)):
            job = Job(tuple(paths), str(Path(folder) / f"out{workers}"), None, None, {})
            if workers:
                ray.init(num_cpus=workers + 1, include_dashboard=False, log_to_driver=False)
            start = time.perf_counter()
            told = read_ray(job, workers) if workers else read_here(job, 1, lambda *_: None)
            rates[name] = pages / (time.perf_counter() - start)
            if workers:
                ray.shutdown()
            print(f"  {name:<26} {rates[name]:6.1f} pages/s, starting included; {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--curve", type=Path)
    parser.add_argument("--ray", action="store_true")
    options = parser.parse_args()
    if options.ray:
        rays(options.pages)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.warc.gz"
        whole, broken = archive(path, options.pages)
        print(f"{options.pages:,} pages, {broken} damaged, {path.stat().st_size / 1e6:.1f} MB", flush=True)
        counts, samples, seconds = read(path, options.workers)
    print(
        f"  {counts['read']:,} read, {counts['failed']} told as failed, in {seconds:.0f} s: "
        f"{options.pages / seconds:.1f} pages/s with {options.workers} "
        f"process{'es' * (options.workers > 1)} that read"
    )
    for share in range(1, 11):
        at = next((s for s in samples if s[1] >= options.pages * share // 10), samples[-1])
        print(f"  after {at[1]:6,} pages: {at[2]:.0f} MB here, {at[3]:.0f} MB in the largest that reads")
    if options.curve:
        options.curve.write_text(curve(samples, f"Memory over an archive of {options.pages:,} pages, MB"))
    assert counts["read"] >= whole, (counts, whole)
