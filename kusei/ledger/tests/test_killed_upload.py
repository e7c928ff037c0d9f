"""A worker is killed in the middle of a bulk upload, thousands of cells: nothing of it stays, and the next try has it all once."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial

import pytest
from openpyxl import load_workbook

from kusei.ledger import operations as ledger
from kusei.ledger.enums import FormState, FormWay, LedgerVerb
from kusei.ledger.models import Entry, Evidence, Report, ReportCell, ReturnedForm
from kusei.ledger.month_book import MONTHS, Address, BookRow, write_book
from kusei.ledger.queries.figures import figures_from_entries, year_figures
from kusei.ledger.queries.forms import check_form
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.returned import Action
from kusei.ledger.tests.killed import kill_in_the_middle
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry as PlanEntry
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import rights_of
from tests.cast import Cast

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ACTIONS = 60
METRICS = (("times", "回"), ("people", "人"), ("cases", "件"))
CELLS = ACTIONS * len(METRICS) * 12


@dataclass(frozen=True)
class Upload:
    """A body's form with a number in every cell, waiting to be posted."""

    cast: Cast
    form: ReturnedForm
    actions: dict[str, Action]

    def post(self, fingerprint: str) -> ledger.Posted | None:
        return ledger.post_form(
            form=self.form, actions=self.actions, fingerprint=fingerprint, actor=self.cast.clerk
        )

    def fingerprint(self) -> str:
        return check_form(self.form, actions=self.actions, rights=rights_of(self.cast.clerk)).fingerprint


@pytest.fixture
def upload(cast: Cast) -> Upload:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
        entries=[
            PlanEntry(n, None, n, "action", str(n + 1), f"取組{n + 1}", owners=("地域振興課",)) for n in range(ACTIONS)
        ],
    )  # fmt: skip
    items = list(Item.objects.filter(ward=cast.ward).order_by("pk"))
    rows = [
        BookRow(str(item.public_id), "取組", key, key, unit, 0) for item in items for key, unit in METRICS
    ]
    book = load_workbook(
        io.BytesIO(write_book(Address(cast.ward.key, 2026, cast.promotion.pk), rows, body_name="地域振興課"))
    )
    for line in range(len(rows)):
        for month in range(len(MONTHS)):
            book.worksheets[0].cell(row=5 + line, column=5 + month, value=1 + line + month)
    out = io.BytesIO()
    book.save(out)
    actions = {str(item.public_id): Action(item.pk, "取組", (cast.promotion.pk,)) for item in items}
    received = ledger.receive_form(
        ward=cast.ward, name="一年分.xlsx", content=out.getvalue(), way=FormWay.PAGE, actor=cast.clerk,
        actions_of=lambda _year: actions,
    )  # fmt: skip
    return Upload(cast, received.form, actions)


@pytest.mark.parametrize(
    ("statement", "nth"),
    [
        ('INSERT INTO "ledger_entry"', 1),
        ("INSERT INTO \"ledger_figuresum\"", ACTIONS // 2),
        ('INSERT INTO "ledger_reportcell"', ACTIONS),
        ('UPDATE "ledger_returnedform"', 1),
    ],
)  # fmt: skip
def test_a_killed_upload_loses_nothing_and_doubles_nothing(upload: Upload, statement: str, nth: int) -> None:
    shown = upload.fingerprint()
    kill_in_the_middle(partial(upload.post, shown), statement=statement, nth=nth)
    for model in (Entry, Report, ReportCell, Evidence):
        assert not model.objects.exists(), model
    upload.form.refresh_from_db()
    assert upload.form.state == FormState.WAITING
    assert upload.fingerprint() == shown
    posted = upload.post(shown)
    assert posted is not None
    assert (posted.added, posted.reversed) == (CELLS, 0)
    assert upload.post(shown) is None
    assert (Entry.objects.count(), ReportCell.objects.count()) == (CELLS, CELLS)
    ward = upload.cast.ward
    kept = year_figures(ward, 2026)
    assert kept == figures_from_entries(ward, 2026)
    numbers = [1 + line + month for line in range(ACTIONS * len(METRICS)) for month in range(12)]
    assert sum(figure.quantity or 0 for figure in kept.values()) == sum(numbers)
    assert list(discrepancies(ward, 2026)) == []
    assert AuditEntry.objects.filter(verb=LedgerVerb.FORM_POSTED).count() == 1
