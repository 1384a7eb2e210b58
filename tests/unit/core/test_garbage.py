import subprocess
import sys

_SCRIPT = """
import gc
from appliance.core.garbage import collect_rarely
kept = [[] for _ in range(20_000)]
collect_rarely()
before = sum(one["collections"] for one in gc.get_stats())
calls = [[number] for number in range(40_000)]
assert sum(one["collections"] for one in gc.get_stats()) == before, "what lives was looked through"
assert gc.get_freeze_count() > 20_000
for _ in range(200_000):
    cycle = []
    cycle.append(cycle)
assert sum(one["collections"] for one in gc.get_stats()) > before, "garbage is never looked for"
assert len(gc.get_objects()) < 200_000, "garbage stays"
"""


def test_living_calls_are_rarely_looked_through_and_garbage_is_found_all_the_same():
    subprocess.run([sys.executable, "-c", _SCRIPT], check=True, timeout=120)
