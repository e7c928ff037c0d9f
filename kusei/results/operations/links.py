"""Signed links for bodies without an account: one page with everything that the body still has to answer in a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.ledger.enums import Arrival
from kusei.notices import operations as notices
from kusei.notices.models import Notice, SignedLink
from kusei.notices.queries import links_to
from kusei.plans.operations.drafts import plan_label
from kusei.results.answering import FIELDS
from kusei.results.enums import ResultVerb
from kusei.results.errors import AnswerClosed, NotComplete, ResultError
from kusei.results.models import Collection, Contribution
from kusei.results.operations.answers import contribute, stands, submit_answer, write_answer
from kusei.results.permissions import may_collect
from kusei.results.queries.answers import waiting_for
from kusei.results.queries.boards import LINK_PURPOSE
from kusei.wards import audit, permissions
from kusei.wards.enums import BodyKind, Way
from kusei.wards.models import Body, Person
from kusei.wards.post import can_send

PAGE = "portal:answer_results"
_AFTER_THE_DEADLINE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """A link with its address, which nothing but this keeps: show it once. `notice`: the mail that brings it."""

    url: str
    link: SignedLink
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What the page of a link sent for one answer: fields as they were shown, and as they stand now."""

    answer_id: int
    was: Mapping[str, str]
    mine: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartWritten:
    """What the page of a link sent for one part of an action that another body leads."""

    part_id: int
    was: str
    text: str


@dataclass
class ByLink:
    """What came of it: how many answers and parts were sent in, what could not be done, and whether nothing is left to answer."""

    collection: Collection
    body: Body
    link: SignedLink
    sent: int = 0
    problems: dict[int, ResultError] = field(default_factory=dict)
    """By answer id."""
    part_problems: dict[int, ResultError] = field(default_factory=dict)
    """By contribution id."""
    is_finished: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.problems and not self.part_problems


@transaction.atomic
def make_answer_link(
    *, collection: Collection, body: Body, actor: Person, site: str, mail: str = ""
) -> AnswerLink:
    """A link by which a body outside answers what is open for it; the one made before opens nothing any more.

    It lasts two weeks beyond the deadline. With `mail` it goes there. Raises ResultError for a division, a body of another
    ward, and where nothing is open; NotAllowed.
    """
    ward = collection.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    if body.ward_id != ward.pk or body.kind == BodyKind.DIVISION:
        raise ResultError(_("リンクは、区役所の外の団体にだけ作れます。課の人は、ログインして書きます。"))
    waiting = waiting_for(ward, [body.pk]).filter(collection=collection).count()
    if not waiting:
        raise ResultError(_("%(body)sには、いま書いてもらうものがありません。") % {"body": body.name})
    revoke_answer_link(collection=collection, body=body, actor=actor)
    issued = notices.make_link(
        ward=ward,
        purpose=LINK_PURPOSE,
        target=collection,
        made_for=body.name,
        body=body,
        actor=actor,
        site=site,
        page=PAGE,
        valid_for=_valid_for(collection, timezone.now()),
    )
    audit.record(
        ward=ward, actor=actor, verb=ResultVerb.LINK_MADE, target=collection, label=body.name,
        changes={"items": (None, waiting)},
    )  # fmt: skip
    notice = None
    if mail.strip() and can_send():
        notice = notices.send_notice(
            ward=ward,
            to=mail,
            subject=_("%(ward)s: 取組結果を教えてください") % {"ward": ward.full_name},
            text=render_to_string(
                "results/mail/link.txt",
                {
                    "ward": ward, "body": body, "plan": plan_label(collection.plan), "url": issued.url,
                    "link": issued.link, "count": waiting, "due_on": collection.due_on, "note": collection.note,
                    "actor": actor.display_name,
                },
            ),
        )  # fmt: skip
    return AnswerLink(issued.url, issued.link, notice)


def _valid_for(collection: Collection, now: datetime) -> timedelta:
    due = datetime.combine(collection.due_on, time(23, 59), tzinfo=timezone.get_current_timezone())
    return max(due - now, timedelta()) + _AFTER_THE_DEADLINE


@transaction.atomic
def revoke_answer_link(*, collection: Collection, body: Body, actor: Person) -> bool:
    """The body's link opens nothing any more; False where there was none to take back. Raises NotAllowed."""
    permissions.require(may_collect(permissions.rights_of(actor), collection.ward))
    link = links_to(collection.ward, purpose=LINK_PURPOSE, target=collection).get(body.pk)
    return link is not None and notices.revoke_link(link=link, actor=actor)


def open_answer_link(token: str) -> tuple[Collection, Body, SignedLink]:
    """Whose answers in which collection a link opens, for reading; recorded. Raises LinkNotUsable."""
    return _of(notices.open_link(token, purpose=LINK_PURPOSE))


def answer_by_link(
    token: str,
    *,
    answers: Sequence[Written],
    parts: Sequence[PartWritten] = (),
    name: str = "",
    is_final: bool = False,
    without_contributions: bool = False,
) -> ByLink:
    """Keep what the holder of a link wrote; with `is_final` send in what is complete, and finish the parts that say something.
    What says nothing yet waits, and is a problem only where nothing at all was written: then the first of it.

    What cannot be kept or sent is told answer by answer, the rest is done. Once nothing is left to answer the link is used
    up; until then it opens again. Raises LinkNotUsable, NotAllowed where an answer is not the body's.
    """
    collection, body, link = open_answer_link(token)
    own = {
        answer.pk: answer
        for answer in collection.answers.filter(lead=body, pk__in=[each.answer_id for each in answers])
    }
    shared = {
        part.pk: part
        for part in Contribution.objects.filter(
            answer__collection=collection, body=body, pk__in=[each.part_id for each in parts]
        ).select_related("answer")
    }
    if len(own) != len(answers) or len(shared) != len(parts):
        raise permissions.NotAllowed(_("このリンクでは、この取組結果を書けません。"))
    who = f"{body.name}（{name.strip()}）"[:200] if name.strip() else body.name
    done = ByLink(collection, body, link)
    empty: list[int] = []
    empty_parts: list[int] = []
    with audit.trail(Way.LINK), translation.override("ja"), transaction.atomic():
        for each in answers:
            try:
                with transaction.atomic():
                    written = write_answer(
                        answer=own[each.answer_id], was=each.was, mine=each.mine, actor=None, actor_name=who,
                        way=Arrival.LINK, is_vouched=True,
                    )  # fmt: skip
                if is_final and not any(getattr(written, name).strip() for name in FIELDS):
                    empty.append(each.answer_id)
                elif is_final:
                    submit_answer(
                        answer=written, actor=None, actor_name=who, is_vouched=True,
                        without_contributions=without_contributions,
                    )  # fmt: skip
                    done.sent += 1
            except AnswerClosed as error:
                if not stands(own[each.answer_id], each.mine):
                    done.problems[each.answer_id] = error
            except ResultError as error:
                done.problems[each.answer_id] = error
        for each_part in parts:
            part = shared[each_part.part_id]
            says = bool(each_part.text.strip())
            try:
                contribute(
                    contribution=part, was=each_part.was, text=each_part.text, actor=None, actor_name=who,
                    is_done=part.is_done or (is_final and says), way=Arrival.LINK, is_vouched=True,
                )  # fmt: skip
                if is_final and says:
                    done.sent += 1
                elif is_final:
                    empty_parts.append(part.pk)
            except AnswerClosed as error:
                if part.text != each_part.text:
                    done.part_problems[part.pk] = error
            except ResultError as error:
                done.part_problems[part.pk] = error
        if not done.sent and done.is_clean:
            nothing = NotComplete(_("行ったことを書いてください。"), ["text"])
            done.problems.update(dict.fromkeys(empty[:1], nothing))
            done.part_problems.update(dict.fromkeys(empty_parts[: 0 if empty else 1], nothing))
        left = waiting_for(collection.ward, [body.pk]).filter(collection=collection)
        if is_final and not left.exists():
            notices.use_link(token, purpose=LINK_PURPOSE)
            done.is_finished = True
    return done


def has_arrived(token: str, *, answers: Sequence[Written], parts: Sequence[PartWritten] = ()) -> bool:
    """Whether what is sent by a link that is used up stands there already: the second half of a double click."""
    link = notices.used_link(token, purpose=LINK_PURPOSE)
    if link is None:
        return False
    collection, body, _link = _of(link)
    own = {answer.pk: answer for answer in collection.answers.filter(lead=body)}
    shared = dict(
        Contribution.objects.filter(answer__collection=collection, body=body).values_list("pk", "text")
    )
    return all(each.answer_id in own and stands(own[each.answer_id], each.mine) for each in answers) and all(
        shared.get(each.part_id) == each.text for each in parts
    )


def _of(link: SignedLink) -> tuple[Collection, Body, SignedLink]:
    collection = Collection.objects.select_related("plan", "ward__parent").get(
        ward=link.ward, pk=int(link.target_id)
    )
    if link.body is None:
        raise permissions.NotAllowed(_("このリンクでは、取組結果を書けません。"))
    return collection, link.body, link
