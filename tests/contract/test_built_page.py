"""What a browser has to fetch before it can show a page of the build, and that none of it needs an exception of the policy."""

import re
from pathlib import Path

import pytest

from webadmin.app import BUILT_PAGE
from webadmin.handler import SECURITY_HEADERS

UI = Path(__file__).parents[2] / "webadmin/ui"
BUDGET_BYTES = 250_000
EVERYWHERE = re.compile(r'(?:src|href)="/([^"]+)"')
SHARED = re.compile(r"m\.f=\[([^\]]*)\]")
PART = re.compile(
    r"import\([`\"']\./(\w+Page)-[^`\"']+[`\"']\)(?:\.then\([^()]*\))?,__vite__mapDeps\(\[([\d,]*)\]\)"
)


@pytest.fixture(scope="module")
def index() -> str:
    path = BUILT_PAGE / "index.html"
    if not path.exists():
        pytest.skip("the page is not built")
    return path.read_text()


def packed_bytes(names: set[str]) -> int:
    """What goes over the line; small files are not packed."""
    paths = [BUILT_PAGE / name for name in names]
    return sum(
        (packed if packed.exists() else path).stat().st_size
        for path, packed in ((path, Path(f"{path}.gz")) for path in paths)
    )


def entry_of(index: str) -> str:
    found = re.search(r'<script type="module"[^>]* src="/([^"]+)"', index)
    assert found
    return (BUILT_PAGE / found.group(1)).read_text()


def test_every_page_can_be_shown_after_a_quarter_of_a_megabyte(index):
    first = {*EVERYWHERE.findall(index), "index.html"}
    entry = entry_of(index)
    shared = SHARED.search(entry)
    assert shared
    files = re.findall(r'"([^"]+)"', shared.group(1))
    pages = {
        name: packed_bytes(first | {files[int(number)] for number in numbers.split(",") if number})
        for name, numbers in PART.findall(entry)
    }
    opened = {path.stem for path in (UI / "src/pages").glob("*Page.vue")}
    assert opened - set(pages) == set(), "the build is written in another way now"
    assert not {name: size for name, size in pages.items() if size > BUDGET_BYTES}, pages


def test_a_page_is_fetched_only_by_who_opens_it(index):
    assert not re.search(r"\w+Page-", index), "a page's code is part of the first download"


def test_the_page_has_no_script_or_style_of_its_own_and_the_policy_allows_none(index):
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy, "no other host is ever asked"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", index)
    assert all(address.startswith("/") for address in re.findall(r'(?:src|href)="([^"]+)"', index))
