"""The soak, short: calls while programs are killed and the port goes down; the ledger equals the senders' accounts.

The long one is `make soak`.
"""

import os

import pytest

from appliance.core.files import Layout
from tests.rigs.mirror import MirrorLab
from tests.rigs.soak import Soak

SEED = 7
SECONDS = 75

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root"),
    pytest.mark.timeout(900),
]


def test_every_call_placed_stands_in_the_ledger_once_whatever_dies(lab: MirrorLab, layout: Layout) -> None:
    soak = Soak(lab, layout, SEED, SECONDS, print)
    found = soak.run()
    print(found, soak.blind)
    assert not found.problems, "\n".join(found.problems)
    # Ordered or not, the recorder is started anew; how often which, the pace of the machine decides.
    assert {"kill_recorder", "restart_recorder"} & set(soak.events)
    assert {"kill_archiver", "kill_broker", "flap", "freeze"} <= set(soak.events)
    assert found.placed > 30
    assert found.whole > 0
    assert found.rows + found.unseen >= found.placed
