"""Recording printed results."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from kusei.plans.models import Item, Plan, PlanVersion
from kusei.results import operations as results
from kusei.results.operations import PrintedFigure, PrintedResult
from kusei.wards import operations as wards


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [
        (28, "件", Decimal("28.000")),
        (24.75, "％", Decimal("24.750")),
        (0, "回", Decimal("0.000")),
        (10**15, "円", None),  # more digits than the column holds
        (1, "あ" * 21, None),  # no unit is that long
        ("nan", "件", None),
    ],
)
def test_only_figures_that_fit_are_kept(value: float | str, unit: str, kept: Decimal | None) -> None:
    figure = results.storable_figure(value, unit, None)
    assert (figure.value if figure else None) == kept


@pytest.mark.django_db
def test_results_are_read_back_as_they_were_recorded() -> None:
    ward, _ = wards.find_or_add_ward("みらい区", actor=wards.account_without_login("operator"))
    plan = Plan.objects.create(ward=ward, fiscal_year=2021, kind="action_plan")
    version = PlanVersion.objects.create(
        ward=ward, plan=plan, number=1, status="published", published_at=timezone.now()
    )
    first, second = (Item.objects.create(ward=ward, plan=plan) for _ in range(2))
    figures = (PrintedFigure(Decimal(24), "回", "開催"), PrintedFigure(Decimal(49), "人"))

    results.record_printed_results(
        version=version,
        results=[
            PrintedResult(first.pk, "24回開催した。", "done", "開催した", figures, page=3, line=12),
            PrintedResult(second.pk, "", "unknown"),
        ],
    )

    assert results.printed_results(version) == {first.pk: ("24回開催した。", figures), second.pk: ("", ())}
    assert results.result_texts(ward) == {first.pk: "24回開催した。", second.pk: ""}
    recorded = version.reported_results.get(item=first)
    assert (recorded.outcome, recorded.source_page, recorded.source_line) == ("done", 3, 12)
