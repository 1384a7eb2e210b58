"""The ring of a board's sound holds what came, whatever the sizes of what comes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.boards.history import History
from appliance.media.pcm import SILENT_CODE, Law

SILENT = SILENT_CODE[Law.ALAW]
pieces = st.lists(st.tuples(st.booleans(), st.integers(1, 30_000)), min_size=1, max_size=12)


@given(pieces, st.floats(0, 1), st.floats(0, 1), st.integers(1, 3))
def test_what_is_cut_out_is_what_came_or_silence(comes, one, other, channels):
    history = History([Law.ALAW] * channels, 2.0)
    whole = [np.empty((channels, 0), np.uint8)]
    for number, (is_lost, count) in enumerate(comes):
        if is_lost:
            history.lose(count)
            whole.append(np.full((channels, count), SILENT, np.uint8))
        else:
            values = (np.arange(count) * 7 + number) % 251
            audio = np.stack([(values + channel) % 251 for channel in range(channels)]).astype(np.uint8)
            history.append(audio)
            whole.append(audio)
    expected = np.concatenate(whole, axis=1)
    assert history.end == expected.shape[1]
    begin, end = sorted((round(one * history.end), round(other * history.end)))
    for channel in range(channels):
        found = history.cut(channel, begin, end)
        wanted = expected[channel, begin:end].copy()
        wanted[: max(0, min(history.begin, end) - begin)] = SILENT
        assert np.array_equal(found, wanted)
