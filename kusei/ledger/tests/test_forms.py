"""Filled forms: taken in once, refused in words, posted all or nothing and once, shown again when stale."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from kusei.files.models import StoredFile
from kusei.ledger import operations as ledger
from kusei.ledger.enums import FormState, FormWay
from kusei.ledger.errors import FormCheckStale, FormHasProblems, FormRefused, FormSettled
from kusei.ledger.models import Entry, Evidence, Report, ReportCell, ReturnedForm
from kusei.ledger.month_book import Address, BookRow, write_book
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.queries.forms import check_form
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.returned import Action
from kusei.ledger.tests.ground import Ground
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry as PlanEntry
from kusei.wards.models import AuditEntry, Body, Person
from kusei.wards.permissions import NotAllowed, rights_of

JUNE = date(2026, 6, 1)


def actions(ground: Ground) -> dict[str, Action]:
    bodies = (ground.cast.promotion.pk,)
    return {
        str(item.public_id): Action(item.pk, f"取組{number}", bodies)
        for number, item in enumerate(ground.items)
    }


def workbook(
    ground: Ground, written: dict[str, object], *, ward: str = "", body: int = 0, year=2026
) -> bytes:
    """A form of two actions with `written` typed into it (E5 is April of the first, E6 of the second)."""
    rows = [
        BookRow(str(item.public_id), "取組", "times", "回数", "回", 0, _standing(item.pk, ground))
        for item in ground.items[:2]
    ]
    address = Address(ward or ground.cast.ward.key, year, body or ground.cast.promotion.pk)
    book = load_workbook(io.BytesIO(write_book(address, rows, body_name="地域振興課")))
    for at, value in written.items():
        book.worksheets[0][at] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _standing(item: int, ground: Ground) -> dict[int, int]:
    cells = ReportCell.objects.filter(report__item=item, session=0, district=None, metric=ground.times)
    return {on.month: quantity for on, quantity in cells.values_list("on", "quantity")}


def receive(ground: Ground, content: bytes, actor: Person | None = None) -> ledger.Received:
    return ledger.receive_form(
        ward=ground.cast.ward, name="6月.xlsx", content=content, way=FormWay.PAGE,
        actor=actor or ground.cast.clerk, actions_of=lambda _year: actions(ground),
    )  # fmt: skip


def check(ground: Ground, form: ReturnedForm, actor: Person | None = None):
    return check_form(form, actions=actions(ground), rights=rights_of(actor or ground.cast.clerk))


def post(ground: Ground, form: ReturnedForm, fingerprint: str | None = None, actor: Person | None = None):
    shown = check(ground, form).fingerprint if fingerprint is None else fingerprint
    return ledger.post_form(
        form=form, actions=actions(ground), fingerprint=shown, actor=actor or ground.cast.clerk
    )


def typed_on_the_page(ground: Ground, quantity: int | None) -> None:
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[0], body=ground.cast.promotion,
        changes=[CellChange(ground.times.pk, JUNE, quantity)], proof=Proof("form", date(2026, 7, 3)),
        revision=None, owners=[ground.cast.promotion.pk], actor=ground.cast.planner,
    )  # fmt: skip


def test_a_form_is_received_checked_and_posted_once(ground: Ground) -> None:
    typed_on_the_page(ground, 2)
    form = receive(ground, workbook(ground, {"E5": 3, "G5": 4, "E6": 1})).form
    assert Entry.objects.count() == 1  # nothing of it is posted before somebody has looked
    shown = check(ground, form)
    assert [(row.at, row.sign, row.now, row.new) for row in shown.rows] == [
        ("E5", "added", None, 3), ("G5", "changed", 2, 4), ("E6", "added", None, 1),
    ]  # fmt: skip
    posted = post(ground, form)
    assert posted is not None
    assert (posted.added, posted.reversed) == (3, 1)
    before = Entry.objects.count()
    assert post(ground, form, shown.fingerprint) is None  # a second press
    assert Entry.objects.count() == before
    form.refresh_from_db()
    assert (form.state, form.posted_by) == (FormState.POSTED, ground.cast.clerk)
    proofs = Evidence.objects.filter(way="workbook")
    assert {proof.file_id for proof in proofs} == {form.file_id}
    assert list(discrepancies(ground.cast.ward, 2026)) == []
    verbs = AuditEntry.objects.filter(target_type="ledger.returnedform").values_list("verb", flat=True)
    assert sorted(verbs) == ["ledger.post_form", "ledger.receive_form"]


def test_the_same_file_is_kept_once_and_a_dismissed_one_may_come_again(ground: Ground) -> None:
    content = workbook(ground, {"E5": 3})
    first, again = receive(ground, content), receive(ground, content, ground.cast.planner)
    assert (first.is_new, again.is_new, again.form) == (True, False, first.form)
    assert (ReturnedForm.objects.count(), StoredFile.objects.count()) == (1, 1)
    ledger.dismiss_form(form=first.form, actions=actions(ground), reason="書き直し", actor=ground.cast.clerk)
    third = receive(ground, content)
    assert (third.is_new, third.form.state) == (True, FormState.WAITING)
    assert StoredFile.objects.count() == 1


def test_what_is_no_form_of_the_ward_is_refused_and_not_kept(ground: Ground) -> None:
    foreign = Body.objects.exclude(ward=ground.cast.ward).first()
    other = foreign.pk if foreign else 999_999
    wrong = {
        b"PK\x03\x04 broken": "壊れて",
        b"a,b,c": "ではない",
        workbook(ground, {}, ward="another"): "ほかの区",
        workbook(ground, {}, body=other): "この区にありません",
        workbook(ground, {}, year=1950): "この区にありません",
    }
    for content, words in wrong.items():
        with pytest.raises(FormRefused, match=words):
            receive(ground, content)
    assert (ReturnedForm.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["other_clerk", "partner", "resident", "stranger", "former", "administrator"])
def test_who_is_not_in_charge_hands_in_posts_and_dismisses_nothing(ground: Ground, who: str) -> None:
    person, content = getattr(ground.cast, who), workbook(ground, {"E5": 3})
    with pytest.raises(NotAllowed):
        receive(ground, content, person)
    form = receive(ground, content).form
    with pytest.raises(NotAllowed):
        post(ground, form, actor=person)
    with pytest.raises(NotAllowed):
        ledger.dismiss_form(form=form, actions=actions(ground), reason="x", actor=person)
    form.refresh_from_db()
    assert (form.state, Entry.objects.count()) == (FormState.WAITING, 0)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ({"E5": 3, "G6": "約25"}, "G6"),
        ({"E5": 3, "G6": -1}, "G6"),
        ({"E5": 3, "G6": "=E5*2"}, "G6"),
        ({"E5": 3, "A6": "11111111-1111-4111-8111-111111111111 times", "E6": 1}, "E6"),
    ],
)
def test_one_wrong_cell_and_nothing_is_posted(ground: Ground, written: dict[str, object], at: str) -> None:
    form = receive(ground, workbook(ground, written)).form
    assert [each.at for each in check(ground, form).problems] == [at]
    with pytest.raises(FormHasProblems):
        post(ground, form)
    assert (Entry.objects.count(), Report.objects.count()) == (0, 0)


def _merged(sheet) -> None:
    sheet.merge_cells("G6:H6")


def _pushed_right(sheet) -> None:
    for column in range(16, 5, -1):
        sheet.cell(row=6, column=column + 1).value = sheet.cell(row=6, column=column).value
    sheet["F6"], sheet["Q6"] = None, 9


def _twice(sheet) -> None:
    sheet["A7"], sheet["E7"] = sheet["A6"].value, 4


@pytest.mark.parametrize(
    ("spoil", "at", "words"),
    [
        (_merged, "G6:H6", "結合されたセル"),
        (_pushed_right, "Q6", "ずれていないか"),
        (_twice, "7", "6行目と同じ"),
    ],
)
def test_a_spoilt_sheet_is_told_by_its_place_and_nothing_is_posted(ground: Ground, spoil, at, words) -> None:
    book = load_workbook(io.BytesIO(workbook(ground, {"E5": 3})))
    spoil(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    form = receive(ground, out.getvalue()).form
    [problem] = check(ground, form).problems
    assert problem.at == at
    assert words in problem.message
    with pytest.raises(FormHasProblems):
        post(ground, form)
    assert (Entry.objects.count(), Report.objects.count()) == (0, 0)


def test_an_action_of_another_ward_is_a_problem_by_its_cell(ground: Ground) -> None:
    cast = ground.cast
    plans.publish_version(
        ward=cast.other_ward, fiscal_year=2026, kind="action_plan", actor=cast.stranger, title="ほかの区の計画",
        entries=[PlanEntry(0, None, 0, "action", "1", "ほかの区の取組")],
    )  # fmt: skip
    foreign = Item.objects.get(ward=cast.other_ward)
    form = receive(ground, workbook(ground, {"E5": 3, "A6": f"{foreign.public_id} times", "E6": 1})).form
    [problem] = check(ground, form).problems
    assert problem.at == "E6"
    assert "計画にありません" in problem.message
    with pytest.raises(FormHasProblems):
        post(ground, form)
    assert not Entry.objects.exists()


@pytest.mark.slow
def test_fifty_thousand_rows_are_refused_and_not_kept(ground: Ground) -> None:
    book = Workbook(write_only=True)
    source = load_workbook(io.BytesIO(workbook(ground, {}))).worksheets[0]
    sheet = book.create_sheet("実績")
    lines = [[cell.value for cell in row] for row in source.iter_rows()]
    for line in lines:
        sheet.append(line)
    for number in range(50_000):
        sheet.append([f"{number:08d}-1111-4111-8111-111111111111 times", "取組", "回数", "回", 1])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(FormRefused, match="行が多すぎます"):
        receive(ground, out.getvalue())
    assert (ReturnedForm.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_row_of_an_action_that_does_not_name_the_body_is_a_problem(ground: Ground) -> None:
    form = receive(ground, workbook(ground, {"E5": 3})).form
    others = {
        key: Action(action.item, action.title, (ground.cast.welfare.pk,))
        for key, action in actions(ground).items()
    }
    found = check_form(form, actions=others, rights=rights_of(ground.cast.planner))
    assert found.rows == ()
    assert "この課・団体の取組ではありません" in found.problems[0].message


def test_a_report_that_changed_since_the_look_is_shown_again_first(ground: Ground) -> None:
    form = receive(ground, workbook(ground, {"G5": 5})).form
    shown = check(ground, form).fingerprint
    typed_on_the_page(ground, 4)
    with pytest.raises(FormCheckStale):
        post(ground, form, shown)
    assert ReportCell.objects.get().quantity == 4
    [row] = check(ground, form).rows
    assert (row.now, row.new, row.is_overtaken) == (4, 5, True)
    post(ground, form)
    assert ReportCell.objects.get().quantity == 5


def test_what_others_wrote_into_other_cells_meanwhile_stays(ground: Ground) -> None:
    form = receive(ground, workbook(ground, {"E5": 5})).form
    typed_on_the_page(ground, 4)
    post(ground, form)
    assert sorted(ReportCell.objects.values_list("on", "quantity")) == [(date(2026, 4, 1), 5), (JUNE, 4)]


def test_a_form_that_breaks_off_halfway_posts_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = receive(ground, workbook(ground, {"E5": 3, "E6": 1})).form
    shown = check(ground, form).fingerprint
    from kusei.ledger.operations import forms

    real, calls = forms.save_report, []

    def breaks_off(**words):
        calls.append(words["item"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**words)

    monkeypatch.setattr(forms, "save_report", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        post(ground, form, shown)
    assert (Entry.objects.count(), Report.objects.count(), Evidence.objects.count()) == (0, 0, 0)
    form.refresh_from_db()
    assert form.state == FormState.WAITING
    monkeypatch.undo()
    post(ground, form, shown)
    assert Entry.objects.count() == 2


def test_dismissing_needs_a_reason_and_settles(ground: Ground) -> None:
    form = receive(ground, workbook(ground, {"E5": 3})).form
    with pytest.raises(FormRefused):
        ledger.dismiss_form(form=form, actions=actions(ground), reason=" ", actor=ground.cast.clerk)
    ledger.dismiss_form(form=form, actions=actions(ground), reason="古い", actor=ground.cast.clerk)
    for again in (lambda: post(ground, form), lambda: ledger.dismiss_form(form=form, actions=actions(ground), reason="x", actor=ground.cast.clerk)):  # fmt: skip
        with pytest.raises(FormSettled):
            again()
    assert Entry.objects.count() == 0


def test_a_form_that_says_nothing_new_is_not_posted(ground: Ground) -> None:
    form = receive(ground, workbook(ground, {})).form
    with pytest.raises(FormHasProblems, match="変わるところがありません"):
        post(ground, form)
