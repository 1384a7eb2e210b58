"""Is there a licence in force, and for how long? A build without a vendor's key is never asked."""

from appliance.domain.licence import SOON, LicenceState
from appliance.health import Finding, Seen


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        if seen.licensed.limits is None:
            return []
        is_any = any(one.state is LicenceState.GOOD for one in seen.licensed.files)
        found = [Finding("licence_none", not is_any, {"device": seen.device})]
        today = seen.at.date()
        for one in seen.licensed.files:
            ends = one.licence.expires_on if one.licence else None
            if ends is None or one.state not in (LicenceState.GOOD, LicenceState.EXPIRED):
                continue
            is_over = one.state is LicenceState.EXPIRED
            told: dict[str, int | float | str] = {"serial": one.name, "ended": str(ends)}
            left: dict[str, int | float | str] = {
                "serial": one.name,
                "ends": str(ends),
                "days": (ends - today).days,
            }
            is_soon = not is_over and ends - today <= SOON
            found.append(Finding("licence_expired", is_over, told, f"{one.name}.expired"))
            found.append(Finding("licence_soon", is_soon, left, f"{one.name}.soon"))
        return found


def make() -> _Check:
    """The check `licences`."""
    return _Check()
