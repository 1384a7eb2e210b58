"""The register of migrations, oldest first; the position is the version. Never change one that was released.

Their names begin with a number, so that folder and register read alike; hence they are imported by name.
"""

from importlib import import_module
from types import ModuleType

MIGRATIONS: tuple[ModuleType, ...] = tuple(
    import_module(f"{__name__}.{name}")
    for name in (
        "0001_calls",
        "0002_people",
        "0003_commissioning",
        "0004_interactions",
        "0005_quality",
        "0006_rights",
        "0007_sign_in",
        "0008_search",
        "0009_annotations",
        "0010_alarms",
        "0011_retention",
        "0012_forwarding",
        "0013_stretches",
        "0014_reviewed",
        "0016_occupancy",
        "0017_confirmation",
    )
)
