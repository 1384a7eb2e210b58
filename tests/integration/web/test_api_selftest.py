from datetime import UTC, datetime

import msgspec

from appliance.core.text import Text
from appliance.domain.selftest import Heard, SelfTest

AT = datetime(2026, 11, 21, 6, tzinfo=UTC)
PROBLEM = Text(en="The two sides are apart.", zh="录音两侧相差过大。")


def test_the_last_test_call_is_told_in_the_readers_language(web):
    admin = web.administrator()
    assert admin.get("self-test").json["at"] is None
    heard = Heard(likeness=0.5, begins_s=0.1)
    last = SelfTest(at=AT, passed=False, call_id="x", problem=PROBLEM, took_s=7.5, caller=heard, callee=heard)
    web.layout.self_test.write_bytes(msgspec.json.encode(last))
    told = admin.get("self-test", **{"Accept-Language": "zh"}).json
    assert (told["passed"], told["problem"], told["caller_likeness"]) == (False, PROBLEM.zh, 0.5)
    web.layout.self_test.write_text("{")
    assert admin.get("self-test").json["at"] is None


def test_away_from_the_box_no_test_call_can_be_placed_and_viewers_may_not(web):
    admin = web.administrator()
    reply = admin.post("self-test")
    assert (reply.status, reply.code) in ((503, "no-helper"), (422, "not-here"))
    assert web.viewer(admin).post("self-test").status == 403
