"""The templates for Zabbix and LibreNMS: whole, and every object that they read stands in our MIB."""

import json
import re
import subprocess
import uuid
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
MIB = ROOT / "rootfs/usr/share/snmp/mibs/TAPELINE-MIB.txt"
FOLDER = ROOT / "rootfs/usr/share/tapeline/monitoring"
STUBS = ROOT / "tests/rigs/mibs"
OURS = ".1.3.6.1.4.1.32473.1"


@pytest.fixture(scope="module")
def objects(tmp_path_factory) -> dict[str, str]:
    """Every object of the MIB: its numbers -> its name; `.0` behind those that stand alone."""
    settings = tmp_path_factory.mktemp("smi") / "smi.conf"
    settings.write_text(f"path {STUBS}\n")
    told = subprocess.run(
        ["smidump", "-c", str(settings), "-f", "identifiers", str(MIB)],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in told.stdout.splitlines() if line.startswith("TAPELINE-MIB")]
    found = {f".{row[3]}": (row[1], row[2]) for row in rows if len(row) == 4}
    assert len(found) > 50, told.stdout[:500]
    return {
        f"{oid}.0" if kind == "scalar" else oid: name
        for oid, (name, kind) in found.items()
        if kind in ("scalar", "column")
    } | dict(found.values())


def zabbix() -> dict:
    (template,) = yaml.safe_load((FOLDER / "zabbix-template.yaml").read_text())["zabbix_export"]["templates"]
    return template


def everything_of_zabbix() -> list[dict]:
    template = zabbix()
    prototypes = [item for rule in template["discovery_rules"] for item in rule["item_prototypes"]]
    return [*template["items"], *template["discovery_rules"], *prototypes]


def test_zabbix_reads_objects_of_the_mib_only(objects):
    read = [oid for one in everything_of_zabbix() for oid in re.findall(r"\.1\.3[.0-9]*", one["snmp_oid"])]
    assert len(read) > 30
    assert not [oid for oid in read if oid.rstrip(".") not in objects]
    names = {objects[oid.rstrip(".")] for oid in read}
    assert {"tapelineCallsRecorded", "tapelineMirrorDropped", "tapelineAlarmSeverity"} <= names
    assert {"tapelineStorageFree", "tapelineProgramAlive", "tapelineSensorCelsius"} <= names


def test_zabbix_can_import_it():
    export = yaml.safe_load((FOLDER / "zabbix-template.yaml").read_text())["zabbix_export"]
    assert export["version"] == "6.0"
    assert {one["name"] for one in zabbix()["groups"]} <= {one["name"] for one in export["groups"]}
    marks = re.findall(r'"uuid": "([^"]*)"', json.dumps(export))
    assert len(set(marks)) == len(marks) > 40
    assert all(uuid.UUID(mark).version == 4 and mark == uuid.UUID(mark).hex for mark in marks)
    keys = [one["key"] for one in everything_of_zabbix()]
    assert len(set(keys)) == len(keys)
    maps = {one["name"] for one in zabbix()["valuemaps"]}
    for one in everything_of_zabbix():
        assert one.get("valuemap", {"name": next(iter(maps))})["name"] in maps
        for trigger in one.get("triggers", []) + one.get("trigger_prototypes", []):
            asked = re.findall(r"\(/([^/]+)/([^,)]*?)(?=[,)])", trigger["expression"])
            assert asked
            assert all(asked_of == (zabbix()["template"], one["key"]) for asked_of in asked)


def test_librenms_reads_objects_of_the_mib_only(objects):
    whole = (FOLDER / "librenms-discovery.yaml").read_text()
    found = yaml.safe_load(whole)
    named = set(re.findall(r"\btapeline[A-Z]\w*", re.sub(r"state_name: .*", "", whole)))
    assert len(named) > 20
    assert not named - set(objects)
    kinds = found["modules"]["sensors"]
    for one in [one for kind in kinds.values() for one in kind["data"]]:
        column = one["num_oid"].removesuffix(".{{ $index }}")
        value = one.get("value", one["oid"])
        assert objects.get(column, objects.get(f"{column}.0")) == value, one


def test_librenms_knows_the_box_by_what_its_agent_says():
    found = yaml.safe_load((FOLDER / "librenms-detection.yaml").read_text())
    assert found["os"] == "tapeline"
    assert found["discovery"] == [{"sysObjectID": [OURS]}]
