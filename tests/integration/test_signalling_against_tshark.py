"""Our readers of signalling beside an independent analyser, on messages made at random."""

import json
import random
import shutil
import subprocess

import pytest

from appliance.boards.signalling import isup, lapd, mtp, q931
from appliance.settings.trunks import Label
from tests.rigs import signalling as wire

MESSAGES = 600


@pytest.fixture
def chance():
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def tshark(tmp_path):
    """What tshark tells of frames: a dictionary of fields each, names without their protocol's tree."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")

    def ask(link_type, frames, *options):
        path = wire.write_capture(tmp_path / "frames.pcap", link_type, frames)
        command = ["tshark", "-r", str(path), "-T", "json", *options]
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
        # A field that stands twice in a tree is written twice under one name: pairs keep both.
        packets = json.loads(told, object_pairs_hook=list)
        return [_fields(dict(dict(packet)["_source"])["layers"]) for packet in packets]

    return ask


def _fields(tree):
    found = {}
    for name, value in tree:
        if isinstance(value, str):
            found.setdefault(name, value)
        elif isinstance(value, list) and all(isinstance(pair, tuple) for pair in value):
            for inner, told in _fields(value).items():
                found.setdefault(inner, told)
    return found


def digits(chance, most=20, least=0):
    return "".join(chance.choice("0123456789") for _ in range(chance.randint(least, most)))


def unknown_element(chance):
    """One that nobody needs: its length is all that must be understood."""
    kind = chance.choice([0x7C, 0x7D, 0x34, 0x40, 0x6D, 0x71, 0x78])
    return wire.element(kind, bytes(chance.randrange(256) for _ in range(chance.randint(1, 6))))


def a_q931_message(chance):
    elements = [wire.SPEECH] if chance.random() < 0.5 else []
    if chance.random() < 0.7:
        interface = chance.choice([None, None, 0, 1, 5])
        elements.append(
            wire.channel(chance.randint(1, 31), exclusive=chance.random() < 0.5, interface=interface)
        )
    if chance.random() < 0.3:
        elements.append(wire.cause(chance.randint(1, 127), chance.randint(0, 10)))
    if chance.random() < 0.1:
        elements.append(wire.element(0x14, bytes([chance.choice([0, 1, 6, 10, 19])])))
    if chance.random() < 0.2:
        elements.append(wire.element(0x1E, bytes([0x82, 0x80 | chance.choice([1, 2, 3, 8])])))
    if chance.random() < 0.2:
        elements.append(wire.element(0x28, digits(chance, 10, 1).encode()))
    if chance.random() < 0.6:
        elements.append(
            wire.calling(
                digits(chance), chance.choice([0, 1, 2, 4]), presentation=chance.choice([None, 0, 1])
            )
        )
    if chance.random() < 0.8:
        elements.append(wire.called(digits(chance), chance.choice([0, 1, 2, 4])))
    if chance.random() < 0.3:
        elements.append(wire.redirecting(digits(chance), chance.choice([0, 1, 2, 4])))
    if chance.random() < 0.4:
        elements.insert(chance.randint(0, len(elements)), unknown_element(chance))
    if chance.random() < 0.2:  # one element of another codeset, which may have any number of ours
        elements.append(b"\x9e" + wire.element(0x70, b"\x81999"))
    if chance.random() < 0.1:
        elements.insert(0, wire.SENDING_COMPLETE)
    kinds = [kind for kind in q931.MESSAGES if kind not in (0x60, 0x62, 0x64)]
    size = chance.choice([1, 2, 2, 2])
    reference = chance.randrange(1, 1 << 8 * size - 1)
    return wire.q931(chance.choice(kinds), reference, *elements, back=chance.random() < 0.5, size=size)


def test_messages_of_isdn_say_what_tshark_says(chance, tshark):
    frames = [
        wire.information_frame(a_q931_message(chance), chance.randrange(128), tei=chance.choice([0, 0, 64]))
        for _ in range(MESSAGES)
    ]
    compared = 0
    for octets, told in zip(frames, tshark(wire.LAPD_LINK, frames), strict=True):
        frame = lapd.read(octets)
        message = q931.read(frame.payload)
        elements = message.elements
        assert (frame.tei, frame.sapi) == (int(told["lapd.tei"]), int(told["lapd.sapi"]))
        assert frame.send == int(told["lapd.control.n_s"])
        assert message.reference == int(told["q931.call_ref"].replace(":", ""), 16)
        assert message.is_from_destination == (told["q931.call_ref_flag"] in ("1", "True"))
        assert message.kind == int(told["q931.message_type"], 0)
        for kind, field in (
            (q931.CALLED, "q931.called_party_number.digits"),
            (q931.CALLING, "q931.calling_party_number.digits"),
            (q931.REDIRECTING, "q931.redirecting_number.digits"),
        ):
            found = q931.number(elements.get(kind))
            assert (found.digits if found else "") == told.get(field, ""), told
            compared += bool(found)
        if q931.CAUSE in elements:
            assert q931.cause(elements[q931.CAUSE]) == int(told["q931.cause_value"])
        if q931.CALL_STATE in elements:
            assert q931.call_state(elements[q931.CALL_STATE]) == int(told["q931.call_state"], 0)
        if q931.CHANNEL in elements:
            channel = q931.channel(elements[q931.CHANNEL])
            assert channel.numbers == (int(told["q931.channel.number"]),)
            assert channel.is_exclusive == (told["q931.channel.exclusive"] in ("1", "True"))
            assert (channel.interface is not None) == (
                told["q931.channel.interface_id_present"] in ("1", "True")
            )
        if q931.DISPLAY in elements:
            assert q931.display(elements[q931.DISPLAY]) == told["q931.display_information"]
        if q931.PROGRESS_INDICATOR in elements:
            assert q931.progress(elements[q931.PROGRESS_INDICATOR]) == int(
                told["q931.progress_indicator.description"], 0
            )
    assert compared > MESSAGES // 2


def an_isup_message(chance, code):
    kind = chance.choice(
        ["iam", "iam", "iam", "sam", "acm", "cpg", "rel", "grs", "cgb", "suspend", "anm", "con", "rlc", "rsc"]
    )
    if kind == "iam":
        options = []
        if chance.random() < 0.7:
            options.append(
                (
                    0x0A,
                    wire.isup_number(
                        digits(chance, 15), chance.choice([1, 2, 3, 4]), chance.choice([0x10, 0x13, 0x17])
                    ),
                )
            )
        if chance.random() < 0.3:
            options.append((0x28, wire.isup_number(digits(chance, 15), 3)))
        if chance.random() < 0.3:
            options.append((0x0B, wire.isup_number(digits(chance, 15), 3)))
        if chance.random() < 0.3:
            options.append((0x39, bytes([0x31, 0x80])))
        chance.shuffle(options)
        callee = wire.isup_number(
            digits(chance, 18), chance.choice([1, 2, 3, 4]), filler=chance.choice([0, 15])
        )
        return wire.iam(
            code, callee, *options, category=chance.choice([10, 11, 13, 15]), medium=chance.choice([0, 2, 3])
        )
    if kind == "sam":
        return wire.sam(code, digits(chance, 10, 1))
    if kind == "acm":
        return wire.acm(code, free=chance.random() < 0.5)
    if kind == "cpg":
        return wire.cpg(code, chance.choice([1, 2, 3]))
    if kind == "rel":
        return wire.rel(code, chance.randint(1, 127))
    if kind == "grs":
        return wire.grs(code, chance.randint(1, 31))
    if kind == "cgb":
        return wire.cgb(code, chance.randint(1, 31), chance.getrandbits(8), chance.choice([0, 1]))
    if kind == "suspend":
        return wire.suspend(code, resume=chance.random() < 0.5)
    return getattr(wire, kind)(code)


@pytest.mark.parametrize("label", list(Label))
def test_messages_of_isup_say_what_tshark_says(chance, tshark, label):
    is_china = label is Label.CHINA
    codes = [chance.getrandbits(24 if is_china else 14) for _ in range(2)]
    link = wire.SignallingLink((codes[0], codes[1]), is_china)
    frames = [
        link.unit(chance.randint(0, 1), mtp.ISUP, an_isup_message(chance, chance.randrange(4096)))
        for _ in range(MESSAGES)
    ]
    standard = "Chinese ITU" if is_china else "ITU"
    compared = 0
    for octets, told in zip(
        frames, tshark(wire.MTP2_LINK, frames, "-o", f"mtp3.standard:{standard}"), strict=True
    ):
        unit = mtp.read(octets)
        routed = mtp.route(unit.content, label)
        message = isup.read(routed.text)
        parameters = message.parameters
        assert unit.forward == int(told["mtp2.fsn"])
        assert mtp.point_code(routed.origin, label) == point_code(told, "opc", is_china)
        assert mtp.point_code(routed.destination, label) == point_code(told, "dpc", is_china)
        assert message.circuit == int(told["isup.cic"])
        assert message.kind == int(told["isup.message_type"])
        if isup.CALLED in parameters:
            assert isup.number(parameters[isup.CALLED], is_called=True).digits == told.get(
                "isup.called", ""
            ).rstrip("F")
            assert parameters[isup.CATEGORY][0] == int(told["isup.calling_partys_category"], 0)
            assert parameters[isup.MEDIUM][0] == int(told["isup.transmission_medium_requirement"])
            compared += 1
        for kind, field in (
            (isup.CALLING, "isup.calling"),
            (isup.ORIGINAL_CALLED, "isup.original_called_number"),
            (isup.REDIRECTING, "isup.redirecting"),
        ):
            if kind in parameters:
                assert isup.number(parameters[kind]).digits == told.get(field, "")
        if isup.SUBSEQUENT in parameters:
            assert isup.subsequent(parameters[isup.SUBSEQUENT]).digits == told["isup.subsequent_number"]
        if isup.CAUSE in parameters:
            assert isup.cause(parameters[isup.CAUSE]) == int(told["isup.cause_indicator"])
        if isup.RANGE in parameters:
            assert len(isup.circuits(message)) == int(told["isup.range_indicator"])
        if message.kind == isup.ACM:
            assert isup.is_free(message) == (int(told["isup.called_partys_status_indicator"], 0) == 1)
        if message.kind == isup.CPG:
            assert isup.is_free(message) == (int(told["isup.event_ind"], 0) == 1)
    assert compared > MESSAGES // 10


def point_code(told, which, is_china):
    if is_china:
        return "-".join(told[f"mtp3.{which}.{part}"] for part in ("network", "cluster", "member"))
    return mtp.point_code(int(told[f"mtp3.{which}"]), Label.ITU)


def test_units_of_fast_links_are_those_of_tshark(chance, tshark):
    frames = []
    for number in range(100):
        text = wire.iam(number, wire.isup_number(digits(chance, 18), 3))
        content = wire.routed(mtp.ISUP, 258, 4242, text, china=False)
        frames.append(wire.long_signal_unit(content, forward=chance.randrange(4096)))
    told = tshark(wire.MTP2_LINK, frames, "-o", "mtp2.use_extended_sequence_numbers:TRUE")
    for octets, one in zip(frames, told, strict=True):
        unit = mtp.read(octets, is_extended=True)
        assert unit.forward == int(one["mtp2.fsn"])
        message = isup.read(mtp.route(unit.content, Label.ITU).text)
        assert isup.number(message.parameters[isup.CALLED], is_called=True).digits == one.get(
            "isup.called", ""
        )
