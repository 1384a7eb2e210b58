from datetime import timedelta

import pytest

from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.ledger import Reason
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import NOON, make_record


@pytest.fixture
def conversation(web):
    """An attended transfer whose calls were archived the wrong way round, and a stranger."""

    def tie(kind, other, at_s):
        return Relation(kind=RelationKind(kind), at=NOON + timedelta(seconds=at_s), **other)

    first = make_record("100", "200", call_id="0a", sip_call_id="first@x")
    ask = make_record(
        "200", "300", at=NOON + timedelta(seconds=40), reason=Reason.NO_MEDIA, call_id="0b", sip_call_id="ask@x",
        related=[tie("consultation", {"call_id": "0a"}, 50)],
    )  # fmt: skip
    result = make_record(
        "100", "300", at=NOON + timedelta(seconds=60), call_id="0c", sip_call_id="result@x",
        related=[tie("replaces", {"sip_call_id": "ask@x"}, 60), tie("transferred_from", {"call_id": "0a"}, 60)],
    )  # fmt: skip
    database = open_database(web.layout)
    calls.index_all(database, [result, make_record("7", "8", call_id="0x"), ask, first])
    database.close()
    return web.administrator()


def test_a_conversation_is_a_tree_in_order(conversation):
    answer = conversation.get("interactions/0a").json
    assert (answer["interaction_id"], answer["recordings"]) == ("0a", 2)
    assert answer["duration_s"] == pytest.approx(92)
    assert [(leg["call_id"], leg["parent"], leg["relation"], leg["depth"]) for leg in answer["legs"]] == [
        ("0a", "", None, 0),
        ("0b", "0a", "consultation", 1),
        ("0c", "0a", "transferred_from", 1),
    ]
    ties = [(tie["kind"], tie["call_id"], tie["sip_call_id"]) for tie in answer["legs"][2]["relations"]]
    assert ties == [("replaces", "", "ask@x"), ("transferred_from", "0a", "")]
    assert answer["legs"][1]["state"] == "not_recorded"


def test_an_id_that_was_merged_finds_the_conversation(conversation):
    assert conversation.get("interactions/0c").json["interaction_id"] == "0a"
    assert conversation.get("calls/0c").json["interaction_id"] == "0a"
    legs = conversation.get("calls/0a").json["legs"]
    assert [leg["call_id"] for leg in legs] == ["0b", "0c"]


def test_a_call_alone_is_a_conversation_of_one(conversation):
    answer = conversation.get("interactions/0x").json
    assert [leg["call_id"] for leg in answer["legs"]] == ["0x"]


def test_the_relation_is_told_in_both_languages(conversation):
    texts = {
        language: conversation.get(f"interactions/0a?lang={language}").json["legs"][1]["relation_text"]
        for language in ("en", "zh")
    }
    assert texts == {"en": "Consultation", "zh": "咨询通话"}


def test_an_unknown_conversation_is_not_found(conversation):
    assert conversation.get("interactions/nothing").status == 404
