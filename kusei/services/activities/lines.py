"""Lines in front of something that only one may do at a time: whoever is first does it for all who wait. Pure, for threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

MOST_AT_ONCE = 50

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Place(Generic[T]):
    item: T
    called: Event = field(default_factory=Event)
    is_served: bool = False
    failure: Exception | None = None


class Lines(Generic[T]):
    """One line for each key, within this process.

    `serve(key, take)` is called by one thread of a line at a time. It calls `take` once, as late as it can: all who wait by then
    are in what it gets, in the order in which they came, itself first. Whoever comes later is served next, by one of them.
    """

    def __init__(self, serve: Callable[[int, Callable[[], Sequence[T]]], None]) -> None:
        self._serve = serve
        self._guard = Lock()
        self._waiting: dict[int, list[_Place[T]]] = {}

    def pass_through(self, key: int, item: T) -> None:
        """Wait until `item` was served. Raises what `serve` raised when it was among those served."""
        place = _Place(item)
        with self._guard:
            is_first = key not in self._waiting
            if is_first:
                self._waiting[key] = []
            else:
                self._waiting[key].append(place)
        if not is_first:
            place.called.wait()
        if not place.is_served:
            self._lead(key, place)
        if place.failure is not None:
            raise place.failure

    def _lead(self, key: int, leader: _Place[T]) -> None:
        batch = [leader]

        def take() -> list[T]:
            with self._guard:
                waiting = self._waiting[key]
                batch.extend(waiting[: MOST_AT_ONCE - 1])
                del waiting[: MOST_AT_ONCE - 1]
            return [place.item for place in batch]

        failure: Exception | None = RuntimeError("Serving a line was broken off.")
        try:
            self._serve(key, take)
            failure = None
        except Exception as error:
            failure = error
        finally:
            self._call_next(key)
            for place in batch:
                place.is_served, place.failure = True, failure
                place.called.set()

    def _call_next(self, key: int) -> None:
        """Have the first who waits lead; without anybody the line is gone."""
        with self._guard:
            if self._waiting[key]:
                self._waiting[key].pop(0).called.set()
            else:
                del self._waiting[key]
