"""Reports by hand: written, changed by two people, proven by a paper, compared with the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.ledger import operations as ledger
from kusei.ledger.errors import NotCountable, QuantityRefused, ReportChanged
from kusei.ledger.models import Entry, Evidence, Report, ReportCell
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.wards.models import AuditEntry, Person
from kusei.wards.permissions import NotAllowed

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def save(
    ground: Ground, actor: Person, *changes: CellChange, revision: int | None = None, body=None, **proof
):
    return ledger.save_report(
        ward=ground.cast.ward,
        fiscal_year=2026,
        item=ground.items[0],
        body=body or ground.cast.promotion,
        changes=changes,
        proof=Proof(**{"way": "form", "received_on": date(2026, 7, 3)} | proof),
        revision=revision,
        owners=[ground.cast.promotion.pk],
        actor=actor,
    )


def test_numbers_of_months_are_posted_changed_and_cleared(ground: Ground) -> None:
    clerk, times = ground.cast.clerk, ground.times.pk
    save(ground, clerk, CellChange(times, JUNE, 25), CellChange(times, JULY, 3), revision=0)
    save(ground, clerk, CellChange(times, JUNE, 26), CellChange(times, JULY, None), revision=1)
    assert year_figures(ground.cast.ward, 2026)[ground.items[0].pk, times].quantity == 26
    assert list(ReportCell.objects.values_list("on", "quantity")) == [(JUNE, 26)]
    assert list(discrepancies(ground.cast.ward, 2026)) == []
    assert AuditEntry.objects.filter(verb="ledger.report").count() == 2


def test_the_second_of_two_people_is_shown_what_the_first_wrote(ground: Ground) -> None:
    times = ground.times.pk
    save(ground, ground.cast.clerk, CellChange(times, JUNE, 25), revision=0)
    with pytest.raises(ReportChanged) as refused:
        save(ground, ground.cast.planner, CellChange(times, JUNE, 30), revision=0)
    assert refused.value.theirs == {(times, JUNE, 0, None): 25}
    assert Entry.objects.count() == 1


def test_a_scan_and_a_note_stay_with_the_report_and_no_word_in_the_ledger(ground: Ground) -> None:
    save(
        ground, ground.cast.clerk, CellChange(ground.times.pk, JUNE, 2), revision=0, way="paper",
        note="6月分の報告書", file=("report.pdf", b"%PDF-1.4 paper"),
    )  # fmt: skip
    proof = Evidence.objects.get()
    assert (proof.way, proof.note, proof.file.name, proof.noted_by) == ("paper", "6月分の報告書", "report.pdf", ground.cast.clerk)  # fmt: skip
    held = {
        field.name for field in Entry._meta.fields if field.get_internal_type() in {"TextField", "CharField"}
    }
    assert held == {"source_kind", "slot"}


@pytest.mark.parametrize("who", ["other_clerk", "partner", "resident", "stranger", "former", "administrator"])
def test_who_is_not_in_charge_reports_nothing(ground: Ground, who: str) -> None:
    with pytest.raises(NotAllowed):
        save(ground, getattr(ground.cast, who), CellChange(ground.times.pk, JUNE, 2))
    assert not Report.objects.exists()


def test_a_body_outside_reports_only_for_actions_that_name_it(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        save(ground, ground.cast.partner, CellChange(ground.times.pk, JUNE, 2), body=ground.cast.council)
    assert not Report.objects.exists()
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[0], body=ground.cast.council,
        changes=[CellChange(ground.times.pk, JUNE, 2)], proof=Proof("form", date(2026, 7, 1)), revision=0,
        owners=[ground.cast.promotion.pk, ground.cast.council.pk], actor=ground.cast.partner,
    )  # fmt: skip
    assert Entry.objects.get().body == ground.cast.council


def test_the_division_in_charge_writes_down_what_a_partner_telephones(ground: Ground) -> None:
    council = ground.cast.council
    save(ground, ground.cast.clerk, CellChange(ground.times.pk, JUNE, 2), body=council, way="telephone", note="電話で受けた")  # fmt: skip
    assert Entry.objects.get().body == council


def test_a_number_that_cannot_be_posted_leaves_the_report_as_it_was(ground: Ground) -> None:
    save(ground, ground.cast.clerk, CellChange(ground.times.pk, JUNE, 2))
    with pytest.raises(QuantityRefused):
        save(ground, ground.cast.clerk, CellChange(ground.times.pk, JUNE, 3), CellChange(ground.times.pk, JULY, -1))  # fmt: skip
    assert ReportCell.objects.get().quantity == 2
    assert (Report.objects.get().revision, Evidence.objects.count()) == (1, 1)


def test_reconciling_finds_what_was_changed_behind_the_ledgers_back(ground: Ground) -> None:
    save(
        ground, ground.cast.clerk, CellChange(ground.times.pk, JUNE, 2), CellChange(ground.times.pk, JULY, 4)
    )
    ReportCell.objects.filter(on=JUNE).update(quantity=3)
    ReportCell.objects.filter(on=JULY).delete()
    found = list(discrepancies(ground.cast.ward, 2026))
    assert [(each.record and each.record.quantity, each.ledger and each.ledger.quantity) for each in found] == [(3, 2), (None, 4)]  # fmt: skip
    assert "3" in found[0].message
    assert "もとの記録にありません" in found[1].message


def test_an_ended_metric_keeps_its_numbers_while_others_are_corrected(ground: Ground) -> None:
    cast = ground.cast
    own = ledger.add_metric(ward=cast.ward, name="見守りの訪問", unit="件", actor=cast.planner)
    save(ground, cast.clerk, CellChange(own.pk, JULY, 4), CellChange(ground.times.pk, JUNE, 1), revision=0)
    ledger.end_metric(metric=own, actor=cast.planner, on=JUNE)
    save(ground, cast.clerk, CellChange(ground.times.pk, JUNE, 2), revision=1)
    figures = year_figures(cast.ward, 2026)
    assert figures[ground.items[0].pk, ground.times.pk].quantity == 2
    assert figures[ground.items[0].pk, own.pk].quantity == 4
    with pytest.raises(NotCountable, match="見守りの訪問"):
        save(ground, cast.clerk, CellChange(own.pk, JULY, 5), revision=2)
    save(ground, cast.clerk, CellChange(own.pk, JULY, None), revision=2)
    assert (ground.items[0].pk, own.pk) not in year_figures(cast.ward, 2026)
    assert list(discrepancies(cast.ward, 2026)) == []
