"""Every page says what it is for, in both languages; every step of the tour has its words."""

import re
from pathlib import Path

import pytest

from webadmin.guide_words import GUIDE_WORDS

PAGE = Path(__file__).resolve().parents[3] / "webadmin/ui/src"
NAMES = re.findall(r'name: "(\w+)", path: .* who: (?!null)', (PAGE / "pages.ts").read_text())


def test_there_are_pages():
    assert "calls" in NAMES
    assert "login" not in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_in_two_or_three_sentences_what_it_is_for(name):
    said = GUIDE_WORDS.get(f"guide.{name}")
    assert said is not None, f"write guide.{name} in webadmin/guide_words.py: what is this page for?"
    assert 2 <= len(re.findall(r"[.;:!?](?:\s|$)", said.en)) <= 5, said.en
    assert 2 <= len(re.findall(r"[。；：！？]", said.zh)) <= 6, said.zh


def test_every_step_of_the_tour_has_its_words():
    steps = re.findall(r'text: "(tour\.\w+)"', (PAGE / "guide.ts").read_text())
    assert len(steps) >= 6
    assert set(steps) <= set(GUIDE_WORDS)
