"""Is the machine too hot? By the limits of its own sensors; a condition ends three degrees below its limit."""

import re

from appliance.health import Finding, Seen

_CALM_C = 3.0
_NO_KEY = re.compile(r"[^A-Za-z0-9.-]")


class _Check:
    def __init__(self) -> None:
        self._hot: set[tuple[str, str]] = set()

    def findings(self, seen: Seen) -> list[Finding]:
        found = []
        for sensor in seen.sensors:
            is_critical = self._is_over("too_hot", sensor.name, sensor.celsius, sensor.critical_c)
            is_warm = self._is_over("hot", sensor.name, sensor.celsius, sensor.high_c) and not is_critical
            for code, raised, limit in (
                ("too_hot", is_critical, sensor.critical_c),
                ("hot", is_warm, sensor.high_c),
            ):
                facts: dict[str, int | float | str] = {
                    "sensor": sensor.name,
                    "celsius": round(sensor.celsius),
                    "limit": round(limit),
                }
                subject = _NO_KEY.sub("_", sensor.name)
                found.append(Finding(code, raised, facts, f"{subject}.{code}"))
        return found

    def _is_over(self, code: str, name: str, celsius: float, limit: float) -> bool:
        was = (code, name) in self._hot
        is_over = celsius >= (limit - _CALM_C if was else limit)
        (self._hot.add if is_over else self._hot.discard)((code, name))
        return is_over


def make() -> _Check:
    """The check `temperature`."""
    return _Check()
