from zoneinfo import ZoneInfo

import msgspec
import pytest

from appliance.core.errors import Invalid
from appliance.settings.root import Settings
from appliance.settings.storage import validate
from appliance.store.calls import row_of
from tests.rigs.records import NOON, make_record
from webadmin.export_names import Names, name_of
from webadmin.table_cell import harmless

BERLIN = ZoneInfo("Europe/Berlin")


def row(**more):
    return row_of(make_record("+4930123", "1001", at=NOON, **more))


def test_the_template_is_filled_in_the_readers_zone_and_language():
    assert (
        name_of(row(), "{date}_{time}_{caller}_{callee}", BERLIN, "en") == "2026-11-21_13-00-00_+4930123_1001"
    )
    assert name_of(row(), "{direction} {duration}", BERLIN, "zh") == "未知 30s"
    assert name_of(row(call_id="0abc"), "x-{id}", BERLIN, "en") == "x-0abc"


def test_what_a_file_system_does_not_like_becomes_a_dash():
    record = make_record("../../etc/passwd", 'a:b"c\n', at=NOON)
    assert name_of(row_of(record), "{caller}_{callee}", BERLIN, "en") == "etc-passwd_a-b-c"
    empty = row_of(make_record("", "", at=NOON, call_id="0abc"))
    assert name_of(empty, "{caller}{callee}", BERLIN, "en") == "0abc"


def test_a_name_that_stands_already_gets_a_number():
    names = Names()
    given = [names.once("a", ".wav") for _ in range(3)] + [names.once("A", ".wav"), names.once("b", ".wav")]
    assert given == ["a.wav", "a (2).wav", "a (3).wav", "A (4).wav", "b.wav"]


@pytest.mark.parametrize("template", ["{number}", "a/b", "{date", "}", "", "{date}\\x"])
def test_a_template_with_anything_else_is_refused(template):
    content = msgspec.to_builtins(msgspec.convert({}, Settings))
    content["web"]["download_name"] = template
    with pytest.raises(Invalid):
        validate(content)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("-1+2", "'-1+2"),
        ("+4930123", "+4930123"),
        ("+1+cmd", "'+1+cmd"),
        ("Anna", "Anna"),
    ],
)
def test_no_cell_is_a_formula(text, cell):
    assert harmless(text) == cell
