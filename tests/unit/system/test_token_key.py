"""The key of the tokens: made once, by whoever is first, and never read where it is damaged."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.core.files import Layout
from appliance.system.token_key import tokens

NUMBER = "13812340001"


def test_a_box_has_one_key_that_nobody_else_may_read_and_another_box_another(layout, tmp_path):
    assert tokens(layout).of(NUMBER) == tokens(layout).of(NUMBER)
    assert layout.token_key.stat().st_mode & 0o777 == 0o600
    assert len(layout.token_key.read_bytes()) == 32
    assert tokens(Layout(tmp_path / "other").make()).of(NUMBER) != tokens(layout).of(NUMBER)


def test_all_that_make_it_at_once_go_on_with_the_same_and_leave_nothing_else(layout):
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: tokens(layout).of(NUMBER), range(64)))
    assert set(found) == {tokens(layout).of(NUMBER)}
    assert [path.name for path in layout.data.iterdir() if path.is_file()] == [layout.token_key.name]


@pytest.mark.parametrize("damaged", [b"", b"x", b"x" * 31, b"x" * 33])
def test_a_damaged_key_is_told_and_replaced(layout, caplog, damaged):
    layout.token_key.write_bytes(damaged)
    first = tokens(layout).of(NUMBER)
    assert "the key of the tokens is damaged" in caplog.text
    assert len(layout.token_key.read_bytes()) == 32
    assert tokens(layout).of(NUMBER) == first


def test_a_key_that_cannot_be_read_is_no_reason_to_make_another(layout):
    layout.token_key.mkdir()
    with pytest.raises(IsADirectoryError):
        tokens(layout)
    assert layout.token_key.is_dir()
