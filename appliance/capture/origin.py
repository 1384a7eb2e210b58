"""What the engine tells of the place that packets come from and of the disk they go to."""

from appliance.capture.leg import Leg
from appliance.capture.seen import DiskChanged, LinkChanged, SourceEnded
from appliance.core import log
from appliance.domain.ledger import Mark
from appliance.domain.selftest import LINE

_logger = log.get(__name__)


class Origin:
    """A mirror port (or several), or capture files, and how they are."""

    def __init__(self, interface: str) -> None:
        self.interface = interface
        self.is_disk_full = False
        self.has_ended = False
        self.problems: list[str] = []
        self._down: set[str] = set()

    @property
    def is_link_up(self) -> bool:
        """Whether no port is down."""
        return not self._down

    def take(self, event: DiskChanged | LinkChanged | SourceEnded, live: list[Leg]) -> None:
        """Note the change, in the calls that are up as well."""
        if isinstance(event, DiskChanged):
            self.is_disk_full = event.full
            _logger.warning("the disk is full" if event.full else "the disk has room again")
            for leg in live:
                leg.note("disk_full" if event.full else "disk_free", leg.last_signal_ns)
                leg.mark(Mark.DISK_FULL)
        elif isinstance(event, LinkChanged) and event.interface == LINE:
            pass  # a line of our own: nothing of the customer's comes over it
        elif isinstance(event, LinkChanged):
            was_down = event.interface in self._down
            (self._down.discard if event.up else self._down.add)(event.interface)
            _logger.warning(
                "the mirror port is up" if event.up else "the mirror port is down",
                extra={"interface": event.interface or self.interface},
            )
            # Once more when it is back: what was sent just before may have reached us after the word that it is down.
            if was_down or not event.up:
                for leg in live:
                    leg.mark(Mark.CAPTURE_LOSS)
        else:
            self.has_ended = True
            self.problems.extend(f"{found.path}: {found.problem}" for found in event.errors)
