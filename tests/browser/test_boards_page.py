"""The page of boards in Chromium, in both languages, told by the bus as the program of the boards tells it."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.bus.client import Bus
from appliance.bus.topics import BOARD, CHANNELS, BoardState, ChannelNow, ChannelPlace, ChannelsNow, SpanState
from appliance.domain.call import DataType
from appliance.domain.doctor import Case
from appliance.domain.line import ChannelState
from appliance.system.plugged import LineCard, Plugged, write
from tests.rigs.broker import Broker
from tests.rigs.patience import until, until_async
from tests.rigs.web import PASSWORD, Web
from tests.rigs.web import Browser as Visit

CHANNELS_OF_A_BOX = 320

pytestmark = pytest.mark.timeout(300)


class Box(NamedTuple):
    """A panel that knows two boards."""

    web: Web
    admin: Visit


@pytest.fixture
def box(layout, free_port) -> Iterator[Box]:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as web:
        admin = web.administrator()
        now = admin.get("settings").json
        cards = [
            {
                "kind": "replay",
                "name": "Lines",
                "first_channel": 1,
                "scenario": "lines.json",
                "licensed_channels": 32,
            },
            {"kind": "replay", "name": "Trunk", "first_channel": 501, "scenario": "trunk.json"},
        ]
        boards = {**now["settings"]["boards"], "cards": cards}
        admin.put(
            "settings", {"revision": now["revision"], "settings": {**now["settings"], "boards": boards}}
        )
        with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
            beside.submit(asyncio.run, _tell(web, admin)).result()
        yield Box(web, admin)
    broker.kill()


async def _tell(web: Web, admin: Visit) -> None:
    numbers = range(1, CHANNELS_OF_A_BOX + 1)
    at = datetime.now(UTC)
    async with Bus(web.layout.bus_socket, "boards") as bus:
        places = [ChannelPlace(number=number, kind="analog") for number in numbers]
        lines = BoardState(
            at=at,
            name="Lines",
            driver="replay",
            first_channel=1,
            channels=len(places),
            places=places,
            since=at,
        )
        alarmed = SpanState(number=1, alarms=["los", "rai"], since=at)
        trunk = BoardState(at=at, name="Trunk", driver="replay", first_channel=501, channels=1, spans=[alarmed], places=[ChannelPlace(number=501, kind="voice", span=1, timeslot=1)], fault="gone", problem="no such device")  # fmt: skip
        bus.set(BOARD, "Lines", lines)
        bus.set(BOARD, "Trunk", trunk)
        for second in range(60):
            states = [
                ChannelNow(
                    number=number,
                    state=ChannelState.RECORDING if number == 7 else ChannelState.IDLE,
                    volts=8.0 if number == 7 and second > 30 else 48.0,
                    level_dbm0=-18 if number == 7 else None,
                )
                for number in numbers
            ]
            looked = at - timedelta(seconds=60 - second)
            recorded = {DataType.ANALOG: 1}
            bus.set(
                CHANNELS,
                "Lines",
                ChannelsNow(at=looked, board="Lines", channels=states, recorded=recorded),
            )

        async def known() -> bool:
            reply = await asyncio.to_thread(admin.get, "boards/channels/7")
            return reply.status == 200 and reply.json["channel"]["volts"] == 8.0

        await until_async(known)


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, box: Box, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{box.web.port}/login?next=/boards")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("boards-page").wait_for()
    yield page
    page.screenshot(path=f".build/screenshots/boards-{request.param}.png", full_page=True)
    context.close()
    assert not failures


def test_boards_alarms_and_a_channel_with_its_plots_are_shown(page: Page) -> None:
    expect(page.locator('[data-testid="board"][data-name="Trunk"]')).to_have_attribute("data-fault", "gone")
    expect(page.get_by_test_id("span")).to_have_attribute("data-alarms", "los rai")
    used = page.locator('[data-testid="board"][data-name="Lines"]').get_by_test_id("board-licence")
    expect(used).to_have_text(re.compile(r"1\D+32"))
    analog = page.locator('[data-testid="boards-licence"][data-technology="analog"]')
    expect(analog).to_have_attribute("data-recorded", "1")
    expect(analog).to_have_text(re.compile("unlimited|不限"))
    assert page.get_by_test_id("channel-tile").count() < CHANNELS_OF_A_BOX, "only tiles in sight are drawn"
    page.get_by_test_id("channels-state-recording").click()
    expect(page.get_by_test_id("channel-tile")).to_have_count(1)
    page.get_by_test_id("channel-tile").click()
    drawer = page.get_by_test_id("line-drawer")
    expect(drawer).to_have_attribute("data-state", "recording")
    expect(drawer.get_by_test_id("line-volts")).to_have_attribute("data-value", "8")
    expect(drawer.get_by_test_id("line-volts").locator("path.line")).to_have_count(1)


def test_the_line_doctor_shows_what_it_saw_and_its_proposals_are_taken(page: Page, box: Box) -> None:
    case = Case()
    case.volts[48], case.volts[8] = 5000, 2000
    box.web.layout.line_cases("Lines").write_bytes(msgspec.json.encode({7: case}))
    page.locator('[data-testid="channel-tile"][data-number="7"]').click()
    doctor = page.get_by_test_id("line-doctor")
    expect(doctor.locator("figure svg path")).to_have_count(1)
    proposed = doctor.locator('[data-parameter="off_hook_v"] b').inner_text()
    doctor.get_by_test_id("doctor-take").click()
    expect(page.locator(".el-message--success")).to_be_visible()
    (channel,) = box.admin.get("settings").json["settings"]["boards"]["channels"]
    assert (channel["number"], f"{channel['off_hook_v']:g}") == (7, proposed)


def test_many_channels_are_given_the_same_parameters_and_the_presets_again(page: Page, box: Box) -> None:
    page.get_by_test_id("channels-text").fill("31")
    page.get_by_test_id("channels-select").click()
    page.get_by_test_id("channels-select-shown").click()
    page.get_by_test_id("channels-set").click()
    form = page.get_by_test_id("line-parameters")
    expect(page.get_by_test_id("channels-save")).to_be_disabled()
    level = form.get_by_test_id("setting-channel.level").get_by_role("spinbutton")
    level.fill("27")
    level.press("Tab")
    form.get_by_test_id("setting-channel.fax").locator(".el-switch").click()
    page.get_by_test_id("channels-save").click()
    expect(form).to_have_count(0)
    found = box.admin.get("settings").json["settings"]["boards"]["channels"]
    assert [(one["number"], one["level"], one["fax"]) for one in found] == [
        (number, 27, True) for number in range(1, CHANNELS_OF_A_BOX + 1) if "31" in str(number)
    ]
    page.get_by_test_id("channels-set").click()
    page.get_by_test_id("channels-presets").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    expect(form).to_have_count(0)
    assert box.admin.get("settings").json["settings"]["boards"]["channels"] == []


def test_a_channel_is_mixed_with_others(page: Page, box: Box) -> None:
    page.locator('[data-testid="channel-tile"][data-number="7"]').click()
    drawer = page.get_by_test_id("line-drawer")
    drawer.get_by_test_id("line-set").click()
    form = page.get_by_test_id("line-parameters")
    others = form.get_by_test_id("setting-channel.mixed_with").locator("input")
    others.fill("8, 9 501")
    others.press("Enter")
    page.get_by_test_id("channels-save").click()
    expect(form.locator(".field-error")).to_be_visible()  # 501 is on another board
    form.get_by_test_id("setting-channel.mixed_with").locator(".chip", has_text="501").get_by_role(
        "button"
    ).click()
    page.get_by_test_id("channels-save").click()
    expect(drawer.get_by_test_id("line-mixed-with")).to_have_text("8, 9")
    (channel,) = box.admin.get("settings").json["settings"]["boards"]["channels"]
    assert (channel["number"], channel["mixed_with"]) == (7, [8, 9])


def test_a_trunk_is_set_up_from_two_ports(page: Page, box: Box) -> None:
    form = page.get_by_test_id("boards-settings")
    trunks = form.get_by_test_id("setting-boards.trunks")
    trunks.get_by_test_id("item-add").first.click()
    trunk = trunks.get_by_test_id("item-0").first
    trunk.locator("input").first.fill("To the exchange")
    lines = trunk.locator('[data-testid$=".lines"]')
    lines.get_by_test_id("item-add").click()
    first, second = lines.get_by_role("spinbutton").nth(0), lines.get_by_role("spinbutton").nth(1)
    first.fill("1")
    second.fill("2")
    second.press("Tab")
    page.get_by_test_id("boards-settings-save").click()
    expect(page.locator(".el-message--success")).to_be_visible()
    (kept,) = box.admin.get("settings").json["settings"]["boards"]["trunks"]
    assert kept["name"] == "To the exchange"
    assert [(one["first_span"], one["second_span"]) for one in kept["lines"]] == [(1, 2)]
    assert kept["signalling"] == {"kind": "isdn", "timeslots": [16]}


def test_what_is_plugged_in_is_offered_and_recorded_after_saving(page: Page, box: Box) -> None:
    card = LineCard(kind="dahdi", model="Wildcard TE410P", channels=124, spans=[1, 2, 3, 4])
    write(box.web.layout, Plugged(at=datetime.now(UTC), cards=[card]))
    page.reload()
    found = page.get_by_test_id("boards-found")
    expect(found).to_contain_text("Wildcard TE410P")
    found.get_by_test_id("board-add").click()
    expect(found).to_have_count(0)
    page.get_by_test_id("boards-settings-save").click()
    until(
        lambda: len(box.admin.get("settings").json["settings"]["boards"]["cards"]) == 3,
        60,
        "the card to be saved",
    )
    added = box.admin.get("settings").json["settings"]["boards"]["cards"][2]
    assert (added["kind"], added["name"], added["spans"], added["first_channel"]) == (
        "dahdi",
        "DAHDI 1 2 3 4",
        "1,2,3,4",
        502,
    )
    expect(page.locator('[data-testid="board"][data-name="DAHDI 1 2 3 4"]')).to_be_visible()
