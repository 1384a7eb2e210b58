"""`HYPOTHESIS_PROFILE=long` tries each law on many more examples; `make fuzz` does so where atheris is missing."""

import os

from hypothesis import settings

settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
