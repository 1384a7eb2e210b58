import asyncio
from datetime import UTC, datetime, timedelta

import msgspec

from appliance.bus.client import Bus
from appliance.bus.topics import BOARD, CHANNELS, BoardState, ChannelNow, ChannelPlace, ChannelsNow, SpanState
from appliance.domain.call import DataType
from appliance.domain.doctor import Case
from appliance.domain.line import ChannelState
from appliance.system.plugged import LineCard, Plugged, write
from tests.rigs.patience import until_async

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
CARDS = [
    {"kind": "replay", "name": "lines", "first_channel": 1, "scenario": "lines.json", "licensed_channels": 2},
    {"kind": "replay", "name": "trunk", "first_channel": 101, "scenario": "trunk.json"},
]


def configure(admin, **boards):
    now = admin.get("settings").json
    settings = {**now["settings"], "boards": {**now["settings"]["boards"], **boards}}
    reply = admin.put("settings", {"revision": now["revision"], "settings": settings})
    assert reply.status == 200, reply


def told(web, *looks, **facts):
    """Say what the program of the boards would, until the panel has heard it."""
    lines = BoardState(
        at=AT,
        name="lines",
        driver="replay",
        model="Files",
        first_channel=1,
        channels=3,
        places=[ChannelPlace(number=number, kind="analog") for number in (1, 2, 3)],
        since=AT,
        **facts,
    )
    trunk = BoardState(
        at=AT,
        name="trunk",
        driver="replay",
        first_channel=101,
        channels=2,
        spans=[SpanState(number=1, alarms=["los"], since=AT)],
        places=[
            ChannelPlace(number=101, kind="voice", span=1, timeslot=1),
            ChannelPlace(number=102, kind="dchannel", span=1, timeslot=16),
        ],
        fault="gone",
        problem="no such device",
    )
    admin = web.administrator()

    async def heard():
        found = (await asyncio.to_thread(admin.get, "boards")).json
        return len(found["boards"]) == 2 and found["counts"] and found["boards"][1]["fault"] == "gone"

    async def run():
        async with Bus(web.layout.bus_socket, "boards") as bus:
            bus.set(BOARD, "lines", lines)
            bus.set(BOARD, "trunk", trunk)
            for second, channels in enumerate(looks):
                at = AT + timedelta(seconds=second)
                recorded = {DataType.ANALOG: sum(bool(one.call_id) for one in channels)}
                news = ChannelsNow(at=at, board="lines", channels=channels, recorded=recorded)
                bus.set(CHANNELS, "lines", news)
                if second + 1 < len(looks):
                    await until_async(lambda at=at: has(at))
            await until_async(heard)

    async def has(at):
        history = (await asyncio.to_thread(admin.get, "boards/channels/1")).json.get("history", {})
        return bool(history.get("at")) and datetime.fromisoformat(history["at"][-1]) == at

    asyncio.run(run())


def look(volts, state=ChannelState.IDLE, level=None):
    call_id = "01call" if state is ChannelState.RECORDING else ""
    return [
        ChannelNow(number=1, state=state, volts=volts, level_dbm0=level, call_id=call_id),
        ChannelNow(number=2, state=ChannelState.IDLE, volts=48.0),
        ChannelNow(number=3, state=ChannelState.OFF),
    ]


def test_a_board_of_the_settings_that_nobody_tells_of_is_said_to_be_silent(web):
    admin = web.administrator()
    assert admin.get("boards").json["boards"] == []
    configure(admin, cards=CARDS[:1])
    (board,) = admin.get("boards").json["boards"]
    assert (board["name"], board["fault"], board["driver_text"]) == (
        "lines",
        "silent",
        "Files played as a board",
    )
    assert board["fault_text"]
    assert admin.get("boards/channels").json == {"channels": []}
    assert admin.get("boards/channels/1").status == 404


def test_what_is_plugged_in_and_not_set_up_is_offered_with_settings_that_are_taken(web):
    admin = web.administrator()
    configure(admin, cards=CARDS)
    told(web, look(48.1))
    spans = [
        LineCard(kind="dahdi", model="T4XXP", channels=62, spans=[1, 2]),
        LineCard(kind="dahdi", model="TDM", channels=24, spans=[3]),
    ]
    inputs = [LineCard(kind="alsa", model="USB Sound", device="plughw:CARD=Radio,DEV=0")]
    write(web.layout, Plugged(at=AT, cards=[*spans, *inputs]))
    found = admin.get("boards").json["found"]
    assert [one["settings"] for one in found] == [
        {"kind": "dahdi", "name": "DAHDI 1 2", "first_channel": 103, "spans": "1,2", "first_span": 2},
        {"kind": "dahdi", "name": "DAHDI 3", "first_channel": 103, "spans": "3", "first_span": 2},
        {"kind": "alsa", "name": "Radio", "first_channel": 103, "device": "plughw:CARD=Radio,DEV=0"},
    ]
    assert found[0]["kind_text"] == "Analog lines and E1 (DAHDI)"
    configure(admin, cards=[*CARDS, found[0]["settings"]])
    assert [one["model"] for one in admin.get("boards").json["found"]] == ["TDM", "USB Sound"]
    everything = {"kind": "dahdi", "name": "All", "first_channel": 200}
    sound = {"kind": "alsa", "name": "Sound", "first_channel": 300, "device": "hw:CARD=Radio,DEV=0"}
    configure(admin, cards=[*CARDS, everything, sound])
    assert admin.get("boards").json["found"] == []


def test_boards_spans_and_channels_are_told_as_they_are(web):
    admin = web.administrator()
    configure(admin, cards=CARDS, channels=[{"number": 1, "name": "Front desk", "control": "voltage"}])
    told(web, look(48.1), look(8.0, ChannelState.RECORDING, -18), over_licence=1)
    answer = admin.get("boards").json
    lines, trunk = answer["boards"]
    assert (lines["recorded"], trunk["recorded"]) == (1, 0)
    assert [(one["technology"], one["recorded"], one["limit"]) for one in answer["licences"]] == [
        ("analog", 1, None),
        ("e1", 0, None),
    ]
    assert (lines["model"], lines["channels"], lines["licensed_channels"], lines["over_licence"]) == (
        "Files",
        3,
        2,
        1,
    )
    assert (trunk["fault"], trunk["problem"], trunk["spans"][0]["alarms"]) == (
        "gone",
        "no such device",
        ["los"],
    )
    system = admin.get("system").json
    technologies = {one["technology"]: one for one in system["system"]["channels"]}
    assert [(one["channels"], one["in_use"]) for one in technologies.values()] == [
        (0, 0),
        (0, 0),
        (3, 1),
        (1, 0),
    ]
    assert {one["technology"]: one["state"] for one in system["licences"]} == dict.fromkeys(
        ("ip", "siprec", "analog", "e1"), "unlimited"
    )
    assert admin.get("boards").json["counts"] == {"recording": 1, "idle": 1, "off": 1}
    channels = admin.get("boards/channels").json["channels"]
    assert [(one["number"], one["kind"], one["span"], one["timeslot"], one["state"]) for one in channels] == [
        (1, "analog", 0, 0, "recording"),
        (2, "analog", 0, 0, "idle"),
        (3, "analog", 0, 0, "off"),
        (101, "voice", 1, 1, "gone"),
        (102, "dchannel", 1, 16, "gone"),
    ]
    first = channels[0]
    assert (first["name"], first["control"], first["volts"], first["level_dbm0"]) == (
        "Front desk",
        "voltage",
        8.0,
        -18,
    )
    detail = admin.get("boards/channels/1").json
    assert detail["history"]["volts"] == [48.1, 8.0]
    assert detail["history"]["level_dbm0"] == [None, -18.0]
    assert detail["parameters"]["control"] == "voltage"
    assert not detail["is_preset"]
    assert admin.get("boards/channels/2").json["is_preset"]


def test_many_channels_get_their_parameters_at_once_and_lose_them_again(web):
    admin = web.administrator()
    configure(admin, cards=CARDS, channels=[{"number": 2, "name": "Fax"}])
    reply = admin.put(
        "boards/channels", {"numbers": [1, 2, 3], "parameters": {"control": "voice", "level": 25}}
    )
    assert reply.json == {"changed": 3}
    found = admin.get("settings").json["settings"]["boards"]["channels"]
    assert [(one["number"], one["name"], one["control"], one["level"]) for one in found] == [
        (1, "", "voice", 25),
        (2, "Fax", "voice", 25),
        (3, "", "voice", 25),
    ]
    assert admin.put("boards/channels", {"numbers": [1, 2, 3], "presets": True}).json == {"changed": 3}
    (left,) = admin.get("settings").json["settings"]["boards"]["channels"]
    assert (left["number"], left["name"], left["control"]) == (2, "Fax", "auto")


def test_parameters_that_cannot_be_are_refused_with_their_name(web):
    admin = web.administrator()
    for wanted, field in (
        ({"numbers": [1, 2], "parameters": {"name": "Both"}}, "parameters.name"),
        ({"numbers": [1], "parameters": {"number": 9}}, "parameters.number"),
        ({"numbers": [1], "parameters": {"level": 33}}, "level"),
        ({"numbers": [1], "parameters": {"on_hook_v": 10.0}}, "boards.channels[0].on_hook_v"),
        ({"numbers": []}, "numbers"),
    ):
        reply = admin.put("boards/channels", wanted)
        assert reply.status == 422, (wanted, reply)
        assert field in str(reply.field), (wanted, reply.field)
    assert admin.get("settings").json["settings"]["boards"]["channels"] == []


def test_who_may_only_look_changes_no_channel(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.put("boards/channels", {"numbers": [1], "parameters": {"level": 1}}).status == 403


def test_the_line_doctor_tells_what_was_observed_and_what_does_not_fit(web):
    admin = web.administrator()
    configure(admin, cards=CARDS, channels=[{"number": 1, "off_hook_v": 5.0, "on_hook_v": 60.0}])
    told(web, look(48.0))
    nothing = admin.get("boards/channels/1/doctor").json
    assert (nothing["advice"], nothing["worries"], nothing["volts"]["counts"]) == ([], [], [])
    case = Case()
    case.volts[48], case.volts[8] = 5000, 2000
    content = msgspec.json.encode({1: case})
    web.layout.line_cases("lines").write_bytes(content)
    found = admin.get("boards/channels/1/doctor").json
    assert (found["idle_v"], found["in_use_v"]) == (48.0, 8.0)
    assert {one["code"] for one in found["worries"]} == {"idle_too_low", "in_use_too_high"}
    advice = {one["parameter"]: one for one in found["advice"]}
    assert 8 < advice["off_hook_v"]["value"] < advice["on_hook_v"]["value"] < 48
    assert (advice["off_hook_v"]["now"], advice["on_hook_v"]["now"]) == (5.0, 60.0)
    proposed = {name: advice[name]["value"] for name in ("off_hook_v", "on_hook_v")}
    assert admin.put("boards/channels", {"numbers": [1], "parameters": proposed}).status == 200
    assert admin.get("boards/channels/1/doctor").json["worries"] == []
    web.layout.line_cases("lines").write_bytes(content[:100])
    assert admin.get("boards/channels/1/doctor").json["volts"]["counts"] == []
    assert admin.get("boards/channels/9/doctor").status == 404
