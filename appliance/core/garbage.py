"""Python's search for cycles of garbage, as programs want it that hold many calls at once.

By default it looks through what is young every 700 objects and, again and again, through everything: with ten thousand
calls in the books that was a fifth of all the time, for next to nothing, because what a call leaves behind is freed by
reference counts.
"""

import gc

YOUNG = 50_000
MIDDLE = 20
OLD = 10


def collect_rarely() -> None:
    """To be called once, when everything is imported: what is there now is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
