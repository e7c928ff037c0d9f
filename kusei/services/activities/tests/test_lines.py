"""Lines of threads: whoever is first does it for all who wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from kusei.services.activities.lines import MOST_AT_ONCE, Lines

SECONDS = 20


def test_everybody_is_served_once_and_no_line_is_left() -> None:
    served: dict[int, list[int]] = {0: [], 1: []}
    lines: Lines[int] = Lines(lambda key, take: served[key].extend(take()))
    together = Barrier(12)

    def come(person: int) -> None:
        together.wait(SECONDS)
        for turn in range(50):
            lines.pass_through(person % 2, person * 100 + turn)

    with ThreadPoolExecutor(12) as people:
        list(people.map(come, range(12)))
    assert sorted(served[0] + served[1]) == [
        person * 100 + turn for person in range(12) for turn in range(50)
    ]
    for each in served.values():
        for person in range(12):
            own = [item for item in each if item // 100 == person]
            assert own == sorted(own)
    assert lines._waiting == {}


def queued(lines: Lines[int], key: int, count: int) -> None:
    """Wait until so many stand behind the one who is served."""
    for _try in range(100_000):
        if len(lines._waiting.get(key, ())) == count:
            return
        Event().wait(0.0005)
    raise AssertionError(f"never {count} in line")


def rush(
    fails: Callable[[Sequence[int]], bool], *, before_taking: bool = False
) -> tuple[list[list[int]], list[object]]:
    """(who was served together, what each of five got) where the first is held up until the others stand in line."""
    batches: list[list[int]] = []
    is_in, go = Event(), Event()

    def serve(_key: int, take: Callable[[], Sequence[int]]) -> None:
        if not batches:
            batches.append(list(take()))
            is_in.set()
            go.wait(SECONDS)
            return
        if before_taking and len(batches) == 1:
            batches.append([])
            raise ValueError
        batches.append(list(take()))
        if fails(batches[-1]):
            raise ValueError

    lines: Lines[int] = Lines(serve)

    def come(person: int) -> object:
        try:
            return lines.pass_through(7, person)
        except ValueError as error:
            return error

    with ThreadPoolExecutor(5) as people:
        coming = [people.submit(come, 0)]
        is_in.wait(SECONDS)
        for person in range(1, 5):
            coming.append(people.submit(come, person))
            queued(lines, 7, person)
        go.set()
        got = [each.result(SECONDS) for each in coming]
    assert lines._waiting == {}
    return batches, got


def test_all_who_wait_are_served_together_in_their_order() -> None:
    batches, got = rush(lambda _batch: False)
    assert batches == [[0], [1, 2, 3, 4]]
    assert got == [None] * 5


def test_what_fails_fails_for_all_who_were_taken() -> None:
    batches, got = rush(lambda batch: len(batch) > 1)
    assert batches == [[0], [1, 2, 3, 4]]
    assert [type(each) for each in got] == [type(None)] + [ValueError] * 4


def test_what_fails_before_anybody_is_taken_fails_for_its_leader_alone() -> None:
    batches, got = rush(lambda _batch: False, before_taking=True)
    assert batches == [[0], [], [2, 3, 4]]
    assert [type(each) for each in got] == [type(None), ValueError] + [type(None)] * 3


def test_a_long_line_is_served_in_parts() -> None:
    sizes: list[int] = []
    is_in, go = Event(), Event()

    def serve(_key: int, take: Callable[[], Sequence[int]]) -> None:
        sizes.append(len(take()))
        if len(sizes) == 1:
            is_in.set()
            go.wait(SECONDS)

    lines: Lines[int] = Lines(serve)
    count = MOST_AT_ONCE + 10
    with ThreadPoolExecutor(count + 1) as people:
        people.submit(lines.pass_through, 1, 0)
        is_in.wait(SECONDS)
        coming = [people.submit(lines.pass_through, 1, number) for number in range(count)]
        queued(lines, 1, count)
        go.set()
        for each in coming:
            each.result(SECONDS)
    assert sizes == [1, MOST_AT_ONCE, 10]


def test_who_was_taken_by_an_interrupted_leader_is_told_so() -> None:
    is_in, go = Event(), Event()

    def serve(_key: int, take: Callable[[], Sequence[int]]) -> None:
        is_in.set()
        go.wait(SECONDS)
        take()
        raise KeyboardInterrupt

    lines: Lines[int] = Lines(serve)

    def come(person: int) -> BaseException | None:
        try:
            return lines.pass_through(1, person)
        except BaseException as error:
            return error

    with ThreadPoolExecutor(2) as people:
        first = people.submit(come, 1)
        is_in.wait(SECONDS)
        second = people.submit(come, 2)
        queued(lines, 1, 1)
        go.set()
        assert type(first.result(SECONDS)) is KeyboardInterrupt
        assert type(second.result(SECONDS)) is RuntimeError
    assert lines._waiting == {}
