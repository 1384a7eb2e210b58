"""The SIP and SDP reader under atheris; `tests.rigs.fuzz` runs it.

python -m tests.rigs.fuzz_reader CORPUS -max_total_time=60
"""

import sys

import atheris

with atheris.instrument_imports(include=["appliance.sip"]):
    from tests.rigs.reading import touch_any

if __name__ == "__main__":
    atheris.Setup(sys.argv, touch_any)
    atheris.Fuzz()
