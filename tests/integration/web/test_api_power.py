"""Restarting and switching off by the API: after one's own password, by those who may, and only what there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from tests.rigs.patience import until
from tests.rigs.plugged_box import PluggedBox
from tests.rigs.web import PASSWORD, Web


@pytest.fixture
def box(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluggedBox]:
    made = PluggedBox(layout, tmp_path, monkeypatch)
    with made.served():
        yield made


@pytest.fixture
def panel(box: PluggedBox, free_port: int) -> Iterator[Web]:
    with Web(box.layout, free_port) as web:
        yield web


@pytest.mark.parametrize(("path", "order"), [("restart", "reboot"), ("power-off", "poweroff")])
def test_the_box_obeys_after_the_password(box: PluggedBox, panel: Web, path: str, order: str) -> None:
    admin = panel.administrator()
    wrong = admin.post(f"system/{path}", {"password": "nonsense"})
    assert (wrong.status, wrong.field) == (422, "password")
    assert box.told == []
    assert admin.post(f"system/{path}", {"password": PASSWORD}).status == 204
    assert until(lambda: box.told, what="the order") == [f"systemctl --no-block {order}"]
    row = admin.get("operations").json["operations"][0]
    assert (row["result"], PASSWORD in str(row)) == ("done", False)


def test_a_program_is_started_anew_and_an_unknown_one_is_not(box: PluggedBox, panel: Web) -> None:
    admin = panel.administrator()
    assert admin.post("system/programs/recorder/restart").status == 204
    assert box.told[-1] == "systemctl --no-block restart tapeline@recorder.service"
    assert admin.post("system/programs/webadmin/restart").status == 204
    last = "systemctl --no-block restart tapeline@webadmin.service"
    until(lambda: box.told[-1] == last, what="the panel's own turn")
    count = len(box.told)
    assert admin.post("system/programs/sshd/restart").status == 404
    assert len(box.told) == count


def test_who_may_not_change_settings_restarts_nothing(box: PluggedBox, panel: Web) -> None:
    viewer = panel.viewer(panel.administrator())
    for path in ("restart", "power-off"):
        assert viewer.post(f"system/{path}", {"password": PASSWORD}).status == 403
    assert viewer.post("system/programs/recorder/restart").status == 403
    assert box.told == []


def test_a_machine_without_a_helper_says_so(layout: Layout, free_port: int) -> None:
    with Web(layout, free_port) as web:
        admin = web.administrator()
        reply = admin.post("system/restart", {"password": PASSWORD})
        assert (reply.status, reply.code) == (503, "no-helper")
