"""The second disk by the API: offered, erased after the password, used as the second storage path, taken off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from appliance.settings import storage
from tests.rigs import recorded
from tests.rigs.broker import Broker
from tests.rigs.patience import until
from tests.rigs.plugged_box import SECOND, PluggedBox
from tests.rigs.web import PASSWORD, Browser, Web

WISH = {"path": "/dev/sdb", "size_bytes": 500 << 30, "model": "ST4000VN008-2DR166", "serial": "ZGY0A1B2"}


@pytest.fixture
def box(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluggedBox]:
    broker = Broker(layout.run).start()
    made = PluggedBox(layout, tmp_path, monkeypatch)
    with made.served():
        yield made
    broker.kill()


@pytest.fixture
def admin(box: PluggedBox, free_port: int) -> Iterator[Browser]:
    with Web(box.layout, free_port) as web:
        yield web.administrator()


def disk(admin: Browser, path: str) -> dict:
    return {one["path"]: one for one in admin.get("storage").json["disks"]}.get(path, {})


def test_a_disk_is_offered_erased_used_and_taken_off(box: PluggedBox, admin: Browser) -> None:
    until(lambda: disk(admin, "/dev/sda"), what="the report")
    assert (disk(admin, "/dev/sda")["unfit"], admin.get("storage").json["second"]) == ("system", None)
    box.found.append(SECOND)
    until(lambda: disk(admin, "/dev/sdb"), what="the disk to be seen")
    assert disk(admin, "/dev/sdb")["is_free"] is True
    wrong = admin.post("storage/disk", WISH | {"password": "nonsense"})
    assert (wrong.status, wrong.field) == (422, "password")
    other = admin.post("storage/disk", WISH | {"serial": "another", "password": PASSWORD})
    assert (other.status, other.code) == (409, "not-the-disk")
    assert box.told == []
    assert admin.post("storage/disk", WISH | {"password": PASSWORD}).status == 200
    assert storage.load(box.layout).paths.second == "/data/second"

    def second() -> dict:
        return admin.get("storage").json["second"] or {}

    until(lambda: second().get("is_mounted"), what="the disk to be mounted")
    assert second() == {"disk": "/dev/sdb", "is_mounted": True, "is_used": True, "is_current": False}
    assert admin.delete("storage/second").status == 200
    paths = storage.load(box.layout).paths
    assert (paths.second, paths.older) == ("", ["/data/second"])
    until(lambda: second().get("is_mounted") is False, what="the disk to be let go")
    assert admin.post("storage/second").status == 200
    paths = storage.load(box.layout).paths
    assert (paths.second, paths.older) == ("/data/second", [])


def test_the_path_in_use_is_not_taken_away(box: PluggedBox, admin: Browser) -> None:
    kept = admin.get("settings").json
    paths = kept["settings"]["paths"] | {"second": "/data/second", "current": "second"}
    saved = admin.put(
        "settings", {"revision": kept["revision"], "settings": kept["settings"] | {"paths": paths}}
    )
    assert saved.status == 200, saved
    refused = admin.delete("storage/second")
    assert (refused.status, refused.code) == (409, "recordings-go-there")
    assert box.told == []


def test_another_second_path_is_not_overwritten(box: PluggedBox, admin: Browser, tmp_path: Path) -> None:
    kept = admin.get("settings").json
    paths = kept["settings"]["paths"] | {"second": str(tmp_path / "elsewhere")}
    admin.put("settings", {"revision": kept["revision"], "settings": kept["settings"] | {"paths": paths}})
    box.found.append(SECOND)
    refused = admin.post("storage/disk", WISH | {"password": PASSWORD})
    assert (refused.status, refused.code) == (409, "another-path")
    assert admin.post("storage/second").code == "another-path"
    assert box.told == []


def test_only_who_may_change_settings_erases_disks(box: PluggedBox, free_port: int) -> None:
    with Web(box.layout, free_port) as web:
        viewer = web.viewer(web.administrator())
        assert viewer.post("storage/disk", WISH | {"password": PASSWORD}).status == 403
        assert viewer.post("storage/second").status == 403
        assert viewer.delete("storage/second").status == 403
    assert box.told == []


def test_a_stick_s_updates_are_looked_for_by_the_helper(
    box: PluggedBox, admin: Browser, tmp_path: Path
) -> None:
    box.found += recorded.stick("sdz")
    until(lambda: admin.get("update").json["sticks"], what="the stick to be seen")
    assert admin.post("update/stick", {"name": "sdz1"}).json["files"] == []
    assert [line.split()[0] for line in box.told][:2] == ["busctl", "systemctl"]
