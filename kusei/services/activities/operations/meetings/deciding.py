"""What came of a decision."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.errors import NotFitting
from kusei.services.activities.meeting_enums import MeetingVerb
from kusei.services.activities.models import Decision
from kusei.services.activities.operations.meetings.members import require_host
from kusei.services.activities.operations.meetings.writing import record
from kusei.wards.models import Person


@transaction.atomic
def finish_decision(*, decision: Decision, note: str, on: date, actor: Person) -> Decision:
    """It is done: what was done, and when. Also of a final record. Raises NotFitting, NotAllowed."""
    decision = _held(decision, actor)
    if decision.done_on is not None:
        raise NotFitting(_("もう済みになっています。"))
    if not note.strip():
        raise NotFitting(_("何をしたかを書いてください。例: 5月10日に案内を全施設へ送った"))
    if on > timezone.localdate() or on < timezone.localdate(decision.minutes.session.starts_at):
        raise NotFitting(_("済んだ日は、会議の日から今日までの日にしてください。"))
    decision.done_on, decision.done_note, decision.done_by = on, note.strip()[:300], actor
    decision.save(update_fields=["done_on", "done_note", "done_by"])
    record(decision.minutes, MeetingVerb.DECISION_DONE, actor, decision=(None, str(decision)[:80]))
    return decision


@transaction.atomic
def reopen_decision(*, decision: Decision, actor: Person) -> Decision:
    """It was marked by mistake. Raises NotFitting, NotAllowed."""
    decision = _held(decision, actor)
    if decision.done_on is None:
        raise NotFitting(_("まだ済みになっていません。"))
    decision.done_on, decision.done_note, decision.done_by = None, "", None
    decision.save(update_fields=["done_on", "done_note", "done_by"])
    record(decision.minutes, MeetingVerb.DECISION_REOPENED, actor, decision=(None, str(decision)[:80]))
    return decision


def _held(decision: Decision, actor: Person) -> Decision:
    found = Decision.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "minutes__session__activity__ward", "minutes__ward"
    )
    held = found.get(pk=decision.pk)
    require_host(held.minutes.session.activity, actor)
    return held
