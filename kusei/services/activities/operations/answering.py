"""What applicants answer to the organiser's questions: taken with the application, changed by its link, seen by its hosts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.notices.sealing import CannotUnseal, seal, unseal, unseal_if_possible
from kusei.services.activities import asking
from kusei.services.activities.asking import Counted, Put, Refused, Value
from kusei.services.activities.enums import LIVE, ActivityState, ActivityVerb
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting, NotOpen
from kusei.services.activities.models import AnswerSheet, Application, Intake, Question, Seat
from kusei.services.activities.operations.holding import held, starts_at
from kusei.services.activities.permissions import may_host, may_see_applicants
from kusei.services.activities.queries.asking import asked_now
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

logger = logging.getLogger(__name__)
_SEALED = "activities.answers"


@dataclass(frozen=True, slots=True)
class Given:
    """Answers by question: for all together, and for each person in the order of the seats. `belongs`: whether they declared that
    all live (or work) here, None where that was not asked."""

    together: Mapping[int, Value] = field(default_factory=dict)
    each: Sequence[Mapping[int, Value]] = ()
    belongs: bool | None = None

    @property
    def is_empty(self) -> bool:
        values = [*self.together.values(), *(value for one in self.each for value in one.values())]
        return self.belongs is None and all(value is None for value in values)


def put_of(question: Question) -> Put:
    """A question as plain values."""
    return Put(question.kind, question.is_required, tuple(question.choices), question.least, question.most)


def keep_answers(answered: Iterable[tuple[Application, Sequence[Seat], Given]]) -> None:
    """Keep what was answered, and `checked`, with applications that are being made. For operations of this room."""
    AnswerSheet.objects.bulk_create(
        [
            AnswerSheet(
                ward=application.ward,
                application=application,
                sealed=_seal(given, [each.pk for each in seats]),
            )
            for application, seats, given in answered
            if not given.is_empty
        ]
    )


@transaction.atomic
def change_answers(
    *, application: Application, given: Given, revision: int, actor: Person | None = None, now: datetime | None = None
) -> None:  # fmt: skip
    """Other answers, by the applicant's link until the window closes, or by those who host it. `revision` is of the sheet that was
    shown, 0 where there was none. Raises NotOpen, NotFitting, ChangedMeanwhile, NotAllowed."""
    moment = now or timezone.now()
    intake = held(application.intake_id)
    if actor is not None:
        permissions.require(may_host(permissions.rights_of(actor), intake.ward, host_ids(intake.activity)))
    application = Application.objects.select_related("intake").get(pk=application.pk)
    if application.forgotten_at is not None:
        raise NotOpen(_("この申込みの個人情報はもう消してあります。"))
    if actor is None and not takes_changes(application, moment):
        raise NotOpen(_("申込みの期間が終わったので、答えは変えられません。変えたいときは問い合わせ先に知らせてください。"))  # fmt: skip
    sheet = AnswerSheet.objects.filter(application=application).first()
    if (sheet.revision if sheet else 0) != revision:
        raise ChangedMeanwhile(_("開いているあいだに、答えが変わりました。いまの内容を確かめてください。"))
    seats = list(application.seats.order_by("pk"))
    given = checked(asked_now(intake), given, len(seats), may_be_empty=actor is not None)
    before = _unseal(sheet)
    kept = _kept_of_removed(intake, before)
    sealed = _seal(given, [each.pk for each in seats], kept=kept, belongs=before.get("belongs"))
    if sheet is None:
        AnswerSheet.objects.create(ward=application.ward, application=application, sealed=sealed)
    else:
        sheet.sealed, sheet.revision = sealed, sheet.revision + 1
        sheet.save(update_fields=["sealed", "revision"])
    with translation.override("ja"):
        audit.record(
            ward=intake.ward, actor=actor, actor_name="" if actor else str(_("申し込んだ人")),
            verb=ActivityVerb.ANSWERS_CHANGED, target=intake.activity,
            label=_("%(title)s 受付番号%(number)d") % {"title": intake.activity.title, "number": application.number},
        )  # fmt: skip


def takes_changes(application: Application, now: datetime) -> bool:
    """Whether the applicant may still change the answers: while the window is open and something of it is live."""
    intake = application.intake
    first = starts_at(intake)
    is_over = now >= intake.closes_at or (first is not None and first <= now) or intake.is_called_off
    is_on = intake.activity.state == ActivityState.PUBLISHED
    return is_on and not is_over and application.seats.filter(state__in=LIVE).exists()


def answers_of(applications: Sequence[Application]) -> dict[int, tuple[Given, int]]:
    """By application: its answers in the order of its seats, and the sheet's revision; without those sealed with a key that is gone. For
    its applicant behind the link, and for operations that ask and record first."""
    seats: dict[int, list[int]] = {}
    rows = Seat.objects.filter(application__in=applications).order_by("pk")
    for application, pk in rows.values_list("application", "pk"):
        seats.setdefault(application, []).append(pk)
    found = {}
    for sheet in AnswerSheet.objects.filter(application__in=applications):
        try:
            kept = _unseal(sheet)
        except CannotUnseal:
            logger.error(
                "The answers of application %s were sealed with a key that is gone", sheet.application_id
            )
            continue
        by_seat = kept["seats"]
        each = [_by_question(by_seat.get(str(pk), {})) for pk in seats.get(sheet.application_id, [])]
        given = Given(_by_question(kept["all"]), each, kept.get("belongs"))
        found[sheet.application_id] = (given, sheet.revision)
    return found


def count_answers(*, intake: Intake, actor: Person) -> tuple[list[tuple[Question, Counted]], int]:
    """Each question with its answers counted, without names; of those who cancelled nothing counts. And how many applications are not
    among them because they were sealed with a key that is gone. Raises NotAllowed."""
    permissions.require(
        may_see_applicants(permissions.rights_of(actor), intake.ward, host_ids(intake.activity))
    )
    live = set(Seat.objects.filter(intake=intake, state__in=LIVE).values_list("pk", flat=True))
    values: dict[int, list[Value]] = {}
    unreadable = 0
    for sheet in AnswerSheet.objects.filter(application__seats__in=live).distinct():
        kept = unseal_if_possible(sheet.sealed, purpose=_SEALED)
        if kept is None:
            unreadable += 1
            continue
        here = [kept["all"], *(said for pk, said in kept["seats"].items() if int(pk) in live)]
        for question, value in ((pk, value) for one in here for pk, value in one.items()):
            values.setdefault(int(question), []).append(value)
    questions = Question.objects.filter(intake=intake)
    return [(each, asking.count(put_of(each), values.get(each.pk, []))) for each in questions], unreadable


def checked(questions: Sequence[Question], given: Given, people: int, *, may_be_empty: bool) -> Given:
    """The answers to the `questions` that are asked now, each of them possible. Staff may leave open what they did not ask
    (`may_be_empty`). For operations of this room. Raises NotFitting."""
    together: dict[int, Value] = {}
    each: list[dict[int, Value]] = [{} for _seat in range(people)]
    for question in questions:
        put = put_of(question)
        try:
            if question.is_for_each:
                for place, one in enumerate(each):
                    said = given.each[place] if place < len(given.each) else {}
                    one[question.pk] = asking.check(put, said.get(question.pk), may_be_empty=may_be_empty)
            else:
                value = given.together.get(question.pk)
                together[question.pk] = asking.check(put, value, may_be_empty=may_be_empty)
        except Refused as refused:
            raise NotFitting(
                _("「%(question)s」: %(why)s") % {"question": question.text, "why": refused}
            ) from None
    return Given(together, each, given.belongs)


def _kept_of_removed(intake: Intake, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of what was answered before, what is no longer asked: it stays."""
    removed = Question.objects.filter(intake=intake, removed_at__isnull=False).values_list("pk", flat=True)
    gone = {str(pk) for pk in removed}

    def only(said: Mapping[str, Value]) -> dict[str, Value]:
        return {pk: value for pk, value in said.items() if pk in gone}

    return {
        "all": only(before.get("all", {})),
        "seats": {seat: only(said) for seat, said in before.get("seats", {}).items()},
    }


def _seal(
    given: Given, seats: Sequence[int], *, kept: Mapping[str, Any] | None = None, belongs: bool | None = None
) -> str:
    before = kept or {"all": {}, "seats": {}}
    each = dict(zip(seats, given.each, strict=True))
    return seal(
        {
            "all": {**before["all"], **_plain(given.together)},
            "seats": {str(pk): {**before["seats"].get(str(pk), {}), **_plain(said)} for pk, said in each.items()},
            "belongs": given.belongs if given.belongs is not None else belongs,
        },
        purpose=_SEALED,
    )  # fmt: skip


def _unseal(sheet: AnswerSheet | None) -> dict[str, Any]:
    return dict(unseal(sheet.sealed, purpose=_SEALED)) if sheet else {}


def _plain(said: Mapping[int, Value]) -> dict[str, Value]:
    return {str(pk): value for pk, value in said.items() if value is not None}


def _by_question(said: Mapping[str, Value]) -> dict[int, Value]:
    return {int(pk): value for pk, value in said.items()}
