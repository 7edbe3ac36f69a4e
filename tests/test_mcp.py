"""The server for programs, driven by the SDK's own client: in one process and as a command."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from communique import Reader, open_record

pytest.importorskip("mcp", reason="the extra 'mcp' is not installed")

TEXT = (
    "Kenya accused Uganda of smuggling gold on 3 May 2022, the foreign ministry in Nairobi said.\n\n"
    "Uganda denied that it had smuggled gold, according to the state broadcaster."
)


@pytest.fixture(scope="module")
def record(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mcp") / "r.duckdb"
    with open_record(path) as base:
        base.add(
            [
                reader.read_text(TEXT, published="2022-05-04", publisher="Coast Herald"),
                reader.read_text(TEXT.replace("gold", "ivory"), url="https://b.example/1", published="2022-05-05"),
            ]
        )
    return path


def value(result: Any) -> Any:
    assert not result.is_error, result.content
    return result.structured_content or json.loads(result.content[0].text)


def test_tools_answer_with_their_sources(record: Path) -> None:
    from mcp import Client

    from communique.mcp import server

    async def talk() -> None:
        async with Client(server(record)) as client:
            tools = (await client.list_tools()).tools
            assert {t.name for t in tools} == {
                "search_events",
                "read_event",
                "compare_accounts",
                "search_statements",
                "find_names",
                "dyad_series",
                "summary",
            }
            assert all(t.description and t.annotations and t.annotations.read_only_hint for t in tools)
            found = value(await client.call_tool("search_events", {"actor": "KEN", "type": "ACCUSE"}))
            assert found["total"] >= 1
            first = found["events"][0]
            assert first["sentence"] in TEXT.replace("gold", "ivory") + TEXT and first["article"]["published"]
            event = value(await client.call_tool("read_event", {"event_id": first["id"]}))
            assert event["articles"][0]["sentence"] and event["evidence"]["trigger"]
            accounts = value(await client.call_tool("compare_accounts", {"event_id": first["id"]}))
            assert "according_to" in accounts["accounts"][0] and accounts["origins"] >= 1 and "disputes" in accounts
            series = value(await client.call_tool("dyad_series", {"actor": "KEN", "recipient": "UGA", "every": "1m"}))
            assert series["series"] and series["sources"]
            assert value(await client.call_tool("summary", {}))["articles"] == 2
            wrong = await client.call_tool("read_event", {"event_id": "e:none"})
            assert wrong.is_error and "no event e:none" in wrong.content[0].text
            wrong = await client.call_tool("search_events", {"since": "someday"})
            assert wrong.is_error

    asyncio.run(talk())


def test_the_command(record: Path) -> None:
    from mcp import Client, StdioServerParameters

    async def talk() -> None:
        async with Client(
            StdioServerParameters(command=sys.executable, args=["-m", "communique", "mcp", str(record)])
        ) as client:
            assert value(await client.call_tool("search_events", {"party": "UGA", "limit": 1}))["events"]

    asyncio.run(talk())
    with open_record(record) as base:  # nothing holds the record between questions
        assert base.summary()["articles"] == 2
