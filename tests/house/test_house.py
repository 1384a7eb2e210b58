"""The rules of the house that a machine can judge. Every message says why the rule exists and what to do."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import appliance
import webadmin
from appliance.core.release import VERSION
from appliance.core.text import Text
from appliance.settings import archive
from appliance.settings.field import Section

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    [*ROOT.glob("appliance/**/*.py"), *ROOT.glob("webadmin/*.py"), *ROOT.glob("webadmin/api/**/*.py")]
)
TESTS = sorted(
    path for path in ROOT.glob("tests/**/*.py") if "rigs" not in path.parts and "bench" not in path.parts
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def modules() -> Iterator[object]:
    for package in (appliance, webadmin):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_is_named_for_what_it_is(path: Path) -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "constants", "types"}
    is_program = path.parent == ROOT / "appliance" / "daemons"  # a daemon's file has its program's name
    assert is_program or path.stem not in banned, (
        "such a name promises nothing, so everything ends up there: name the file for its one subject, or split it"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_modules_open_with_what_comes_in_and_goes_out(path: Path) -> None:
    tree = tree_of(path)
    if not tree.body:
        return
    assert ast.get_docstring(tree), (
        "a stranger must find the room for a change in a minute: say what the file is for"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    hidden = [
        inner.lineno
        for outer in ast.walk(tree_of(path))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) and outer.name != "make"
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, (
        f"lines {hidden}: an import inside a function hides a circle; only a family's make() may load a kind"
    )
    assert "TYPE_CHECKING" not in path.read_text(), (
        "a need for TYPE_CHECKING is a circle: move what both need one storey down"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_programs_are_only_started_in_system(path: Path) -> None:
    if path.is_relative_to(ROOT / "appliance" / "system"):
        return
    assert not re.search(r"^(import|from) subprocess|create_subprocess", path.read_text(), re.MULTILINE), (
        "what the box runs must be found in one folder, to be confined there: put the call into appliance/system"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_topics_and_folders_are_spelt_once(path: Path) -> None:
    text = path.read_text()
    if path != ROOT / "appliance/bus/topics.py":
        spelt = re.findall(r'"(?:state|event|command)/[^"]*"', text)
        assert not spelt, f"{spelt}: a topic spelt twice drifts; use the table in appliance/bus/topics.py"
    if path != ROOT / "appliance/core/files.py":
        spelt = re.findall(
            r'"(?:quarantine|media\.pcap|manifest\.json|index\.sqlite|settings\.json|listen\.sock)"',
            text,
        )
        assert not spelt, (
            f"{spelt}: a folder spelt twice drifts; use Layout and the names in appliance/core/files.py"
        )


STANDARD = [
    path for path in SOURCES if {"sip", "media", "capture"} & set(path.parts) and path.stem != "__init__"
]


@pytest.mark.parametrize("folder", ["sip", "media", "capture"])
def test_protocol_code_names_its_standard(folder: str) -> None:
    paths = [
        path for path in SOURCES if path.parent == ROOT / "appliance" / folder and path.read_text().strip()
    ]
    naming = [
        path
        for path in paths
        if re.search(r"Source: .*(RFC|ITU|sd_notify|unix|G\.\d|WAVE|age)", path.read_text())
    ]
    assert len(naming) * 2 >= len(paths), (
        "protocol code without the section it follows cannot be checked by a reader: "
        f"add Source: lines to {sorted(name_of(path) for path in set(paths) - set(naming))}"
    )


def test_a_docstring_says_more_than_the_name() -> None:
    idle = []
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            said = ast.get_docstring(node)
            if said:
                words = set(re.findall(r"[a-z]+", said.split("\n", maxsplit=1)[0].lower())) - {
                    "the",
                    "a",
                    "an",
                    "of",
                    "this",
                }
                named = set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", node.name).lower()))
                if words <= named:
                    idle.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not idle, (
        f"a sentence that repeats the name is noise; say what the name does not, or nothing: {idle}"
    )


def test_every_text_exists_in_both_languages() -> None:
    wrong = []
    for module in modules():
        for where, found in _texts(vars(module), 0):
            if not found.en.strip() or not found.zh.strip():
                wrong.append((module.__name__, where, "empty"))
            if re.search(r"[\u4e00-\u9fff]", found.en) or (
                not re.search(r"[\u4e00-\u9fff]", found.zh) and re.search(r"[a-z]{3,} [a-z]{2,}", found.zh)
            ):
                wrong.append((module.__name__, where, found.en, found.zh))
    assert not wrong, f"Chinese and English are equals: {wrong}"


def _texts(values: object, depth: int) -> Iterator[tuple[str, Text]]:
    if isinstance(values, Text):
        yield "", values
    elif isinstance(values, dict) and depth < 4:
        for key, value in values.items():
            for where, text in _texts(value, depth + 1):
                yield f"{key}.{where}", text


def test_formats_and_encoders_are_the_same_set() -> None:
    tags = {kind.__struct_config__.tag for kind in archive.Format.__args__}
    files = {path.stem for path in (ROOT / "appliance/media/encoders").glob("*.py")} - {"__init__"}
    assert tags <= files, f"a format without an encoder cannot be chosen honestly: {tags - files}"
    assert set(archive.FORMAT_TEXT) == tags, "each format is named in both languages in settings/archive.py"


SHARED = {"check", "container"}  # what the kinds of a family share has a named module of its own


@pytest.mark.parametrize("family", ["appliance.media.encoders", "appliance.health"])
def test_kinds_of_one_family_never_meet(family: str) -> None:
    folder = ROOT / family.replace(".", "/")
    kinds = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    meetings = [
        f"{path.stem} imports {node.module}"
        for path in folder.glob("*.py")
        if path.stem in kinds
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.startswith(family + ".")
        if node.module.rsplit(".", maxsplit=1)[-1] not in SHARED
    ]
    assert not meetings, f"what two kinds share belongs into the family's own module: {meetings}"


def test_every_daemon_is_registered() -> None:
    from appliance import daemons  # noqa: PLC0415 - the register under test

    files = {path.stem for path in (ROOT / "appliance/daemons").glob("*.py")} - {"__init__"}
    assert set(daemons.DAEMONS) == files, (
        "a daemon nobody can start is dead code; a name without a file cannot start"
    )


def test_migrations_are_registered_in_order() -> None:
    from appliance.store import migrations  # noqa: PLC0415 - the register under test

    files = sorted(path.stem for path in (ROOT / "appliance/store/migrations").glob("[0-9]*.py"))
    registered = [step.__name__.rsplit(".", maxsplit=1)[-1] for step in migrations.MIGRATIONS]
    assert registered == files, "a migration that is not registered is never run"


def test_settings_are_born_only_by_decoding() -> None:
    sections = {
        name for module in ("archive", "capture", "root", "web")
        for name, kind in vars(importlib.import_module(f"appliance.settings.{module}")).items()
        if isinstance(kind, type) and issubclass(kind, Section)
    }  # fmt: skip
    calls = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        if path.parent.name != "settings"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in sections
    ]
    assert not calls, f"constructors of msgspec structs do not validate; decode or convert instead: {calls}"


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_tests_wait_for_conditions(path: Path) -> None:
    sleeping = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "time.sleep"
    ]
    assert not sleeping, (
        f"lines {sleeping}: a fixed sleep is slow on a good day and wrong on a bad one; use rigs.patience.until"
    )


def test_nothing_names_a_registry_or_a_machine() -> None:
    texts = [
        path
        for pattern in ("*.md", "Makefile", "image/*", "appliance/**/*.py", "webadmin/*.py")
        for path in ROOT.glob(pattern)
        if path.is_file()
    ]
    found = [
        name_of(path)
        for path in texts
        if re.search(r"pypi\.org|crates\.io/|npmjs|/root/|/work/", path.read_text())
    ]
    assert not found, f"the tree must build anywhere: {found} name a registry's host or a path of one machine"


def test_the_release_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION, (
        "`tapeline --version` must not lie: change appliance/core/release.py, too"
    )
