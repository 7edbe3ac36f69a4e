"""Shards: on this machine and on a Ray cluster of two nodes, one of which is killed, to the same bytes."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique import Reader, open_record
from communique.cli import main
from communique.cluster import Job, read_here, read_ray, stories_ray
from communique.stories import Profile, signature_of, ties_of
from communique.stories.pairs import FACTS

# A node that is gone is taken for gone within seconds.
QUICK = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_failure_threshold": 4,
    "health_check_timeout_ms": 1000,
}
STATES = ["Kenya", "Uganda", "Peru", "Chile", "Norway", "Poland", "Oman", "Qatar", "Ghana", "Togo"]


def rows(count: int) -> list[dict[str, str]]:
    found = []
    for n in range(count):
        a, b = STATES[n % 10], STATES[(n * 3 + 1) % 10]
        text = (
            f"{a} accused {b} of breaking the treaty number {n} on Monday, the foreign ministry said.\n\n"
            f"{b} asked {a} to return to the talks about fishing rights, officials told reporters."
        )
        found.append({"text": text, "title": f"{a} accuses {b}", "date": f"2024-02-{1 + n % 28:02d}"})
        if n % 4 == 0:
            found.append(
                {
                    "text": text + "\n\nMore follows.",
                    "title": f"{a} accuses {b} again",
                    "date": f"2024-02-{1 + n % 28:02d}",
                }
            )
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("pages")
    for part in range(4):
        (folder / f"{part}.jsonl").write_text(
            "\n".join(map(json.dumps, rows(160)[part * 50 : part * 50 + 50])) + "\nbroken\n"
        )
    return [str(folder)]


def sums(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def alone(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone")
    told = read_here(Job(tuple(files), str(out), shard=20))
    assert told["pages"] == 204 and told["failures"] == 4 and told["events"] > 100
    return out


def test_shards_go_on_and_come_into_a_record(files: list[str], alone: Path, tmp_path: Path) -> None:
    before = sums(alone)
    victim = alone / sorted(before)[3]
    victim.unlink()
    assert read_here(Job(tuple(files), str(alone), shard=20))["pages"] <= 20 and sums(alone) == before
    record = str(tmp_path / "r.duckdb")
    result = CliRunner().invoke(
        main, ["add", record, *[x for f in sorted(alone.iterdir()) for x in ("--reports", str(f))]]
    )
    assert result.exit_code == 1 and "200 new of 200 articles read, 4 could not be read" in result.stdout, result.output


def test_two_nodes_one_killed_give_the_same_bytes_and_stories(files: list[str], alone: Path, tmp_path: Path) -> None:
    ray = pytest.importorskip("ray", reason="the extra 'ray' is not installed")
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 2, "object_store_memory": 200_000_000, "_system_config": QUICK},
    )
    second = cluster.add_node(num_cpus=2, object_store_memory=200_000_000)
    try:
        ray.init(address=cluster.address, log_to_driver=False)
        out = tmp_path / "ray"

        def kill() -> None:
            while not out.is_dir() or len(list(out.glob("*.parquet"))) < 3:
                time.sleep(0.05)
            cluster.remove_node(second)

        killer = threading.Thread(target=kill)
        killer.start()
        read_ray(Job(tuple(files), str(out), shard=20), workers=2)
        killer.join(60)
        assert not killer.is_alive()
        assert sums(out) == sums(alone)
        told = stories_ray(str(out))
    finally:
        ray.shutdown()
        cluster.shutdown()
    record = str(tmp_path / "r.duckdb")
    CliRunner().invoke(main, ["add", record, *[x for f in sorted(alone.iterdir()) for x in ("--reports", str(f))]])
    with open_record(record, read_only=True) as base:
        assert list(base.stories()) == told


def test_one_text_of_two_publishers_is_two_reports_of_one_origin(reader: Reader, tmp_path: Path) -> None:
    text = (
        "Rebels attacked the village of Koro in northern Mali on Sunday and killed nine people, the army of Mali said."
    )
    rows = [{"publisher": p, "date": "2021-03-23", "text": text} for p in ("River Times", "Sand Courier")]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with open_record(tmp_path / "r.duckdb") as record:
        assert record.add(reader.read_all([path])) == 2
        assert {(e.origins, e.reports) for e in record.events()} == {(1, 2)}


def test_short_accounts_of_one_event_follow_nobody_for_their_names_alone() -> None:
    one = signature_of("Mali shells Koro\n\nThe army of Mali shelled Koro on Sunday, residents said. Two barns burned.")
    other = signature_of(
        "Shells hit Koro\n\nWomen who fled Koro told us of shells on Sunday, fired by soldiers of Mali."
    )
    (tie,) = ties_of(Profile("a", one, "2021-03-23"), [Profile("b", other, "2021-03-23")])
    assert tie.facts < FACTS
