"""Reading of files in shards, on this machine or on a cluster with Ray Data. Both give the same bytes.

A shard is a run of consecutive articles of one file. The process that reads a shard writes it as one Parquet file. Its
name and bytes depend only on the input and the reader's version. If a machine is lost, its shards are simply read
again. A stopped run continues with the missing shards.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._extras import need
from ._limit import LIMIT
from ._reader import Reader
from ._sources import ADDRESS, Sources
from .pages import Draft, drafts
from .record.profile import profile_of
from .schema import Failure, PageError, Report
from .stories import Story, Tie, stories_of, tie_of

SHARD = 500  # articles


@dataclass(frozen=True)
class Job:
    """What to read, and how. `paths` may be addresses of an object store (s3://, gs://) if Ray reads them."""

    paths: tuple[str, ...]
    output: str
    columns: Mapping[str, str] | None = None
    published: str | None = None
    settings: Mapping[str, Any] | None = None
    shard: int = SHARD

    def files(self) -> list[str]:
        found = []
        for path in self.paths:
            if ADDRESS.match(path):
                if path.lower().startswith(("http:", "https:")):
                    raise ValueError(f"{path}: pages are read from files or an object store, not fetched")
                found.append(path)
            else:
                found += [str(f.page if isinstance(f, Failure) else f) for f in Sources([path]).files]
        return found


def _place(path: str) -> tuple[Any, str]:
    """Returns the file system of a path or address, and the path in it."""
    from pyarrow import fs

    if ADDRESS.match(path):
        system, inner = fs.FileSystem.from_uri(path)
        return system, inner
    return fs.LocalFileSystem(), str(Path(path).absolute())


def shards(job: Job, file: str) -> Iterator[tuple[str, list[Draft | Failure]]]:
    """Yields the articles of one file shard by shard, with the shard's name."""
    key = f"{Path(file).name.replace('.', '-')[:60]}-{hashlib.sha256(file.encode()).hexdigest()[:8]}"
    held: list[Draft | Failure] = []
    number = 0
    for item in _read(job, file):
        held.append(item)
        if len(held) == job.shard:
            yield f"{key}-{number:05d}.parquet", held
            held, number = [], number + 1
    if held:
        yield f"{key}-{number:05d}.parquet", held


def _read(job: Job, file: str) -> Iterator[Draft | Failure]:
    if not ADDRESS.match(file):
        yield from Sources([file], job.columns)
        return
    try:
        system, inner = _place(file)
        with system.open_input_file(inner) as source:
            yield from drafts(io.BufferedReader(source, 1 << 18), file, None, job.columns)
    except (OSError, PageError) as error:
        yield Failure(file, str(error).splitlines()[0])


def write(job: Job, name: str, results: Iterable[Report | Failure]) -> dict[str, int]:
    """Writes one shard atomically. Returns the numbers of pages, failures and events in it."""
    import pyarrow
    import pyarrow.parquet

    rows: dict[str, list[Any]] = {
        n: [] for n in ("article", "published", "page", "cause", "events", "report", "vector", "reader")
    }
    for r in results:
        if isinstance(r, Failure):
            values: tuple[Any, ...] = (None, None, r.page, r.cause, 0, None, None, None)
        else:
            day = r.article.published.from_ if r.article.published else None
            values = (
                r.article.id,
                day,
                None,
                None,
                len(r.events),
                json.dumps(r.to_dict(), ensure_ascii=False),
                list(r.vector),
                r.reader,
            )
        for column, value in zip(rows.values(), values):
            column.append(value)
    kinds = {"events": pyarrow.int32(), "vector": pyarrow.list_(pyarrow.float32())}
    table = pyarrow.table({n: pyarrow.array(v, kinds.get(n, pyarrow.string())) for n, v in rows.items()})
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd")
    system, folder = _place(job.output)
    system.create_dir(folder, recursive=True)
    with system.open_output_stream(f"{folder}/.{name}.new") as stream:
        stream.write(out.getvalue())
    system.move(f"{folder}/.{name}.new", f"{folder}/{name}")
    return {
        "pages": len(rows["page"]),
        "failures": sum(c is not None for c in rows["cause"]),
        "events": sum(rows["events"]),
    }


def done(job: Job, name: str) -> bool:
    system, folder = _place(job.output)
    from pyarrow import fs

    return bool(system.get_file_info(f"{folder}/{name}").type != fs.FileType.NotFound)


def read_here(
    job: Job, workers: int = 1, step: Callable[[Report | Failure], None] = lambda item: None
) -> dict[str, int]:
    """Reads a job on this machine."""
    reader = Reader(**(job.settings or {}))
    total = {"pages": 0, "failures": 0, "events": 0}
    for file in job.files():
        for name, items in shards(job, file):
            if done(job, name):
                continue
            results = []
            for item in reader.read_drafts(items, workers, job.published):
                step(item)
                results.append(item)
            for k, v in write(job, name, results).items():
                total[k] += v
    return total


class _Actor:
    """A process of the cluster with its own reader."""

    def __init__(self, job: Job) -> None:
        self.job, self.reader = job, Reader(**(job.settings or {}))

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        items = pickle.loads(row["items"])
        results = (i if isinstance(i, Failure) else self.reader._safe(i, self.job.published, LIMIT) for i in items)
        return {"shard": row["shard"], **write(self.job, row["shard"], results)}


def read_ray(job: Job, workers: int | None = None) -> dict[str, int]:
    """Reads a job on the Ray cluster that this process is connected to, or on one started here. Shards of lost machines
    are read again.
    """
    need("ray", "the engine")
    import ray

    if not ray.is_initialized():
        ray.init(log_to_driver=False)

    def split(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for name, items in shards(job, row["item"]):
            if not done(job, name):
                yield {"shard": name, "items": pickle.dumps(items)}

    files = job.files()
    there = int(ray.cluster_resources().get("CPU", 1))
    cores = max(1, min(workers or there, there))
    # One block per shard: a lost machine loses one shard per process.
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = 0
    told = (
        ray.data.from_items([{"item": f} for f in files], override_num_blocks=max(1, len(files)))
        .flat_map(
            split, num_cpus=0, max_retries=-1
        )  # needs no core: it would wait forever if the actors held all of them
        .map(
            _Actor,
            fn_constructor_args=(job,),
            compute=ray.data.ActorPoolStrategy(size=cores),
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=-1,
        )
    )
    total = {"pages": 0, "failures": 0, "events": 0}
    for row in told.iter_rows():
        for k in total:
            total[k] += int(row[k])
    return total


def _profiles(batch: dict[str, Any]) -> dict[str, list[Any]]:
    """Returns id, day and profile of the reports in a batch."""
    found: dict[str, list[Any]] = {"id": [], "day": [], "profile": []}
    for report in batch["report"]:
        if report is None:
            continue
        p = profile_of(Report.from_dict(json.loads(report)))
        for k, v in zip(found, (p.id, p.day, pickle.dumps(p))):
            found[k].append(v)
    return found


def stories_ray(folder: str) -> list[Story]:
    """Returns the stories of all shards in a folder. Articles that share keys are compared pair by pair across the
    cluster; only ids, days and ties come to this machine.
    """
    need("ray", "the engine")
    import ray

    from .record.deriving import RARE, bucket_of, near

    def keys(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        p = pickle.loads(row["profile"])
        for band in p.signature.bands:
            yield {"key": f"b {band}", "id": row["id"], "bucket": 0}
        at = bucket_of(p)
        for term in p.signature.terms[-RARE:]:
            for day in (at, at + 1):
                yield {"key": f"{int(term)} {day}", "id": row["id"], "bucket": at}

    def meet(group: dict[str, Any]) -> dict[str, list[Any]]:
        kind, _, near = str(group["key"][0]).partition(" ")
        members = sorted(set(zip(map(str, group["id"]), map(int, group["bucket"]))))
        pairs = [
            (a, b)
            for i, (a, x) in enumerate(members)
            for b, y in members[i + 1 :]
            if a != b and (kind == "b" or max(x, y) == int(near))
        ]
        return {"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "n": [2 if kind == "b" else 1] * len(pairs)}

    def compare(batch: dict[str, Any]) -> dict[str, list[Any]]:
        ties = []
        for one, other in zip(batch["profile"], batch["profile_b"]):
            a, b = pickle.loads(one), pickle.loads(other)
            if near(a, b) and (t := tie_of(a, b)):
                ties.append(t)
        return {n: [getattr(t, n) for t in ties] for n in ("a", "b", "score", "wording", "facts")}

    profiles = (
        ray.data.read_parquet(folder).select_columns(["report"]).map_batches(_profiles, batch_size=64).materialize()
    )
    days = {
        str(r["id"]): (str(r["day"]) if r["day"] is not None else None)
        for r in profiles.select_columns(["id", "day"]).iter_rows()
    }
    pairs = profiles.flat_map(keys).groupby("key").map_groups(meet)
    if pairs.count() == 0:
        return stories_of(days, [])
    met = pairs.groupby(["a", "b"]).sum("n").filter(lambda row: row["sum(n)"] >= 2)
    right = profiles.select_columns(["id", "profile"]).rename_columns({"id": "b", "profile": "profile_b"})
    left = profiles.select_columns(["id", "profile"]).rename_columns({"id": "a"})
    both = met.join(left, join_type="inner", num_partitions=8, on=("a",)).join(
        right, join_type="inner", num_partitions=8, on=("b",)
    )
    ties = [
        Tie(str(r["a"]), str(r["b"]), float(r["score"]), float(r["wording"]), float(r["facts"]))
        for r in both.map_batches(compare, batch_size=256).iter_rows()
    ]
    return stories_of(days, sorted(ties, key=lambda t: (t.a, t.b)))
