import errno

import pytest

from webadmin.child_work import failed


def test_a_full_disk_is_called_full_in_both_languages():
    told = failed(OSError(errno.ENOSPC, "No space left on device", "/data/x/13800138000.wav"), "/data")
    assert "full" in told.en
    assert "已满" in told.zh


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS, errno.EACCES])
def test_another_fault_of_the_disk_is_not_called_full_and_names_no_file(number):
    told = failed(OSError(number, "what the system says", "/data/x/13800138000.wav"), "/data")
    for text in (told.en, told.zh):
        assert "what the system says" in text
        assert "13800138000" not in text
    assert "full" not in told.en
    assert "满" not in told.zh
