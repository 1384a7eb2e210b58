"""The signalling links of a trunk: one each for line, timeslot and direction, made when it is first heard."""

from collections import defaultdict
from typing import Protocol, TypeVar


class Link(Protocol):
    """What every link counts: messages that were new, that came again, and that were lost."""

    messages: int
    repeated: int
    lost: int


_Link = TypeVar("_Link", bound=Link)


class Links(defaultdict[tuple[int, int, int], _Link]):
    """Links by line, timeslot and port."""

    def counts(self) -> tuple[int, int, int]:
        """Messages that were new, that came again, and that were lost, of all links."""
        links = self.values()
        return (
            sum(link.messages for link in links),
            sum(link.repeated for link in links),
            sum(link.lost for link in links),
        )
