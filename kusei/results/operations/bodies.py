"""Two bodies are one: what both were asked about a year's results becomes one body's."""

from __future__ import annotations

from django.db import transaction

from kusei.results.models import Answer, Contribution, Indicator
from kusei.wards import permissions
from kusei.wards.models import Body, Person


@transaction.atomic
def hand_over_answers(*, body: Body, into: Body, actor: Person) -> None:
    """Answers that `body` leads, parts that it writes and indicators that it keeps are of `into` from now on; no text is lost.

    Where both shared one action, their parts become one, `into`'s text first, finished once both were. An empty part of a
    body that leads the action itself goes. Raises NotAllowed.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), into.ward))
    Answer.objects.filter(ward=into.ward, lead=body).update(lead=into)
    Indicator.objects.filter(ward=into.ward, body=body).update(body=into)
    theirs = {part.answer_id: part for part in Contribution.objects.filter(ward=into.ward, body=into)}
    for part in Contribution.objects.filter(ward=into.ward, body=body):
        kept = theirs.get(part.answer_id)
        if kept is None:
            part.body = into
            part.save(update_fields=["body"])
            continue
        kept.text = "\n".join(filter(None, (kept.text, part.text)))
        kept.is_done = kept.is_done and part.is_done
        kept.revision += 1
        kept.save(update_fields=["text", "is_done", "revision"])
        part.delete()
    Contribution.objects.filter(ward=into.ward, body=into, answer__lead=into, text="").delete()
