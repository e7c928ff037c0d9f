"""Reports by hand: a body's numbers of one action and year, with the paper, call or workbook that they came by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.files.operations import store_file
from kusei.ledger.enums import LedgerVerb
from kusei.ledger.errors import LedgerError, ReportChanged
from kusei.ledger.models import Evidence, Report, ReportCell
from kusei.ledger.operations.posting import Posted, post
from kusei.ledger.permissions import may_report
from kusei.ledger.rules import Line
from kusei.ledger.sheets import SOURCE_KIND, Place, slot_of
from kusei.ledger.sources import Source
from kusei.plans.models import Item
from kusei.wards import audit, permissions
from kusei.wards.models import Body, Person, Ward


@dataclass(frozen=True, slots=True)
class CellChange:
    """A number that was written, changed or cleared (`quantity` None), in the metric's smallest unit."""

    metric_id: int
    on: date
    quantity: int | None
    session: int = 0
    district_id: int | None = None

    @property
    def place(self) -> Place:
        return (self.metric_id, self.on, self.session, self.district_id)


@dataclass(frozen=True, slots=True)
class Proof:
    """How the numbers came: `way` is a value of Arrival; `file` is the scan or workbook as (name, bytes)."""

    way: str
    received_on: date
    note: str = ""
    file: tuple[str, bytes] | None = None


@transaction.atomic
def save_report(
    *,
    ward: Ward,
    fiscal_year: int,
    item: Item,
    body: Body,
    changes: Sequence[CellChange],
    proof: Proof,
    revision: int | None,
    owners: Iterable[int],
    actor: Person | None,
    actor_name: str = "",
    is_vouched: bool = False,
    seen: Mapping[Place, int] | None = None,
) -> Posted:
    """Write, change or clear numbers of a report and post what changed.

    `revision` is the one that the person saw; None where nobody looked (a workbook names every cell itself). With `seen`, what
    stood there then, a newer report is refused only where one of the places to be changed was changed in the meantime.
    `owners` are the bodies that the action names. Without an account (`actor` None) the caller has checked the right to answer
    (`is_vouched`: a signed link) and `actor_name` says who it was.

    Raises ReportChanged where somebody else wrote into one of the same places meanwhile, NotAllowed, and what `post`
    raises; then nothing is kept.
    """
    if not is_vouched:
        permissions.require(may_report(permissions.rights_of(actor), ward, body.pk, owners))
    if item.ward_id != ward.pk or body.ward_id != ward.pk:
        raise LedgerError(_("取組か実施主体が、この区のものではありません。"))
    Report.objects.get_or_create(ward=ward, fiscal_year=fiscal_year, item=item, body=body)
    report = Report.objects.select_for_update().get(item=item, body=body, fiscal_year=fiscal_year)
    before = cells_of(report)
    if revision is not None and revision != report.revision and _clash(before, changes, seen):
        raise ReportChanged(
            _(
                "開いているあいだに、ほかの人がこの報告を書き換えました。今の数を確かめて、もう一度保存してください。"
            ),
            theirs=before,
        )
    after = dict(before)
    for change in changes:
        if change.quantity is None:
            after.pop(change.place, None)
        else:
            after[change.place] = change.quantity
    if after == before and not proof.note and proof.file is None:
        return Posted(0, 0, len(before))
    posted = post(
        ward=ward,
        source=Source(SOURCE_KIND, report.pk),
        lines=[line_at(report, place, quantity) for place, quantity in after.items()],
        actor=actor,
    )
    _write_cells(report, before, after)
    report.revision += 1
    report.save(update_fields=["revision"])
    _keep_proof(report, proof, actor, actor_name)
    audit.record(
        ward=ward,
        actor=actor,
        actor_name=actor_name,
        verb=LedgerVerb.REPORTED,
        target=report,
        label=body.name,
        changes={"entries": (len(before), len(after))},
    )
    return posted


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one form changes in a body's report of one action; `revision` and `seen` are what it showed."""

    item: Item
    changes: Sequence[CellChange]
    owners: Sequence[int]
    revision: int
    seen: Mapping[Place, int]


@transaction.atomic
def save_sheets(
    *, ward: Ward, fiscal_year: int, body: Body, sheets: Sequence[Sheet], proof: Proof, actor: Person
) -> Posted:
    """`save_report` for several actions of one body, from one form, by one way: all or nothing. Raises what it raises."""
    done = [
        save_report(
            ward=ward,
            fiscal_year=fiscal_year,
            item=sheet.item,
            body=body,
            changes=sheet.changes,
            proof=proof,
            revision=sheet.revision,
            seen=sheet.seen,
            owners=sheet.owners,
            actor=actor,
        )
        for sheet in sorted(
            sheets, key=lambda sheet: sheet.item.pk
        )  # in one order for all: no two wait for each other
    ]
    return Posted(
        sum(each.added for each in done),
        sum(each.reversed for each in done),
        sum(each.unchanged for each in done),
    )


def _clash(
    before: Mapping[Place, int], changes: Iterable[CellChange], seen: Mapping[Place, int] | None
) -> bool:
    """Whether what stands in a place to be changed is neither what the person saw nor what they write."""
    if seen is None:
        return True
    return any(before.get(each.place) not in (seen.get(each.place), each.quantity) for each in changes)


def cells_of(report: Report) -> dict[Place, int]:
    """What a report says now."""
    rows = report.cells.values_list("metric", "on", "session", "district", "quantity")
    return {(metric, on, session, district): quantity for metric, on, session, district, quantity in rows}


def line_at(report: Report, place: Place, quantity: int) -> Line:
    """What a number of a report means for the ledger."""
    metric, on, _session, district = place
    return Line(
        slot=slot_of(place),
        metric_id=metric,
        item_id=report.item_id,
        quantity=quantity,
        on=on,
        body_id=report.body_id,
        district_id=district,
        fiscal_year=report.fiscal_year,
    )


def _write_cells(report: Report, before: Mapping[Place, int], after: Mapping[Place, int]) -> None:
    for place in before:
        if after.get(place) != before[place]:
            metric, on, session, district = place
            report.cells.filter(metric=metric, on=on, session=session, district=district).delete()
    ReportCell.objects.bulk_create(
        [
            ReportCell(
                ward_id=report.ward_id,
                report=report,
                metric_id=place[0],
                on=place[1],
                session=place[2],
                district_id=place[3],
                quantity=quantity,
            )
            for place, quantity in after.items()
            if before.get(place) != quantity
        ]
    )


def _keep_proof(report: Report, proof: Proof, actor: Person | None, actor_name: str) -> None:
    stored = None
    if proof.file is not None:
        name, content = proof.file
        stored, _is_new = store_file(ward_id=report.ward_id, name=name, content=content)
    Evidence.objects.create(
        ward_id=report.ward_id,
        report=report,
        way=proof.way,
        note=proof.note.strip(),
        file=stored,
        received_on=proof.received_on,
        noted_at=timezone.now(),
        noted_by=actor,
        noted_by_name=actor_name or (actor.display_name if actor else ""),
    )
