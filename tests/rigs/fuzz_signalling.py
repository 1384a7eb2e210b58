"""The readers and machines of trunk signalling under atheris; `tests.rigs.fuzz` runs it.

python -m tests.rigs.fuzz_signalling CORPUS -max_total_time=60
"""

import sys

import atheris

with atheris.instrument_imports(include=["appliance.boards.signalling"]):
    from tests.rigs.signalling_reading import touch_any

if __name__ == "__main__":
    atheris.Setup(sys.argv, touch_any)
    atheris.Fuzz()
