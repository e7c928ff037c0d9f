"""Whatever records say, in whatever order they are posted, repeated, corrected or withdrawn: sums are right."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger import operations as ledger
from kusei.ledger import sources
from kusei.ledger.queries.figures import figures_from_entries, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground

KIND = "test.any"
_lines = st.dictionaries(
    st.sampled_from("abc"), st.tuples(st.integers(0, 1), st.integers(0, 30), st.sampled_from([4, 6, 12]), st.integers(0, 1)), max_size=3
)  # fmt: skip
_steps = st.lists(st.tuples(st.integers(1, 3), _lines, st.booleans()), max_size=8)


class Crash(Exception):
    """The machine goes down before the transaction ends."""


@pytest.mark.slow
@given(steps=_steps)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_posting_leaves_sums_right(ground: Ground, steps) -> None:
    said: dict[int, list[Line]] = {}
    sources.register(
        KIND, sources.Kind("記録", tell=lambda _ward, _year: said.items(), describe=lambda _w, _n: {})
    )
    metrics = [ground.times, ground.members]
    before = transaction.savepoint()
    try:
        for number, slots, crashes in steps:
            lines = [
                ground.line(slot, quantity, metric_id=metrics[metric].pk, on=date(2026, month, 3), item_id=ground.items[item].pk)
                for slot, (metric, quantity, month, item) in slots.items()
            ]  # fmt: skip
            try:
                with transaction.atomic():
                    ledger.post(ward=ground.cast.ward, source=Source(KIND, number), lines=lines, actor=None)
                    if crashes:
                        raise Crash
                said[number] = lines
            except Crash:
                pass
            ledger.post(
                ward=ground.cast.ward, source=Source(KIND, number), lines=said.get(number, []), actor=None
            )
        expected: dict[tuple[int, int], int] = defaultdict(int)
        for lines in said.values():
            for line in lines:
                if line.metric_id == ground.times.pk:
                    expected[line.item_id, line.metric_id] += line.quantity
        kept = year_figures(ground.cast.ward, 2026)
        assert {key: figure.quantity for key, figure in kept.items() if key[1] == ground.times.pk} == expected
        assert figures_from_entries(ground.cast.ward, 2026) == kept
        assert list(discrepancies(ground.cast.ward, 2026)) == []
    finally:
        transaction.savepoint_rollback(before)
        sources._kinds.pop(KIND)
