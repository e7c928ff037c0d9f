"""Filled forms in Excel: taken in once, looked at, then posted all or nothing or put aside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.files.models import StoredFile
from kusei.files.operations import discard_content, store_file
from kusei.ledger.enums import Arrival, FormState, FormWay, LedgerVerb
from kusei.ledger.errors import FormCheckStale, FormHasProblems, FormRefused, FormSettled, ReportChanged
from kusei.ledger.models import Report, ReturnedForm
from kusei.ledger.month_book import read_book
from kusei.ledger.operations.posting import Posted
from kusei.ledger.operations.reports import CellChange, Proof, save_report
from kusei.ledger.permissions import may_handle_form
from kusei.ledger.queries.forms import check_form, content_of, counted_by_key
from kusei.ledger.returned import Action, Check, CheckRow
from kusei.plans.models import Item
from kusei.press.workbooks import WorkbookRefused
from kusei.wards import audit, permissions
from kusei.wards.models import Body, Person, Ward
from kusei.wards.queries import body_of

Actions = Mapping[str, Action]
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Received:
    """A form that was handed in; not new where the same bytes had come before."""

    form: ReturnedForm
    is_new: bool


def receive_form(
    *,
    ward: Ward,
    name: str,
    content: bytes,
    way: FormWay,
    actor: Person,
    actions_of: Callable[[int], Actions],
) -> Received:
    """Keep a filled form until somebody looks at it; nothing is posted. `actions_of` tells the actions of a year.

    The same bytes are kept once, however often they come. Raises FormRefused for what is no form of this ward, NotAllowed
    for another body's.
    """
    body, fiscal_year = _addressed(ward, content)
    rights = permissions.rights_of(actor)
    named = [action.bodies for action in actions_of(fiscal_year).values()]
    permissions.require(may_handle_form(rights, ward, body.pk, named))
    digest = hashlib.sha256(content).hexdigest()
    if known := _known(ward, digest):
        return Received(known, False)
    stored: StoredFile | None = None
    is_new = False
    try:
        with transaction.atomic():
            stored, is_new = store_file(ward_id=ward.pk, name=name, content=content)
            form = ReturnedForm.objects.create(
                ward=ward,
                body=body,
                fiscal_year=fiscal_year,
                file=stored,
                sha256=digest,
                way=way,
                arrived_at=timezone.now(),
                arrived_by=actor,
            )
            _record(form, LedgerVerb.FORM_RECEIVED, actor)
    except BaseException as error:
        if is_new and stored is not None:
            discard_content(stored)
        known = _known(ward, digest) if isinstance(error, IntegrityError) else None
        if known is None:
            raise
        return Received(known, False)  # the same file came through two doors at once
    return Received(form, True)


def _known(ward: Ward, digest: str) -> ReturnedForm | None:
    found = ReturnedForm.objects.filter(ward=ward, sha256=digest).exclude(state=FormState.DISMISSED)
    return found.select_related("body").first()


def _addressed(ward: Ward, content: bytes) -> tuple[Body, int]:
    """For which body and year a form was made."""
    decimals = {key: metric.decimals for key, metric in counted_by_key(ward).items()}
    try:
        address = read_book(content, decimals).address
    except WorkbookRefused as error:
        raise FormRefused(str(error)) from error
    if address.ward != ward.key:
        raise FormRefused(
            _("ほかの区の様式です。%(ward)sの様式を取り出して、書き写してください。")
            % {"ward": ward.full_name}
        )
    body = body_of(ward, address.body)
    if body is None or not _FIRST_YEAR <= address.fiscal_year <= _LAST_YEAR:
        raise FormRefused(
            _("この様式の課・団体か年度が、この区にありません。様式を取り出し直して、書き写してください。")
        )
    return body, address.fiscal_year


@transaction.atomic
def post_form(
    *,
    form: ReturnedForm,
    actions: Actions,
    fingerprint: str,
    actor: Person,
    along: Callable[[ReturnedForm], int] | None = None,
) -> Posted | None:
    """Post everything that the form changes, as it was shown (`fingerprint` of that check): all or nothing.

    `along` takes in what else the workbook says, in the same transaction, and returns how much that was.
    None where it was posted before: a second press posts nothing. Raises FormHasProblems, FormCheckStale where the
    reports have changed since, FormSettled where it was dismissed, NotAllowed, and what `save_report` raises.
    """
    kept = _locked(form, actions, actor)
    if kept.state == FormState.POSTED:
        return None
    _require_waiting(kept)
    check = _checked(kept, actions, actor)
    if check.problems:
        raise FormHasProblems(
            _("直してほしいセルがあるので、何も記録していません。Excelを直して、もう一度届けてください。")
        )
    if check.fingerprint != fingerprint:
        raise stale_check()
    try:
        posted = _post(kept, check, actor)
    except ReportChanged as error:
        raise stale_check() from error
    others = along(kept) if along else 0
    if not check.rows and not others:
        raise FormHasProblems(
            _("この様式には、変わるところがありません。記録するものがないので、片付けてください。")
        )
    kept.state, kept.posted_at, kept.posted_by = FormState.POSTED, timezone.now(), actor
    kept.save(update_fields=["state", "posted_at", "posted_by"])
    _record(kept, LedgerVerb.FORM_POSTED, actor, {"entries": (0, len(check.rows) + others)})
    return posted


def _post(form: ReturnedForm, check: Check, actor: Person) -> Posted:
    by_item: dict[int, list[CheckRow]] = {}
    for row in check.rows:
        by_item.setdefault(row.action.item, []).append(row)
    items = Item.objects.filter(ward=form.ward_id).in_bulk(list(by_item))
    proof = Proof(
        way=Arrival.WORKBOOK,
        received_on=timezone.localdate(form.arrived_at),
        file=(form.file.name, content_of(form)),
    )
    revisions = dict(
        Report.objects.filter(
            ward=form.ward_id, fiscal_year=form.fiscal_year, body=form.body_id, item__in=by_item
        ).values_list("item", "revision")
    )
    done = [
        save_report(
            ward=form.ward,
            fiscal_year=form.fiscal_year,
            item=items[item],
            body=form.body,
            changes=[CellChange(row.metric.id, row.on, row.new, 0, row.district) for row in rows],
            proof=proof,
            revision=revisions.get(item, 0),
            seen={(row.metric.id, row.on, 0, row.district): row.now for row in rows if row.now is not None},
            owners=rows[0].action.bodies,
            actor=actor,
        )
        for item, rows in sorted(by_item.items())
    ]
    return Posted(
        sum(each.added for each in done),
        sum(each.reversed for each in done),
        sum(each.unchanged for each in done),
    )


@transaction.atomic
def dismiss_form(*, form: ReturnedForm, actions: Actions, reason: str, actor: Person) -> None:
    """Put a form aside that shall not be posted; it is kept. Raises FormSettled, FormRefused without a reason, NotAllowed."""
    kept = _locked(form, actions, actor)
    _require_waiting(kept)
    if not reason.strip():
        raise FormRefused(_("使わない理由を書いてください。届けた人に説明する手がかりになります。"))
    kept.state, kept.reason = FormState.DISMISSED, reason.strip()[:500]
    kept.save(update_fields=["state", "reason"])
    _record(kept, LedgerVerb.FORM_DISMISSED, actor, reason=kept.reason)


def _locked(form: ReturnedForm, actions: Actions, actor: Person) -> ReturnedForm:
    named = [action.bodies for action in actions.values()]
    permissions.require(may_handle_form(permissions.rights_of(actor), form.ward, form.body_id, named))
    return (
        ReturnedForm.objects.select_for_update(of=("self",))
        .select_related("ward", "body", "file")
        .get(pk=form.pk)
    )


def _checked(form: ReturnedForm, actions: Actions, actor: Person) -> Check:
    try:
        return check_form(form, actions=actions, rights=permissions.rights_of(actor))
    except (WorkbookRefused, FileNotFoundError) as error:
        raise FormRefused(
            _("預かったファイルが読めなくなっています。Excelをもう一度届けてください。")
        ) from error


def _require_waiting(form: ReturnedForm) -> None:
    if form.state != FormState.WAITING:
        raise FormSettled(
            _("この様式は、もう記録したか、使わないことにしたものです。一覧を開き直してください。")
        )


def stale_check() -> FormCheckStale:
    """What to raise where a form would change something else than what was shown."""
    return FormCheckStale(
        _(
            "見ていたあいだに、いまの数か文が変わりました。何も記録していません。下の表を確かめて、もう一度記録してください。"
        )
    )


def _record(
    form: ReturnedForm,
    verb: LedgerVerb,
    actor: Person,
    changes: Mapping[str, tuple[object, object]] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        ward=form.ward,
        actor=actor,
        verb=verb,
        target=form,
        label=f"{form.body.name} {form.file.name}",
        changes=changes,
        reason=reason,
    )
