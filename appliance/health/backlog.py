"""Does the archiver keep up? Counted by how long the oldest bundle waits, not by how many wait.

A thousand short calls after an import are no trouble; one bundle that waits for minutes is. What was set aside
is reported until somebody has looked after it.
"""

from appliance.health import Finding, Seen

PATIENCE_S = 180.0


class _Check:
    def findings(self, seen: Seen) -> list[Finding]:
        ready = sum(queue.ready for queue in seen.queues.values())
        set_aside = sum(queue.quarantined for queue in seen.queues.values())
        waited_s = max(
            (
                queue.oldest_s + max(0.0, (seen.at - queue.at).total_seconds())
                for queue in seen.queues.values()
                if queue.ready
            ),
            default=0.0,
        )
        return [
            Finding(
                "backlog",
                waited_s > PATIENCE_S,
                {"ready": ready, "waited_min": int(waited_s // 60)},
                "waiting",
            ),
            Finding("calls_set_aside", set_aside > 0, {"quarantined": set_aside}, "set_aside"),
        ]


def make() -> _Check:
    """The check `backlog`."""
    return _Check()
