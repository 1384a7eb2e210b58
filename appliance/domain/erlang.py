"""Teletraffic: what share of calls finds every channel of a trunk in use.

Source: A. K. Erlang (1917), the first formula; ITU-T E.501 §3 (traffic offered and carried); V. B. Iversen, Teletraffic
Engineering Handbook (ITU-D), chapter 4 (recursion)
"""

_STEPS = 60


def blocked(offered: float, channels: int) -> float:
    """The share of calls that find no free channel, 0 to 1; they are lost and not tried again. Units: offered in erlang.

    E(0) = 1, E(n) = A E(n-1) / (n + A E(n-1)): the quotient A^n/n! over the sum of A^i/i!, without its large numbers.
    """
    share = 1.0
    for n in range(1, channels + 1):
        share = offered * share / (n + offered * share)
    return share


def offered_for(carried: float, channels: int) -> float | None:
    """The traffic that has to be offered so that this much is carried; None where the channels could not carry it.

    What is measured is the traffic carried, Y; what the formula asks for is A with Y = A (1 - E). Units: erlang
    """
    if carried >= channels:
        return None
    low, high = carried, carried + 1.0
    while high * (1 - blocked(high, channels)) < carried:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * (1 - blocked(middle, channels)) < carried else (low, middle)
    return high
