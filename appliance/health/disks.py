"""Do the disks and arrays feel well? Told by the report that is made as root; without one there is nothing to say."""

from appliance.health import Finding, Seen


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        if seen.disks is None:
            return []
        found = []
        for disk in seen.disks.disks:
            facts: dict[str, int | float | str] = {
                "disk": disk.path,
                "model": " ".join(filter(None, (disk.model, disk.serial))) or "?",
                "bad": (disk.smart.bad_sectors or 0) if disk.smart else 0,
            }
            is_failing = disk.smart is not None and disk.smart.is_failing
            is_wearing = disk.smart is not None and disk.smart.is_wearing
            subject = disk.serial or disk.path
            found.append(Finding("disk_failing", is_failing, facts, f"{subject}.failing"))
            found.append(Finding("disk_wearing", is_wearing, facts, f"{subject}.wearing"))
        for raid in seen.disks.raids:
            missing: dict[str, int | float | str] = {
                "raid": raid.path,
                "missing": raid.missing,
                "disks": raid.disks,
            }
            found.append(Finding("raid_degraded", raid.missing > 0, missing, f"{raid.path}.degraded"))
        return found


def make() -> _Check:
    """The check `disks`."""
    return _Check()
