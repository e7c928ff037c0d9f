"""Reads of questions and requests; who sees what is decided here, in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.utils import timezone

from kusei.japanese.folding import fold_name
from kusei.notices.models import SignedLink
from kusei.notices.operations.links import closed_because
from kusei.notices.queries import newest_links
from kusei.plans.enums import PlanStatus
from kusei.plans.models import Item, ItemText, PlanVersion
from kusei.services.questions.enums import OPEN_STATES, QuestionState
from kusei.services.questions.models import BodyRequest, Question
from kusei.services.questions.permissions import bodies_in_charge
from kusei.services.questions.rules import WAITS_TOO_LONG
from kusei.wards import operations as wards
from kusei.wards.enums import BodyKind, Role
from kusei.wards.models import Body, Ward
from kusei.wards.permissions import Rights
from kusei.wards.queries import staffed_bodies


def body_in_charge(ward: Ward, item: Item | None) -> Body | None:
    """Who answers: the first division that the item names, or the nearest item above it; else the division that the ward
    names as its contact; else None, the planning division."""
    text = _newest_text(item) if item is not None else None
    while text is not None:
        owners = text.owners.filter(body__kind=BodyKind.DIVISION).select_related("body")
        if (owner := owners.first()) is not None:
            return owner.body
        text = text.parent
    return _contact_division(ward)


def _contact_division(ward: Ward) -> Body | None:
    """区政推進課 企画調整係 → 区政推進課, where that is registered."""
    known = wards.known_bodies(ward)
    name = fold_name(ward.contact_office)
    for end in range(len(name), 0, -1):
        body = known.get(name[:end])
        if body is not None and body.kind == BodyKind.DIVISION:
            return body
    return None


def _newest_text(item: Item) -> ItemText | None:
    texts = ItemText.objects.filter(item=item).select_related("parent")
    published = texts.filter(version__status=PlanStatus.PUBLISHED).order_by("-version__number").first()
    return published or texts.order_by("-version__number").first()


def item_of_page(ward: Ward, public_id: UUID) -> tuple[Item, str] | None:
    """An item that this ward has published, with its title in the newest version; None if there is none such."""
    text = (
        ItemText.objects.filter(ward=ward, item__public_id=public_id, version__status=PlanStatus.PUBLISHED)
        .order_by("-version__number")
        .select_related("item")
        .first()
    )
    return (text.item, text.title) if text else None


def published_questions(ward: Ward, item_id: int) -> list[tuple[str, str, datetime | None]]:
    """よくある質問 of an item: question, answer, when it was put there. Holds nothing about who asked."""
    found = Question.objects.filter(ward=ward, item_id=item_id, published_at__isnull=False)
    return list(
        found.order_by("published_at").values_list("public_question", "public_answer", "published_at")
    )


def questions_for(ward: Ward, rights: Rights) -> QuerySet[Question]:
    """The questions that a person handles: planners all of the ward, staff those of their bodies, others none.
    Without the contact, which `operations.see_contact` alone shows."""
    found = (
        Question.objects.filter(ward=ward)
        .select_related("body", "item", "answered_by")
        .defer("contact_sealed")
    )
    if rights.has(ward, Role.PLANNER):
        return found
    return found.filter(body__in=bodies_in_charge(rights, ward))


def filtered(
    found: QuerySet[Question], *, state: str = "", body: str = "", kind: str = "", older_than_days: str = ""
) -> QuerySet[Question]:
    """Narrowed by what stands in an address; what makes no sense narrows nothing. `state`: open, all or one of them;
    `body`: an id, or `planning` for the planning division."""
    if state == "open":
        found = found.filter(state__in=OPEN_STATES)
    elif state in QuestionState.values:
        found = found.filter(state=state)
    if body == "planning":
        found = found.filter(body__isnull=True)
    elif body.isascii() and body.isdigit() and len(body) < 10:
        found = found.filter(body_id=int(body))
    if kind:
        found = found.filter(kind=kind)
    if older_than_days.isascii() and older_than_days.isdigit() and len(older_than_days) < 5:
        found = found.filter(received_at__lte=timezone.now() - timedelta(days=int(older_than_days)))
    return found.order_by("received_at" if state == "open" else "-received_at", "pk")


def question_of(ward: Ward, question_id: int) -> Question | None:
    """One question of this ward, for an operation that asks for rights; None if it is not this ward's."""
    found = Question.objects.filter(ward=ward, pk=question_id)
    return found.select_related("body", "item", "ward__parent", "answered_by", "received_by").first()


def titles_of(item_ids: Iterable[int | None]) -> dict[int, str]:
    """By item, its title in its newest version; one query."""
    wanted = {each for each in item_ids if each is not None}
    rows = ItemText.objects.filter(item_id__in=wanted).order_by("version__number")
    return dict(rows.values_list("item_id", "title"))


def questions_waiting(ward: Ward, rights: Rights, limit: int = 20) -> list[Question]:
    """Unanswered questions of a person's own: of their bodies, and for planners those of the planning division, those that
    wait too long, and those of bodies for which nobody works here (`lacks_staff`), which nobody else would see. Oldest first."""
    mine = Q(body__in=bodies_in_charge(rights, ward))
    unseen = unstaffed(ward)
    if rights.has(ward, Role.PLANNER):
        mine |= Q(body__isnull=True) | unseen | Q(received_at__lte=timezone.now() - WAITS_TOO_LONG)
    found = questions_for(ward, rights).filter(mine, state=QuestionState.RECEIVED)
    found = found.annotate(
        lacks_staff=Case(When(unseen, then=True), default=False, output_field=BooleanField())
    )
    return list(found.order_by("received_at")[:limit])


def unstaffed(ward: Ward) -> Q:
    """Questions that were given to a body for which nobody works here today."""
    return Q(body__isnull=False) & ~Q(body__in=staffed_bodies(ward))


def lacks_staff(question: Question) -> bool:
    """Whether the question's body has nobody who sees it; then the planners take care of it."""
    return Question.objects.filter(unstaffed(question.ward), pk=question.pk).exists()


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with how its link stands."""

    request: BodyRequest
    link: SignedLink | None

    @property
    def state(self) -> str:
        """answered, withdrawn, expired, waiting."""
        if self.request.answered_at:
            return "answered"
        if self.request.withdrawn_at:
            return "withdrawn"
        if self.link is None or closed_because(self.link, timezone.now()):
            return "expired"
        return "waiting"


def requests_of(ward: Ward, version: PlanVersion | None = None, limit: int = 200) -> list[RequestRow]:
    """What bodies were asked, newest first; of one draft if given. Two queries."""
    found = BodyRequest.objects.filter(ward=ward).select_related(
        "body", "asked_by", "item", "comment", "version__plan"
    )
    if version is not None:
        found = found.filter(version=version)
    return _rows(ward, list(found[:limit]))


def request_row(ward: Ward, request_id: int) -> RequestRow | None:
    """One request of this ward; None if it is not this ward's."""
    found = BodyRequest.objects.filter(ward=ward, pk=request_id).select_related(
        "body", "asked_by", "item", "comment", "version__plan", "ward__parent", "noted_by"
    )
    return next(iter(_rows(ward, list(found))), None)


def answers_waiting(ward: Ward) -> list[BodyRequest]:
    """Answers of bodies whose comment is not settled yet: for planners. Oldest first."""
    found = BodyRequest.objects.filter(ward=ward, answered_at__isnull=False, comment__settled_at__isnull=True)
    return list(
        found.exclude(comment=None).select_related("body", "comment", "version").order_by("answered_at")
    )


def text_in_draft(request: BodyRequest) -> ItemText | None:
    """The item as it stands in the draft now, this item only; None where the draft or the item in it is gone."""
    if request.version_id is None or request.item_id is None:
        return None
    return (
        ItemText.objects.filter(version=request.version_id, item=request.item_id)
        .prefetch_related("owners", "amounts", "tags")
        .first()
    )


def _rows(ward: Ward, requests: list[BodyRequest]) -> list[RequestRow]:
    links = newest_links(ward, BodyRequest._meta.label_lower, [each.pk for each in requests])
    return [RequestRow(each, links.get(str(each.pk))) for each in requests]
