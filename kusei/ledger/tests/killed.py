"""A process that is killed in the middle of its work, for tests: it says that it has come to a point and goes no further."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

_SECONDS = 90
_processes = multiprocessing.get_context("fork")


def kill_in_the_middle(work: Callable[[], object], *, statement: str, nth: int) -> None:
    """Run `work` in a process of its own and kill it (SIGKILL) right after its `nth` statement that begins with `statement`:
    written, and not committed yet. Fails where it never comes that far."""
    connections.close_all()  # two processes must not share one
    reached = _processes.Event()
    process = _processes.Process(target=_go_so_far, args=(work, statement, nth, reached), daemon=True)
    process.start()
    assert reached.wait(_SECONDS), f"never came to statement {nth} that begins with {statement}"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(_SECONDS)
    assert process.exitcode == -signal.SIGKILL


def _go_so_far(work: Callable[[], object], statement: str, nth: int, reached: Any) -> None:
    left = nth

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        result = execute(sql, *rest)
        if sql.startswith(statement):
            left -= 1
            if left == 0:
                reached.set()
                signal.pause()
        return result

    with connection.execute_wrapper(watch):
        work()
