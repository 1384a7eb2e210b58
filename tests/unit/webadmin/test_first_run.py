import stat

from webadmin.firstrun import FirstRun


def test_the_password_file_is_for_its_owner_only(layout):
    FirstRun(layout, is_set_up=False)
    assert stat.S_IMODE(layout.one_time_password.stat().st_mode) == 0o600


def test_a_restart_keeps_the_password_that_was_read(layout):
    FirstRun(layout, is_set_up=False)
    shown = layout.one_time_password.read_text().strip()
    assert FirstRun(layout, is_set_up=False).matches(shown)


def test_a_damaged_file_is_replaced(layout):
    layout.one_time_password.write_bytes(b"\xff\x00 not a password")
    first_run = FirstRun(layout, is_set_up=False)
    shown = layout.one_time_password.read_text().strip()
    assert len(shown) == 19
    assert first_run.matches(shown)


def test_capitals_and_blanks_are_forgiven_and_nothing_else(layout):
    first_run = FirstRun(layout, is_set_up=False)
    shown = layout.one_time_password.read_text().strip()
    assert first_run.matches(f"  {shown.upper()}\n")
    assert not first_run.matches(shown[:-1])
    assert not first_run.matches("")
    assert not first_run.matches("пароль\ud800")


def test_once_done_the_password_is_gone_and_opens_nothing(layout):
    first_run = FirstRun(layout, is_set_up=False)
    shown = layout.one_time_password.read_text().strip()
    first_run.done()
    assert not layout.one_time_password.exists()
    assert not first_run.is_pending
    assert not first_run.matches(shown)
    assert not first_run.matches("")


def test_a_box_that_is_set_up_keeps_no_password_file(layout):
    FirstRun(layout, is_set_up=False)
    first_run = FirstRun(layout, is_set_up=True)
    assert not layout.one_time_password.exists()
    assert not first_run.is_pending
