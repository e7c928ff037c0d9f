"""459件 printed under three actions: said to be one thing, counted once, undone; 24回 four times stays four."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kusei.ledger.models import Metric, SharedFigure
from kusei.ledger.queries.figures import added_up, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.results import operations as results
from kusei.results.errors import FigureRefused
from kusei.results.operations import PrintedFigure, PrintedResult, Taking
from kusei.results.queries.figures import counted_of, proposals_of
from kusei.wards.permissions import NotAllowed

CASES, TIMES = (PrintedFigure(Decimal(459), "件"), PrintedFigure(Decimal(24), "回"))


@pytest.fixture
def version(ground: Ground) -> PlanVersion:
    found = PlanVersion.objects.get()
    record(found, ground)
    return found


def record(version: PlanVersion, ground: Ground, cases: int = 459) -> None:
    results.record_printed_results(
        version=version,
        results=[
            PrintedResult(
                item.pk, "相談459件、24回", "done", "", (PrintedFigure(Decimal(cases), "件"), TIMES)
            )
            for item in ground.items
        ],
    )


def take_all(version: PlanVersion, ground: Ground) -> int:
    takings = [
        Taking(each.printed.item, each.printed.position, each.metric.id)
        for each in proposals_of(version)
        if each.metric is not None
    ]
    return results.take_figures(version=version, takings=takings, actor=ground.cast.planner)


def share(version: PlanVersion, ground: Ground, *chosen: int) -> int:
    places = [(ground.items[each].pk, 0) for each in chosen]
    return results.share_printed(version=version, places=places, actor=ground.cast.planner)


def total(ground: Ground, key: str, *items: int) -> int | None:
    figures = year_figures(ground.cast.ward, 2026)
    metric = Metric.objects.get(ward=None, key=key)
    found = added_up(figures, [ground.items[each].pk for each in items or (0, 1, 2)], metric)
    return found.quantity if found else None


@pytest.mark.parametrize("is_taken", [True, False])
def test_three_actions_tell_one_thing(ground: Ground, version: PlanVersion, is_taken: bool) -> None:
    if is_taken:
        take_all(version, ground)
        assert total(ground, "cases") == 3 * 459
    for _twice in range(2):
        assert share(version, ground, 0, 1, 2) == 2
    assert [total(ground, "cases", each) for each in range(3)] == [459, 459, 459]
    assert total(ground, "cases") == 459
    assert take_all(version, ground) == 4  # one 件, and 24回 three times: other things
    assert (total(ground, "cases"), total(ground, "times")) == (459, 72)
    assert list(discrepancies(ground.cast.ward, 2026)) == []
    place = (ground.items[2].pk, 0)
    assert results.part_printed(version=version, place=place, actor=ground.cast.planner)
    assert not results.part_printed(version=version, place=place, actor=ground.cast.planner)
    assert total(ground, "cases") == (2 * 459 if is_taken else 459)
    assert list(discrepancies(ground.cast.ward, 2026)) == []


def test_a_correction_reaches_every_action(ground: Ground, version: PlanVersion) -> None:
    share(version, ground, 0, 1)
    newer = plans.publish_again(plan=version.plan, actor=ground.cast.planner)
    record(newer, ground, 460)
    take_all(newer, ground)
    assert [total(ground, "cases", each) for each in range(3)] == [460, 460, 460]
    assert total(ground, "cases") == 920
    assert share(newer, ground, 1, 2) == 1  # it is moved from the first to these
    assert [total(ground, "cases", 0), total(ground, "cases")] == [460, 920]


def test_who_saw_a_figure_follows_it_to_another_home(ground: Ground, version: PlanVersion) -> None:
    share(version, ground, 0, 1)
    share(version, ground, 2, 0)
    assert total(ground, "cases") == 459
    assert {each.item_id for each in counted_of(version)[1].values()} == {
        ground.items[1].pk, ground.items[2].pk,
    }  # fmt: skip
    results.leave_figures(version=version, items=[ground.items[0].pk], actor=ground.cast.planner)
    assert (total(ground, "cases"), SharedFigure.objects.count()) == (None, 0)


def test_different_numbers_and_single_actions_are_refused(ground: Ground, version: PlanVersion) -> None:
    first, second = ground.items[0].pk, ground.items[1].pk
    for places in (
        [],
        [(first, 0)],
        [(first, 0), (first, 0)],
        [(first, 0), (second, 1)],
        [(first, 0), (second, 9)],
    ):
        with pytest.raises(FigureRefused):
            results.share_printed(version=version, places=places, actor=ground.cast.planner)
    with pytest.raises(NotAllowed):
        results.share_printed(version=version, places=[(first, 0), (second, 0)], actor=ground.cast.clerk)
    assert not SharedFigure.objects.exists()


def test_a_correction_that_moves_the_figures_moves_what_was_said_of_them(
    ground: Ground, version: PlanVersion
) -> None:
    """A sentence is put in front of every text: what was the first figure is the second now."""
    share(version, ground, 0, 1)
    newer = plans.publish_again(plan=version.plan, actor=ground.cast.planner)
    results.record_printed_results(
        version=newer,
        results=[
            PrintedResult(item.pk, "31件、相談459件", "done", "", (PrintedFigure(Decimal(31), "件"), CASES))
            for item in ground.items
        ],
    )
    assert set(counted_of(newer)[1]) == {(ground.items[1].pk, 1)}
    assert take_all(newer, ground) == 5
    assert [total(ground, "cases", each) for each in range(3)] == [490, 490, 490]
    assert total(ground, "cases", 0, 1) == 31 + 31 + 459
    assert list(discrepancies(ground.cast.ward, 2026)) == []
    last = plans.publish_again(plan=version.plan, actor=ground.cast.planner)
    results.record_printed_results(
        version=last,
        results=[PrintedResult(item.pk, "31件", "done", "", (PrintedFigure(Decimal(31), "件"),)) for item in ground.items],
    )  # fmt: skip
    take_all(last, ground)
    assert (total(ground, "cases", 0, 1), SharedFigure.objects.count()) == (62, 0)
