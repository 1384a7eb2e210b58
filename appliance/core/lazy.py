"""A property that is worked out once, without the lock that `functools.cached_property` takes until Python 3.12."""

from collections.abc import Callable
from typing import Generic, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class lazy(Generic[Owner, Value]):  # noqa: N801 - read as the decorator that it is
    """Kept in the instance's `__dict__`, which is looked at first from then on. Two threads may both work it out."""

    def __init__(self, work: Callable[[Owner], Value]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy[Owner, Value]": ...
    @overload
    def __get__(self, instance: Owner, owner: type) -> Value: ...
    def __get__(self, instance: Owner | None, owner: type) -> "Value | lazy[Owner, Value]":
        """The value, for ever."""
        if instance is None:
            return self
        value = self._work(instance)
        instance.__dict__[self._name] = value
        return value
