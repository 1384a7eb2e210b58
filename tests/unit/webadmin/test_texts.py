import string

from webadmin import refusals, texts
from webadmin.words import PAGE_WORDS

OWN = (
    "reason.",
    "mark.",
    "call_state.",
    "direction.",
    "format.",
    "role.",
    "permission.",
    "verdict.",
    "condition.",
    "settings.",
    "error.",
)


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys_and_placeholders():
    english, chinese = texts.in_language("en"), texts.in_language("zh")
    assert list(english) == list(chinese) == sorted(english)
    assert all(placeholders(english[key]) == placeholders(chinese[key]) for key in english)


def test_what_the_house_names_can_be_said_by_the_page():
    english = texts.in_language("en")
    assert english["reason.busy"] == "Busy"
    assert english["mark.one_way"] == "One side only"
    assert english["format.opus"] == "Ogg Opus"
    assert english["settings.capture.ring_mib"] == "Capture ring"
    assert english["condition.disk_full.title"]
    assert english[f"error.{refusals.WrongPassword().code}"]
    assert english["role.viewer"] == "Viewer"


def test_the_pages_words_do_not_shadow_the_houses():
    assert [
        key
        for key in PAGE_WORDS
        if key.startswith(OWN) and key in texts.in_language("en") and key not in PAGE_WORDS
    ] == []
    merged = texts.all_texts()
    own = {key: text for key, text in merged.items() if key not in PAGE_WORDS}
    assert len(own) + len(PAGE_WORDS) == len(merged)
    assert not {
        key
        for key in PAGE_WORDS
        if key.startswith(("reason.", "mark.", "call_state.", "direction.", "format."))
    }


def test_every_sentence_is_said():
    assert all(sentence.strip() for sentence in texts.in_language("zh").values())
