"""The family of privileged actions: each file holds `ACTIONS`, run by the helper as root and by nobody else.

To add one: a struct of what is wanted (`class X(Wish)`, bounded), one of what is answered, an async function `(wish, order)`
and an `Action` in a file here, and the file's name in `FILES`. Whoever needs it calls
`await door.ask(layout, that_file.THAT_ACTION, X(…), by=user)`.

An action trusts nothing in its wish but its types: no shell, names of files only below folders of its own, programs
get their words as a list with `--` before what a person typed. Files below the data directory belong to the
recorder's user: give them to it (`order.layout.data.stat()`), or its programs can no longer write them.
"""

import importlib
from typing import Any

from appliance.system.door import Action

FILES = ("probe", "network", "power", "update", "selftest", "storage")


def make() -> dict[str, Action[Any, Any]]:
    """Every action by name."""
    found: dict[str, Action[Any, Any]] = {}
    for name in FILES:
        module: Any = importlib.import_module(f"{__name__}.{name}")
        for action in module.ACTIONS:
            assert action.name not in found, action.name
            found[action.name] = action
    return found
