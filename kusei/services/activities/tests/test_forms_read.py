"""What a form asks is read once for all who send it in the same second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Semaphore
from types import TracebackType
from uuid import UUID

import pytest

from kusei.services.activities.queries import forms

SECONDS = 20


class _Door:
    """A lock that tells who came to it."""

    def __init__(self) -> None:
        self.came, self._lock = Semaphore(0), Lock()

    def __enter__(self) -> None:
        self.came.release()
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


def test_one_reads_for_all_who_come_in_the_same_second(monkeypatch: pytest.MonkeyPatch) -> None:
    door, read, readers = _Door(), Event(), []

    def asked_at(*which: object) -> None:
        readers.append(which)
        read.wait(SECONDS)

    monkeypatch.setattr(forms, "asked_at", asked_at)
    monkeypatch.setattr(forms, "_READING", (door,))
    monkeypatch.setattr(forms.time, "monotonic", lambda: 7_000_000.0)
    with ThreadPoolExecutor(2) as people:
        both = [people.submit(forms.asked_lately, "ward", UUID(int=7), 7) for _each in range(2)]
        assert [door.came.acquire(timeout=SECONDS) for _each in both] == [True, True]
        read.set()
        assert [each.result(SECONDS) for each in both] == [None, None]
    assert readers == [("ward", UUID(int=7), 7)]
