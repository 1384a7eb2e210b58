"""Does somebody try passwords? Told by the refused sign-ins of the last ten minutes, by address."""

from appliance.health import Finding, Seen

MOST = 30


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        refused = sum(seen.refused_sign_ins.values())
        address = max(seen.refused_sign_ins, key=lambda one: seen.refused_sign_ins[one], default="")
        return [Finding("sign_in_attack", refused >= MOST, {"refused": refused, "address": address or "?"})]


def make() -> _Check:
    """The check `sign_ins`."""
    return _Check()
