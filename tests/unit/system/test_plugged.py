"""What the devices that udev tells are to the box: sticks, serial lines, network ports; and the report of them."""

from datetime import UTC, datetime

import msgspec

from appliance.system import plugged
from appliance.system.devices import SOUND, SPAN, Found
from tests.rigs import recorded

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_sticks_are_file_systems_of_usb_disks_that_any_machine_can_write():
    disk_for_recordings = recorded.disk("sdy", **recorded.USB, ID_FS_TYPE="ext4", ID_FS_LABEL="tapeline-rec")
    undivided = recorded.disk("sdx", 8, **recorded.USB, ID_FS_TYPE="exfat", ID_FS_LABEL="ROUND")
    inside = recorded.disk("sdw", **recorded.SATA, ID_FS_TYPE="vfat")
    fresh = recorded.disk("sdv", **recorded.USB, ID_FS_TYPE="vfat", known=False)
    found = [*recorded.system(), *recorded.stick("sdz"), disk_for_recordings, undivided, inside, fresh]
    mounts = {found[-5].number: ["/run/media/sdz1"]}
    told = plugged.told(AT, found, mounts)
    assert [(one.name, one.label, one.kind) for one in told.sticks] == [
        ("sdz1", "INSTALL", "vfat"),
        ("sdx", "ROUND", "exfat"),
    ]
    stick = told.sticks[0]
    assert (stick.path, stick.model) == ("/dev/sdz1", "Kingston DataTraveler 3.0")
    assert stick.mounts == ["/run/media/sdz1"]
    assert stick.size_bytes == 16 << 30


def test_serial_lines_are_adapters_and_chips_that_are_there():
    found = [
        recorded.adapter(),
        recorded.chip("ttyS0", "4"),
        recorded.chip("ttyS1", "0"),
        recorded.chip("tty1", ""),
    ]
    lines = plugged.told(AT, found, {}).lines
    assert [(one.name, one.is_usb) for one in lines] == [("ttyUSB0", True), ("ttyS0", False)]
    assert lines[0].model.startswith("Future Technology")
    assert lines[0].serial == "A50285BI"


def test_network_ports_are_those_of_the_hardware():
    bridge = msgspec.structs.replace(recorded.card("br0"), has_hardware=False)
    wireless = msgspec.structs.replace(recorded.card("wlan0"), attributes={"type": "801"})
    (port,) = plugged.told(AT, [recorded.card(), bridge, wireless], {}).ports
    assert (port.name, port.driver) == ("enp2s0", "igb")
    assert port.model == "Intel Corporation I210 Gigabit Network Connection"


def span(number: int, card: str, channels: str = "31") -> Found:
    attributes = {"desc": f"T4XXP (PCI) Card 0 Span {number}", "channels": channels}
    return Found(subsystem=SPAN, name=f"span-{number}", above=card, attributes=attributes)


def test_the_spans_of_a_card_are_one_board():
    found = [
        span(10, "pci:0000:02:00.0", "24"),
        span(2, "pci:0000:01:00.0"),
        span(1, "pci:0000:01:00.0"),
        span(11, "usb", "?"),
    ]
    told = plugged.told(AT, found, {}).cards
    assert [(one.kind, one.spans, one.channels) for one in told] == [
        ("dahdi", [1, 2], 62),
        ("dahdi", [10], 24),
        ("dahdi", [11], 0),
    ]
    assert told[0].model == "T4XXP (PCI) Card 0 Span 1"


def test_what_brings_sound_is_named_as_the_library_does():
    card = Found(
        subsystem=SOUND, name="card1", attributes={"id": "Radio"}, properties={"ID_MODEL": "USB_Sound"}
    )
    inputs = [
        Found(subsystem=SOUND, name=name)
        for name in ("pcmC1D0p", "pcmC1D0c", "pcmC1D2c", "controlC1", "pcmC9D0c")
    ]
    told = plugged.told(AT, [card, *inputs], {}).cards
    assert [(one.kind, one.device, one.model) for one in told] == [
        ("alsa", "plughw:CARD=Radio,DEV=0", "USB Sound"),
        ("alsa", "plughw:CARD=Radio,DEV=2", "USB Sound"),
    ]


def test_the_report_is_read_back_and_differs_only_when_something_does(layout):
    report = plugged.told(AT, [*recorded.system(), *recorded.stick()], {})
    assert plugged.read(layout) is None
    plugged.write(layout, report)
    assert plugged.read(layout) == report
    later = datetime(2026, 3, 3, tzinfo=UTC)
    assert plugged.told(later, [*recorded.system(), *recorded.stick()], {}).is_like(report)
    assert not plugged.told(later, recorded.system(), {}).is_like(report)
    assert not report.is_like(None)
    layout.plugged_report.write_text("{")
    assert plugged.read(layout) is None
