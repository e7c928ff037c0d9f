"""Putting a year's collected results before residents: the next version of the plan, with what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.results.enums import AnswerState, Outcome, ResultVerb
from kusei.results.errors import NotComplete, NothingToCollect
from kusei.results.models import Answer, Collection, YearRecord
from kusei.results.operations.printed import (
    PrintedFigure,
    PrintedResult,
    record_printed_results,
    results_of,
)
from kusei.results.permissions import may_collect
from kusei.results.queries.years import facts_of
from kusei.search import operations as search
from kusei.wards import audit, permissions
from kusei.wards.models import Person


@transaction.atomic
def publish_results(
    *, collection: Collection, actor: Person, note: str = "", without_open: bool = False
) -> PlanVersion:
    """Publish what was approved as the plan's next version: its tree as in force, its results as they were frozen.

    Residents find it from then on. With it is kept what its figures were worked out from (`YearRecord`): its workbook says the
    same for ever. What is not approved yet keeps what the version before printed. `without_open`: although answers are still open.
    Raises NotComplete, NothingToCollect where nothing is approved, plans' NothingChanged, NotAllowed.
    """
    permissions.require(may_collect(permissions.rights_of(actor), collection.ward))
    answers = list(collection.answers.all())
    approved = [answer for answer in answers if answer.state == AnswerState.APPROVED]
    still_open = len(answers) - len(approved)
    if not approved:
        raise NothingToCollect(_("確認済みの取組結果がまだありません。先に確認してください。"))
    if still_open and not without_open:
        raise NotComplete(
            _("まだ確認していない取組結果が%(count)d件あります。") % {"count": still_open}, ["open"]
        )
    before = version_in_force(collection.plan)
    printed = {result.item_id: result for result in results_of(before)} if before else {}
    said = {answer.item_id: _as_printed(answer, printed.get(answer.item_id)) for answer in approved}
    changed = any(printed.get(item) != result for item, result in said.items())
    version = plans.publish_again(plan=collection.plan, actor=actor, note=note, is_worth_it=changed)
    kept = set(version.texts.values_list("item_id", flat=True))
    record_printed_results(
        version=version,
        results=[result for item, result in {**printed, **said}.items() if item in kept],
    )
    tree = tree_of(version)
    YearRecord.objects.create(
        ward=collection.ward,
        version=version,
        facts=facts_of(collection.plan, tree).plain(),
    )
    search.rebuild(ward=collection.ward, kinds=sorted({row.kind for row in tree.rows if row.item in said}))
    audit.record(
        ward=collection.ward, actor=actor, verb=ResultVerb.PUBLISHED, target=collection,
        label=plan_label(collection.plan), changes={"version": (before.number if before else None, version.number)},
        reason=note,
    )  # fmt: skip
    return version


def _as_printed(answer: Answer, before: PrintedResult | None) -> PrintedResult:
    """What an approved answer prints. Where it says what a document printed, word for word, the document's figures and place
    stay with it: nothing was corrected."""
    said = printed_answer(answer)
    if before is None or said.figures or said.text.split() != before.text.split():
        return said
    return replace(said, figures=before.figures, page=before.page, line=before.line)


def printed_answer(answer: Answer) -> PrintedResult:
    """What an approved answer prints."""
    return PrintedResult(
        item_id=answer.item_id,
        text=answer.final_text,
        outcome=answer.outcome or Outcome.UNKNOWN,
        reason=answer.reason,
        figures=tuple(
            PrintedFigure(
                value=Decimal(each["quantity"]).scaleb(-each["decimals"]).quantize(Decimal("0.001")),
                unit=each["unit"],
                label=each["name"],
                metric_id=each["metric"],
                entries=each["entries"],
                as_of=datetime.fromisoformat(each["as_of"]),
            )
            for each in answer.final_figures
            if each["quantity"] is not None
        ),
    )
