"""Each parameter of a channel changes what is recorded; a replay board is the hardware."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest

from appliance.core.errors import Invalid
from appliance.domain.call import Direction, Side
from appliance.domain.control import ControlState, Verb
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ, ChannelState
from appliance.domain.policy import Ground
from appliance.settings.boards import check
from appliance.settings.recording import Rulebook
from tests.rigs.lines import Pri, Scenario, boards_of, codes, keys, play, pri_settings, speech, tone


@pytest.fixture
def scenario(tmp_path):
    return Scenario(tmp_path)


def one(outcomes):
    assert len(outcomes) == 1, [found.call.call for found in outcomes]
    return outcomes[0]


def test_a_line_is_recorded_from_lifting_to_hanging_up_sample_by_sample(scenario):
    said = speech(4)
    scenario.line((3, 8), talk=(3.5, said))
    found = one(play(scenario.write(), boards_of({"number": 1, "look_back_s": 1}), 12)[0])
    assert found.call.call.direction is Direction.OUTGOING
    assert len(found.sound) == 6 * RATE_HZ  # a second of look-back and five in use
    assert found.sound[round(1.5 * RATE_HZ) : round(5.5 * RATE_HZ)] == codes(said)
    assert set(found.sound[: round(1.5 * RATE_HZ)]) == {0xD5}
    assert found.call.call.ended_at - found.call.call.started_at == timedelta(seconds=5)


@pytest.mark.parametrize("look_back_s", [0, 0.5, 3])
def test_look_back_brings_what_was_said_before(scenario, look_back_s):
    said = speech(6)
    scenario.line((5, 8), talk=(2, said))
    found = one(play(scenario.write(), boards_of({"number": 1, "look_back_s": look_back_s}), 12)[0])
    assert len(found.sound) == round((3 + look_back_s) * RATE_HZ)
    begin = round((3 - look_back_s) * RATE_HZ)
    assert found.sound == codes(said)[begin : begin + len(found.sound)]


def test_look_back_never_reaches_into_the_call_before(scenario):
    scenario.line((2, 4), (5, 7), talk=(1, speech(7)))
    first, second = play(scenario.write(), boards_of({"number": 1, "look_back_s": 5}), 12)[0]
    assert len(first.sound) == 4 * RATE_HZ  # the line was opened two seconds before
    assert len(second.sound) == 3 * RATE_HZ


@pytest.mark.parametrize(("off_hook_v", "is_call"), [(18, True), (8, False)])
def test_the_off_hook_voltage_decides_what_is_a_call(scenario, off_hook_v, is_call):
    scenario.line((2, 6), talk=(2, speech(4)))
    channel = {"number": 1, "off_hook_v": off_hook_v, "on_hook_v": 30}
    outcomes, _ = play(scenario.write(), boards_of(channel), 10)
    assert bool(outcomes) is is_call


def test_a_line_that_is_in_use_stays_so_between_the_two_thresholds(scenario):
    scenario.channels.append({"volts": [(0, 48), (2, 9), (4, 25), (6, 48)], "play": []})
    channel = {"number": 1, "off_hook_v": 18, "on_hook_v": 40, "look_back_s": 0}
    assert len(one(play(scenario.write(), boards_of(channel), 10)[0]).sound) == 4 * RATE_HZ
    channel["on_hook_v"] = 20
    assert len(one(play(scenario.write(), boards_of(channel), 10)[0]).sound) == 2 * RATE_HZ


def test_a_flash_is_no_hanging_up(scenario):
    scenario.channels.append({"volts": [(0, 48), (2, 9), (4, 48), (4.4, 9), (7, 48)]})
    found = one(play(scenario.write(), boards_of({"number": 1, "look_back_s": 0}), 11)[0])
    assert len(found.sound) == 5 * RATE_HZ


def test_a_line_that_is_pulled_out_ends_its_call(scenario):
    scenario.channels.append({"volts": [(0, 48), (2, 9), (4, 0)]})
    outcomes, card = play(scenario.write(), boards_of({"number": 1, "look_back_s": 0}), 9)
    assert len(one(outcomes).sound) == 2 * RATE_HZ
    assert card.state_of(0) is ChannelState.NO_LINE


def test_a_call_that_only_rings_has_a_row_and_no_sound(scenario):
    scenario.line(rings=(2, 7))
    found = one(play(scenario.write(), boards_of(), 20)[0])
    assert found.call.reason is Reason.NO_ANSWER
    assert found.call.call.direction is Direction.INCOMING
    assert found.call.call.ringing_at == found.call.call.started_at
    assert not found.call.lines


def test_a_ring_that_is_answered_is_one_incoming_call(scenario):
    scenario.line((8.5, 12), rings=(2, 7), talk=(8.5, speech(3)))
    found = one(play(scenario.write(), boards_of(), 20)[0])
    call = found.call.call
    assert call.direction is Direction.INCOMING
    assert (call.answered_at - call.started_at).total_seconds() == pytest.approx(6.5, abs=0.1)
    assert found.call.reason is None


@pytest.mark.parametrize(("level", "is_call"), [(32, True), (1, False)])
def test_the_recording_level_decides_how_loud_voice_is(scenario, level, is_call):
    scenario.line(talk=(3, speech(3, amplitude=300)))
    channel = {"number": 1, "control": "voice", "level": level, "silence_ms": 1000}
    assert bool(play(scenario.write(), boards_of(channel), 12)[0]) is is_call


@pytest.mark.parametrize(("voice_ms", "is_call"), [(100, True), (1500, False)])
def test_voice_shorter_than_the_voice_time_begins_nothing(scenario, voice_ms, is_call):
    scenario.line(talk=(3, speech(0.6)))
    channel = {"number": 1, "control": "voice", "voice_ms": voice_ms, "silence_ms": 1000}
    assert bool(play(scenario.write(), boards_of(channel), 12)[0]) is is_call


@pytest.mark.parametrize(("silence_ms", "calls"), [(500, 2), (4000, 1)])
def test_silence_longer_than_the_silence_time_ends_a_recording(scenario, silence_ms, calls):
    scenario.line(one=(3, speech(2)), two=(7, speech(2, seed=2)))
    channel = {"number": 1, "control": "voice", "silence_ms": silence_ms}
    assert len(play(scenario.write(), boards_of(channel), 20)[0]) == calls


def test_by_voice_the_first_syllable_is_in_the_recording(scenario):
    said = speech(3)
    scenario.line(talk=(5, said))
    channel = {"number": 1, "control": "voice", "look_back_s": 1, "voice_ms": 400, "silence_ms": 1000}
    found = one(play(scenario.write(), boards_of(channel), 14)[0])
    assert codes(said) in found.sound


def rulebook(**content):
    return msgspec.convert(content, Rulebook)


def test_by_key_a_call_waits_for_its_save_key(scenario):
    said = speech(3)
    scenario.line((2, 12), talk=(3, said), keys=(7, keys("*1")))
    scenario.line((2, 12), talk=(3, said))
    channels = [{"number": number, "control": "key", "save_key": "*1"} for number in (1, 2)]
    outcomes, _ = play(scenario.write(), boards_of(*channels), 18)
    saved, unsaved = sorted(outcomes, key=lambda found: found.call.channel)
    assert codes(said) in saved.sound
    assert saved.call.course.state is ControlState.RECORDING
    assert Mark.ON_DEMAND in saved.call.marks
    assert unsaved.call.manifest("", complete=True).withheld is Reason.NOT_STARTED


def test_the_stop_key_ends_and_the_discard_key_withdraws(scenario):
    scenario.line((2, 12), talk=(3, speech(3)), keys=(7, keys("*2")), more=(9, speech(2)))
    scenario.line((2, 12), talk=(3, speech(3)), keys=(7, keys("*3")))
    stopped, discarded = sorted(
        play(scenario.write(), boards_of(), 18)[0], key=lambda found: found.call.channel
    )
    heard = stopped.call.manifest("", complete=True).heard
    assert Mark.STOPPED in stopped.call.marks
    assert (heard.ends_at - stopped.call.call.started_at).total_seconds() == pytest.approx(5.5, abs=0.5)
    assert discarded.call.manifest("", complete=True).withheld is Reason.DISCARDED
    assert [order.verb.value for order in discarded.call.control] == ["discard"]


def test_other_keys_can_be_chosen_and_none(scenario):
    scenario.line((2, 12), keys=(6, keys("*2")), more=(9, keys("99")))
    channel = {"number": 1, "stop_key": "99", "discard_key": "", "save_key": ""}
    found = one(play(scenario.write(), boards_of(channel), 18)[0])
    assert [order.why for order in found.call.control] == ["key 99"]


@pytest.mark.parametrize(("key_dbm0", "is_heard"), [(-40, True), (-15, False)])
def test_the_weakest_key_tone_decides_what_is_a_key(scenario, key_dbm0, is_heard):
    scenario.line((2, 9), keys=(4, keys("5", amplitude=700)))
    found = one(play(scenario.write(), boards_of({"number": 1, "key_dbm0": key_dbm0}), 14)[0])
    assert (found.call.call.callee.number == "5") is is_heard


def test_what_is_dialled_is_the_number_that_is_called(scenario):
    scenario.line((2, 14), dial=(3, keys("62951234")), talk=(6, speech(2)))
    found = one(play(scenario.write(), boards_of({"number": 1, "extension": "801"}), 18)[0])
    assert (found.call.call.caller.number, found.call.call.callee.number) == ("801", "62951234")
    assert [event.detail for event in found.call.call.events if event.kind == "dtmf"] == list("62951234")


def test_a_channel_that_is_switched_off_is_not_looked_at(scenario):
    scenario.line((2, 6), rings=(1,), talk=(2, speech(3)))
    outcomes, card = play(scenario.write(), boards_of({"number": 1, "enabled": False}), 12)
    assert not outcomes
    assert card.state_of(0) is ChannelState.OFF


def test_control_off_has_a_row_and_stores_nothing(scenario):
    scenario.line((2, 6), talk=(2, speech(3)))
    found = one(play(scenario.write(), boards_of({"number": 1, "control": "off"}), 12)[0])
    assert found.call.policy.ground is Ground.CHANNEL_OFF
    assert found.call.manifest("", complete=True).withheld is Reason.POLICY
    assert not found.call.lines


def test_always_is_cut_without_a_gap(scenario):
    said = speech(130)
    scenario.line(talk=(1, said))
    boards = boards_of({"number": 1, "control": "always", "look_back_s": 0}, longest_min=1)
    first, second = play(scenario.write(), boards, 126)[0]
    assert len(first.sound) == len(second.sound) == 60 * RATE_HZ
    joined = first.sound + second.sound
    whole = bytes([0xD5]) * RATE_HZ + codes(said)
    assert joined in whole


def test_out_of_the_schedule_nothing_is_stored(scenario):
    scenario.line((2, 6), talk=(2, speech(3)))
    scenario.line(talk=(2, speech(3)))
    never = {"name": "never", "windows": []}
    channels = [
        {"number": 1, "schedule": "never"},
        {"number": 2, "schedule": "never", "control": "always"},
    ]
    outcomes, _ = play(scenario.write(), boards_of(*channels), 12, rulebook(schedules=[never]))
    found = one(outcomes)
    assert found.call.policy.ground is Ground.OUT_OF_HOURS
    assert not found.sound


def test_the_rules_hold_for_lines_too(scenario):
    scenario.line((2, 10), dial=(3, keys("110")), talk=(5, speech(3)))
    found = one(play(scenario.write(), boards_of(), 15, rulebook(blacklist=[{"number": "110"}]))[0])
    assert found.call.policy.ground is Ground.BLACKLIST
    assert found.call.manifest("", complete=True).withheld is Reason.POLICY


def test_rules_that_speak_of_sip_pass_lines_by(scenario):
    scenario.line((2, 6), talk=(2, speech(3)))
    rules = rulebook(pbx_addresses=["192.0.2.1"], work_mode="bound", mode="keys")
    found = one(play(scenario.write(), boards_of(), 12, rules)[0])
    assert found.call.policy.ground is Ground.MODE_ALL


def test_beyond_the_licence_of_a_board_calls_have_a_row_only(scenario):
    scenario.line((2, 8), talk=(2, speech(3)))
    scenario.line((3, 8), talk=(3, speech(3)))
    outcomes, _ = play(scenario.write(), boards_of(card={"licensed_channels": 1}), 12)
    assert [found.call.policy.ground for found in outcomes] == [Ground.MODE_ALL, Ground.LICENCE]
    assert Mark.OVER_LICENCE in outcomes[1].call.marks


@pytest.mark.parametrize("of_board", [0, 3])
def test_beyond_the_licence_files_of_the_box_calls_have_a_row_only(scenario, of_board):
    for begins in (2, 2.2, 2.4):
        scenario.line((begins, 8), talk=(begins, speech(3)))
    boards = boards_of(card={"licensed_channels": of_board})
    outcomes, _ = play(scenario.write(), boards, 12, licensed=2)
    grounds = [found.call.policy.ground for found in outcomes]
    assert grounds == [Ground.MODE_ALL, Ground.MODE_ALL, Ground.LICENCE]
    outcomes, _ = play(scenario.write(), boards, 12, licensed=0)
    assert {found.call.policy.ground for found in outcomes} == {Ground.LICENCE}


def test_lost_samples_are_silence_and_told(scenario):
    said = speech(6)
    scenario.line((2, 9), talk=(2, said))
    scenario.more["losses"] = [{"at_s": 4, "samples": 4000}]
    found = one(play(scenario.write(), boards_of({"number": 1, "look_back_s": 0}), 14)[0])
    line = found.call.manifest("", complete=True).lines[0]
    assert [(gap.at, gap.samples) for gap in line.gaps] == [(2 * RATE_HZ, 4000)]
    assert Mark.CAPTURE_LOSS in found.call.marks
    assert len(found.sound) == 7 * RATE_HZ
    expected = bytearray(codes(said))
    expected[2 * RATE_HZ : 2 * RATE_HZ + 4000] = bytes([0xD5]) * 4000
    assert found.sound[: 6 * RATE_HZ] == bytes(expected)


def test_a_loss_that_is_longer_than_what_is_kept_takes_nothing_of_what_came_before(scenario):
    said = speech(20)
    for _ in range(10):  # each is copied out in another one of ten readings
        scenario.line((2, 22), talk=(2, said))
    scenario.more["losses"] = [{"at_s": 5, "samples": 60_000}]
    outcomes, _ = play(scenario.write(), boards_of(), 26)
    silent = bytes([0xD5])
    wanted = codes(said)[: 3 * RATE_HZ] + silent * 60_000 + codes(said)[3 * RATE_HZ + 60_000 :]
    for found in outcomes:
        begin = 2 * RATE_HZ - found.call.lines[0].begin
        assert found.sound[begin:][: len(wanted)] == wanted


def test_loudness_and_voltage_are_told_of_every_channel(scenario):
    scenario.line((1, 60), talk=(1, tone(60)))
    scenario.line()
    _, card = play(scenario.write(), boards_of(), 3)
    levels = card.take_levels()
    assert -15 < levels[0] < 0
    assert levels[1] is None
    assert np.allclose(card.voltages.volts, [9, 48])


def test_the_line_doctor_sees_the_voltages_of_a_line(scenario):
    scenario.line((2, 8), talk=(2, speech(6)))
    _, card = play(scenario.write(), boards_of(), 12)
    case = card.cases()[1]
    assert case.volts[48] + case.volts[9] == 120
    assert case.volts[9] == 60
    _, other = play(scenario.write(), boards_of(), 1)
    other.take_up({1: case})
    assert other.cases()[1].volts == case.volts


def test_channels_are_mixed_into_the_recording_of_one_for_as_long_as_any_is_in_use(scenario):
    first, second = speech(3, seed=1), speech(6, seed=2)
    scenario.line((2, 5), talk=(2, first))
    scenario.line((4, 10), talk=(4, second))
    channels = ({"number": 1, "look_back_s": 0, "mixed_with": [2, 1]}, {"number": 2, "look_back_s": 0})
    outcomes, _ = play(scenario.write(), boards_of(*channels), 14)
    mix, alone = sorted(outcomes, key=lambda one: one.call.channel)
    assert mix.call.mixed
    assert (mix.call.channel, list(mix.lines)) == (1, [1, 2])
    assert {len(track) for track in mix.lines.values()} == {
        8 * RATE_HZ
    }  # from the first to the last that hung up
    assert mix.lines[1][: 3 * RATE_HZ] == codes(first)
    assert mix.lines[2][2 * RATE_HZ :] == codes(second)
    assert alone.lines == {2: codes(second)}  # its own recording is what it was
    assert not alone.call.mixed


def test_what_is_paused_on_its_own_channel_is_silent_in_a_mix(scenario):
    said = speech(10, seed=3)
    scenario.line((1, 12))
    scenario.line((1, 12), talk=(1.5, said), keys=(4, keys("*2")))
    channels = ({"number": 1, "look_back_s": 0, "mixed_with": [2]}, {"number": 2, "look_back_s": 0})
    mix, stopped = sorted(
        play(scenario.write(), boards_of(*channels), 14)[0], key=lambda one: one.call.channel
    )
    stopped_at = next(one.at for one in stopped.call.control if one.verb is Verb.STOP)
    at = round((stopped_at - mix.call.call.started_at).total_seconds() * RATE_HZ)
    assert mix.lines[2][RATE_HZ // 2 : 3 * RATE_HZ] == codes(said)[: round(2.5 * RATE_HZ)]
    assert set(mix.lines[2][at + RATE_HZ // 5 :]) == {0xD5}
    assert len(mix.lines[2]) == 11 * RATE_HZ


def test_a_mix_begins_with_whoever_speaks_first_and_ends_with_who_speaks_last(scenario):
    scenario.line(talk=(5, speech(2, seed=1)))
    scenario.line(talk=(2, speech(2, seed=2)))
    voice = {"control": "voice", "voice_ms": 100, "silence_ms": 2000, "look_back_s": 0}
    channels = (
        {"number": 1, "mixed_with": [2], **voice},
        {"number": 2, "control": "off", "silence_ms": 2000},
    )
    mix = one([row for row in play(scenario.write(), boards_of(*channels), 14)[0] if row.call.channel == 1])
    assert codes(speech(2, seed=2))[RATE_HZ:] in mix.lines[2]
    assert codes(speech(2, seed=1)) in mix.lines[1]
    assert len(mix.lines[1]) / RATE_HZ == pytest.approx(
        5.5, abs=0.6
    )  # from second 2 to second 7, and its tail


def test_channels_of_two_boards_are_not_mixed():
    boards = boards_of({"number": 3, "mixed_with": [40]})
    other = msgspec.structs.replace(boards.cards[0], name="other", first_channel=33)
    with pytest.raises(Invalid) as refused:
        check(msgspec.structs.replace(boards, cards=[*boards.cards, other]), [])
    assert refused.value.facts["field"] == "boards.channels[0].mixed_with"


def heard_on(found, kind):
    return [(event.detail, event.side) for event in found.call.call.events if event.kind == kind]


@pytest.mark.parametrize("is_wanted", [True, False])
def test_a_fax_machine_is_told_where_that_is_wished(scenario, is_wanted):
    scenario.line((2, 12), first=(4, tone(0.5, 1100)), again=(7.5, tone(0.5, 1100)))
    found = one(play(scenario.write(), boards_of({"number": 1, "fax": is_wanted}), 16)[0])
    assert (("cng", None) in heard_on(found, "fax")) is is_wanted


@pytest.mark.parametrize(("single_tone_hz", "is_heard"), [(1400, True), (1700, False), (0, False)])
def test_a_tone_of_ones_own_is_told(scenario, single_tone_hz, is_heard):
    scenario.line((2, 12), short=(3.5, tone(0.2, 1400)), long=(6, tone(1, 1400)))
    found = one(play(scenario.write(), boards_of(single_tone_hz=single_tone_hz), 16)[0])
    assert heard_on(found, "tone") == [("custom", None)] * is_heard


def test_a_tone_of_ones_own_is_told_on_both_directions_of_a_trunk(scenario):
    trunk = Pri(scenario, 1)
    trunk.call(1, "13800138000", "62951234", begin_s=2, answer_s=3, end_s=12)
    trunk.speak(5, 0, 1, tone(1, 1400))
    trunk.speak(8, 1, 1, tone(1, 1400))
    boards = boards_of(trunks=[pri_settings()], single_tone_hz=1400)
    found = one(play(scenario.write(), boards, 18)[0])
    assert heard_on(found, "tone") == [("custom", Side.CALLER), ("custom", Side.CALLEE)]


def test_a_tone_that_no_line_carries_is_refused():
    with pytest.raises(Invalid) as refused:
        check(boards_of(single_tone_hz=100), [])
    assert refused.value.facts["field"] == "boards.single_tone_hz"
