"""Calls on boards, live: the real program of the boards beside the real panel; seen, ordered, heard."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from appliance.settings.storage import load, save, validate
from tests.rigs.daemons import Daemons
from tests.rigs.lines import Scenario, speech
from tests.rigs.patience import until


@pytest.fixture
def boards(web, tmp_path: Path):
    """A line that is in use for an hour."""
    folder = tmp_path / "scenario"
    folder.mkdir()
    scenario = Scenario(folder)
    scenario.line((1, 3600), talk=(0, speech(120)))
    settings = load(web.layout)
    content = msgspec.to_builtins(settings)
    content["capture"]["keep_free_mib"] = 16
    content["boards"]["cards"] = [{"kind": "replay", "name": "one", "scenario": str(scenario.write())}]
    content["boards"]["channels"] = [{"number": 1, "extension": "801", "control": "voltage"}]
    save(web.layout, validate(content), settings.revision)
    programs = Daemons(web.layout)
    try:
        programs.start("boards")
        yield programs
    finally:
        programs.close()


def test_a_call_on_a_line_is_seen_paused_and_heard(web, boards):
    admin = web.administrator()

    def live():
        calls = admin.get("live").json["calls"]
        return calls[0] if calls else None

    call = until(live, what="the call in the live list")
    assert (call["call"]["data_type"], call["call"]["caller"]["number"]) == ("analog", "801")
    call_id = call["call"]["call_id"]
    until(
        lambda: [one["recorded"] for one in admin.get("boards").json["licences"]] == [1, 0],
        what="its place of the licence",
    )

    async def listen() -> bytes:
        async with admin.socket(f"live/{call_id}/audio") as connection:
            await connection.read_message()
            heard = b""
            while len(heard) < 16_000 or not any(heard):
                message = await connection.read_message()
                assert isinstance(message, bytes), message
                heard += message
            return heard

    assert any(asyncio.run(listen()))
    reply = admin.post(f"live/{call_id}/control", {"verb": "pause"})
    assert reply.status == 202, reply
    assert reply.json["control"]["state"] == "paused"
    until(
        lambda: (live() or {"control": {}})["control"].get("state") == "paused", what="the pause in the list"
    )
    refused = admin.post(f"live/{call_id}/control", {"verb": "start"})
    assert refused.status == 409
