"""Which function does which work. Rooms register theirs when the application starts; this room knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kusei.jobs.running import Run

Handler = Callable[["Run"], None]
GivenUp = Callable[[dict[str, Any], str], None]


@dataclass(frozen=True, slots=True)
class Work:
    """`do` does the work and may be begun again at any time after a crash; `given_up` is told the arguments and why."""

    do: Handler
    given_up: GivenUp


_work: dict[str, Work] = {}
_around: list[Callable[[], AbstractContextManager[Any]]] = [nullcontext]


def register(name: str, *, do: Handler, given_up: GivenUp) -> None:
    """Called by a room's AppConfig."""
    _work[name] = Work(do, given_up)


def run_inside(around: Callable[[], AbstractContextManager[Any]]) -> None:
    """Called once by the room that keeps the audit trail: every run happens inside this context."""
    _around[0] = around


def work_called(name: str) -> Work | None:
    """The work of that name; None where the code knows it no longer."""
    return _work.get(name)


def surroundings() -> AbstractContextManager[Any]:
    """The context of one run."""
    return _around[0]()
