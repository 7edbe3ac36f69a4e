"""What the tests share: one reader, the examples, and no network."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from communique import Failure, Reader, open_record

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("COMMUNIQUE_SHARED", ROOT.parent / "shared"))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens a connection fails the test."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def demo(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the demo, to be read only."""
    path = tmp_path_factory.mktemp("demo") / "news.duckdb"
    with open_record(path) as record:
        record.add([r for r in reader.read_all([ROOT / "examples/pages"]) if not isinstance(r, Failure)])
    return path


@pytest.fixture(scope="session")
def corpora() -> Path:
    if not (SHARED / "corpora").is_dir():
        pytest.skip(f"no corpora at {SHARED / 'corpora'}")
    return SHARED / "corpora"


@pytest.fixture(scope="session")
def floors() -> dict[str, float]:
    return dict(json.loads((ROOT / "benchmarks/quality/floors.json").read_text()))
