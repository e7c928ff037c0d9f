"""The page of a report by hand: who sees its notes and files, and how files go out."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Evidence, Report
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_ledger import plain
from tests.cast import signed_in

pytestmark = pytest.mark.slow

NOTE = "山田さんから電話"


@pytest.fixture
def report(ground: Ground) -> Report:
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[0], body=ground.cast.promotion,
        changes=[CellChange(ground.times.pk, date(2026, 6, 1), 4), CellChange(ground.times.pk, date(2026, 7, 8), 1, session=3)],
        proof=Proof("paper", date(2026, 7, 3), NOTE, ("scan.html", b"<script>alert(1)</script>")),
        revision=None, owners=[ground.cast.promotion.pk], actor=ground.cast.clerk,
    )  # fmt: skip
    return Report.objects.get()


def urls(ground: Ground, report: Report) -> tuple[str, str]:
    key = ground.cast.ward.key
    return (
        reverse("office:report", args=[key, report.pk]),
        reverse("office:proof_file", args=[key, report.pk, Evidence.objects.get().pk]),
    )


@pytest.mark.parametrize("who", ["clerk", "colleague", "planner"])
def test_those_in_charge_see_how_the_numbers_came(ground: Ground, report: Report, who: str) -> None:
    client = signed_in(getattr(ground.cast, who))
    page, file = urls(ground, report)
    said = plain(client.get(page))
    for words in (NOTE, "scan.html", "紙・ファクス", "第3回 令和8年7月8日(水)", "6月", "実績を記録した"):
        assert words in said, words
    kept = client.get(file)
    assert kept.content == b"<script>alert(1)</script>"
    assert kept["Content-Type"] == "application/octet-stream"
    assert kept["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("who", ["other_clerk", "partner", "administrator"])
def test_others_see_the_numbers_but_neither_note_nor_file(ground: Ground, report: Report, who: str) -> None:
    client = signed_in(getattr(ground.cast, who))
    page, file = urls(ground, report)
    said = plain(client.get(page))
    assert "4回" in said
    assert "紙・ファクス" in said
    for hidden in (NOTE, "scan.html", ground.cast.clerk.display_name):
        assert hidden not in said, hidden
    assert client.get(file).status_code == 403


def test_the_report_of_another_ward_is_not_found(ground: Ground, report: Report) -> None:
    client, other = signed_in(ground.cast.stranger), ground.cast.other_ward
    for name, args in (("report", [report.pk]), ("proof_file", [report.pk, Evidence.objects.get().pk])):
        assert client.get(reverse(f"office:{name}", args=[other.key, *args])).status_code == 404
