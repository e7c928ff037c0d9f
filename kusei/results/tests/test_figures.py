"""Figures of printed results: proposed, confirmed many at once, corrected with the next version, reconciled."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kusei.ledger.models import Entry, Metric
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.results import operations as results
from kusei.results.errors import FigureRefused
from kusei.results.models import TakenFigure
from kusei.results.operations import PrintedFigure, PrintedResult, Taking
from kusei.results.proposals import Countable, Printed, propose, same_figures
from kusei.results.queries.figures import counted_of, proposals_of
from kusei.wards.permissions import NotAllowed

TIMES, PEOPLE, MEMBERS, METRES, MONEY, SPENDING = (
    Countable(1, "回数", "回", 0), Countable(2, "参加者", "人", 0), Countable(3, "登録者", "人", 0),
    Countable(4, "長さ", "m", 1), Countable(5, "金額", "円", 0), Countable(6, "執行額", "円", 0),
)  # fmt: skip


def printed(value: str, unit: str, label: str = "", item: int = 1) -> Printed:
    return Printed(item, 0, Decimal(value), unit, label)


@pytest.mark.parametrize(
    ("figure", "metric", "quantity"),
    [
        (printed("12", "回"), TIMES, 12),
        (printed("25", "名"), PEOPLE, 25),
        (printed("25", "人", "登録者"), MEMBERS, 25),
        (printed("120.5", "m"), METRES, 1205),
        (printed("120.55", "m"), METRES, None),
        (printed("44", "万円"), MONEY, 440_000),
        (printed("4600", "千円", "決算額"), SPENDING, 4_600_000),
        (printed("2.5", "回"), TIMES, None),
        (printed("-3", "回"), TIMES, None),
        (printed("4", "鉢"), None, None),
    ],
)
def test_a_unit_leads_to_a_metric(figure, metric, quantity) -> None:
    [found] = propose([figure], [TIMES, PEOPLE, MEMBERS, METRES, MONEY, SPENDING])
    assert (found.metric, found.quantity) == (metric, quantity)


def test_equal_large_figures_of_several_actions_are_asked_about_and_small_ones_are_not() -> None:
    figures = [printed("459", "件", item=1), printed("459", "件", item=2), printed("24", "回", item=1), printed("24", "回", item=3)]  # fmt: skip
    assert [each.same_as for each in propose(figures, [])] == [(2,), (1,), (), ()]


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        ({0: (1, "12回"), 1: (2, "348人")}, {0: (1, "12回"), 1: (2, "348人")}, {0: 0, 1: 1}),
        ({0: (1, "12回"), 1: (2, "348人")}, {0: (3, "3団体"), 1: (1, "12回"), 2: (2, "348人")}, {1: 0, 2: 1}),
        ({0: (1, "12回"), 1: (2, "348人")}, {0: (3, "3団体"), 1: (1, "13回"), 2: (2, "348人")}, {1: 0, 2: 1}),
        ({0: (1, "12回"), 1: (2, "348人")}, {0: (2, "348人")}, {0: 1}),
        ({0: (1, "24回"), 1: (1, "24回")}, {0: (1, "24回"), 1: (1, "24回"), 2: (1, "24回")}, {0: 0, 1: 1}),
        ({0: (1, "12回")}, {0: (4, "12件")}, {0: 0}),
        ({1: (1, "12回")}, {0: (4, "12件")}, {}),
        ({0: (1, "12回")}, {}, {}),
    ],
)
def test_a_figure_is_known_again_after_a_correction(then, now, same) -> None:
    assert same_figures(then, now) == same


@pytest.fixture
def version(ground: Ground) -> PlanVersion:
    found = PlanVersion.objects.get()
    record(found, ground, 12)
    return found


def record(version: PlanVersion, ground: Ground, times: int) -> None:
    figures = (PrintedFigure(Decimal(times), "回"), PrintedFigure(Decimal(348), "延べ人", "参加"), PrintedFigure(Decimal(4), "鉢"))  # fmt: skip
    results.record_printed_results(
        version=version, results=[PrintedResult(ground.items[0].pk, "結果", "done", "", figures)]
    )


def takings(version: PlanVersion) -> list[Taking]:
    return [
        Taking(each.printed.item, each.printed.position, each.metric.id)
        for each in proposals_of(version)
        if each.metric is not None
    ]


def test_confirmed_figures_are_entries_of_the_year(ground: Ground, version: PlanVersion) -> None:
    cast = ground.cast
    for _twice in range(2):
        assert results.take_figures(version=version, takings=takings(version), actor=cast.planner) == 2
    figures = year_figures(cast.ward, 2026)
    attendances = Metric.objects.get(key="attendances")
    assert {key[1]: figure.quantity for key, figure in figures.items()} == {
        ground.times.pk: 12,
        attendances.pk: 348,
    }
    assert (Entry.objects.count(), Entry.objects.first().body) == (2, ground.body)
    assert list(discrepancies(cast.ward, 2026)) == []
    assert set(counted_of(version)[0]) == {(ground.items[0].pk, 0), (ground.items[0].pk, 1)}


def test_a_corrected_version_changes_what_was_taken(ground: Ground, version: PlanVersion) -> None:
    cast = ground.cast
    results.take_figures(version=version, takings=takings(version), actor=cast.planner)
    newer = plans.publish_again(plan=version.plan, actor=cast.planner)
    record(newer, ground, 13)
    results.take_figures(version=newer, takings=takings(newer)[:1], actor=cast.planner)
    assert year_figures(cast.ward, 2026)[ground.items[0].pk, ground.times.pk].quantity == 13
    assert list(discrepancies(cast.ward, 2026)) == []
    assert results.leave_figures(version=newer, items=[ground.items[0].pk], actor=cast.planner) == 2
    assert year_figures(cast.ward, 2026) == {}


def test_what_is_not_proposed_is_refused_whole(ground: Ground, version: PlanVersion) -> None:
    cast = ground.cast
    with pytest.raises(NotAllowed):
        results.take_figures(version=version, takings=takings(version), actor=cast.clerk)
    for wrong in (
        Taking(ground.items[0].pk, 9, ground.times.pk),
        Taking(ground.items[0].pk, 1, ground.times.pk),
    ):
        with pytest.raises(FigureRefused):
            results.take_figures(version=version, takings=[*takings(version)[:1], wrong], actor=cast.planner)
    assert not TakenFigure.objects.exists()


def test_a_correction_that_moves_the_figures_counts_nothing_twice(
    ground: Ground, version: PlanVersion
) -> None:
    """A sentence is put in front: what was the first figure is the second now."""
    cast, item = ground.cast, ground.items[0].pk
    results.take_figures(version=version, takings=takings(version), actor=cast.planner)
    newer = plans.publish_again(plan=version.plan, actor=cast.planner)
    figures = (PrintedFigure(Decimal(3), "団体"), PrintedFigure(Decimal(12), "回"), PrintedFigure(Decimal(348), "延べ人", "参加"))  # fmt: skip
    results.record_printed_results(version=newer, results=[PrintedResult(item, "結果", "done", "", figures)])
    assert {place: figure.quantity for (_item, place), figure in counted_of(newer)[0].items()} == {
        1: 12,
        2: 348,
    }
    results.take_figures(version=newer, takings=takings(newer)[:2], actor=cast.planner)
    found = {key[1]: figure.quantity for key, figure in year_figures(cast.ward, 2026).items()}
    assert found[ground.times.pk] == 12
    assert found[Metric.objects.get(key="attendances").pk] == 348
    assert found[Metric.objects.get(key="groups").pk] == 3
    assert list(discrepancies(cast.ward, 2026)) == []


def test_figures_of_a_version_that_was_replaced_are_not_taken(ground: Ground, version: PlanVersion) -> None:
    newer = plans.publish_again(plan=version.plan, actor=ground.cast.planner)
    record(newer, ground, 13)
    with pytest.raises(FigureRefused, match="新しい版"):
        results.take_figures(version=version, takings=takings(version), actor=ground.cast.planner)
    assert not TakenFigure.objects.exists()


def test_what_a_correction_left_out_is_counted_no_more_once_its_action_is_taken_anew(
    ground: Ground, version: PlanVersion
) -> None:
    cast, item = ground.cast, ground.items[0].pk
    results.take_figures(version=version, takings=takings(version), actor=cast.planner)
    newer = plans.publish_again(plan=version.plan, actor=cast.planner)
    figures = (PrintedFigure(Decimal(348), "延べ人", "参加"),)
    results.record_printed_results(version=newer, results=[PrintedResult(item, "結果", "done", "", figures)])
    results.take_figures(version=newer, takings=takings(newer), actor=cast.planner)
    assert [figure.quantity for figure in year_figures(cast.ward, 2026).values()] == [348]
    assert list(TakenFigure.objects.values_list("position", "quantity")) == [(0, 348)]
    assert list(discrepancies(cast.ward, 2026)) == []
