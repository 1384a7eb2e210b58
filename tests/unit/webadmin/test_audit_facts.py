import logging

import pytest

from webadmin import audit


@pytest.mark.parametrize("fact", ["name", "module", "args", "message", "process", "user_agent"])
def test_a_fact_may_have_any_name(caplog, fact):
    with caplog.at_level(logging.INFO):
        audit.note_of("anna", "10.0.0.1", "contact changed", **{fact: "Ann Hall"})
    (line,) = caplog.records
    assert "Ann Hall" in (line.__dict__.get(fact), line.__dict__.get(f"{fact}_"))
    assert line.getMessage() == "contact changed"
