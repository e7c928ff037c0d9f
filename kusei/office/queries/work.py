"""自分の仕事: what waits for a person in a ward, what is late, what changed since they last looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument
from kusei.japanese.business_days import business_days_left
from kusei.office.queries.visits import VisitsWork, visits_work
from kusei.plans.enums import OPEN, LinkStatus, PlanVerb, ReviewState
from kusei.plans.models import Comment, ItemText, Link, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan
from kusei.plans.queries.drafts import open_mentions, review_counts, texts_waiting
from kusei.results.queries.work import Asked, asked_of
from kusei.services.activities.queries.dispatch import SendingWork, sending_work
from kusei.services.questions.models import BodyRequest, Question
from kusei.services.questions.queries import answers_waiting, questions_waiting
from kusei.services.questions.rules import age_days
from kusei.wards.models import AuditEntry, Body, LastLook, Person, Ward
from kusei.wards.permissions import Rights

CHANGES_SHOWN = 20
_FIRST_TIME = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DraftWork:
    """What one draft asks of the person: how many items wait for their look, were returned to them, or are theirs to
    finish. `is_late`: its day has passed."""

    version: PlanVersion
    label: str
    to_review: int
    returned: tuple[ItemText, ...]
    working: int
    unseen: int
    """How many items of the draft came with a document and nobody has compared; for planners."""
    is_late: bool
    days_left: int | None


@dataclass(frozen=True, slots=True)
class ResultsWork:
    """What a collection of results asks of the person. `query` narrows its board to what they still have to write."""

    asked: Asked
    label: str
    left: dict[str, int]
    query: str


@dataclass(frozen=True, slots=True)
class Work:
    """Everything on the page 自分の仕事."""

    drafts: tuple[DraftWork, ...]
    mentions: tuple[Comment, ...]
    imports: tuple[SourceDocument, ...]
    proposals: int
    changes: tuple[AuditEntry, ...]
    looked_at: datetime | None
    bodies: tuple[Body, ...]
    questions: tuple[tuple[Question, int], ...]
    """Open questions of the person's bodies, with the days they have waited."""
    results: tuple[ResultsWork, ...]
    answers: tuple[BodyRequest, ...]
    """What bodies outside answered and nobody has dealt with yet; for planners."""
    sending: SendingWork | None
    """What waits of the people that the person's bodies send; None for who has no body."""
    visits: VisitsWork | None
    """Requests for visiting lectures that wait for the person's bodies."""

    @property
    def is_empty(self) -> bool:
        return not (
            self.results
            or self.sending
            or self.visits
            or self.questions
            or self.answers
            or self.drafts
            or self.mentions
            or self.imports
            or self.proposals
        )


def work_of(person: Person, ward: Ward, rights: Rights) -> Work:
    """A constant number of queries, however much waits."""
    is_planner = bool(may_plan(rights, ward))
    bodies = rights.bodies_in(ward)
    look = LastLook.objects.filter(ward=ward, person=person).first()
    return Work(
        drafts=tuple(_draft_work(ward, bodies, is_planner)),
        mentions=tuple(open_mentions(ward, bodies)) if bodies else (),
        imports=tuple(
            SourceDocument.objects.filter(ward=ward, status=DocumentStatus.DRAFT)
            .select_related("file", "version__plan")
            .defer("draft")
        )
        if is_planner
        else (),
        proposals=Link.objects.filter(ward=ward, status=LinkStatus.PROPOSED).count() if is_planner else 0,
        changes=tuple(_changes(person, ward, bodies, is_planner, look.at if look else None)),
        looked_at=look.at if look else None,
        bodies=tuple(Body.objects.standing().filter(pk__in=bodies)),
        questions=tuple(
            (each, age_days(each.received_at, timezone.now())) for each in questions_waiting(ward, rights)
        ),
        results=tuple(
            ResultsWork(
                asked=asked,
                label=plan_label(asked.collection.plan),
                left=time_left(asked.collection.due_on, timezone.localdate()),
                query=f"?state=open&body={next(iter(bodies))}" if asked.waiting and len(bodies) == 1 else "",
            )
            for asked in asked_of(ward, bodies, is_planner=is_planner)
        ),
        answers=tuple(answers_waiting(ward)) if is_planner else (),
        sending=sending_work(ward, bodies, timezone.now()) if bodies else None,
        visits=visits_work(ward, bodies, timezone.localdate()) if bodies else None,
    )


def time_left(due_on: date, today: date) -> dict[str, int]:
    """Days and business days until a deadline; `late` counts the days since it passed."""
    return {
        "days": (due_on - today).days,
        "late": (today - due_on).days,
        "business": business_days_left(today, due_on),
    }


def _draft_work(ward: Ward, bodies: frozenset[int], is_planner: bool) -> list[DraftWork]:
    today = timezone.localdate()
    drafts = list(PlanVersion.objects.filter(ward=ward, status__in=OPEN).select_related("plan"))
    submitted = texts_waiting(ward, [ReviewState.SUBMITTED]) if is_planner else []
    mine = texts_waiting(ward, [ReviewState.RETURNED, ReviewState.WORKING], bodies) if bodies else []
    named = (
        set(
            ItemText.objects.filter(ward=ward, version__status__in=OPEN, owners__body__in=bodies)
            .values_list("version_id", flat=True)
            .distinct()
        )
        if bodies
        else set()
    )
    counts = review_counts(version.pk for version in drafts) if is_planner else {}
    found = []
    for version in drafts:
        to_review = sum(text.version_id == version.pk for text in submitted)
        ours = [text for text in mine if text.version_id == version.pk]
        returned = tuple(text for text in ours if text.review == ReviewState.RETURNED)
        days = (version.due_on - today).days if version.due_on else None
        if is_planner or version.pk in named:
            found.append(
                DraftWork(
                    version=version,
                    label=plan_label(version.plan),
                    to_review=to_review,
                    returned=returned,
                    working=len(ours) - len(returned),
                    unseen=counts.get(version.pk, {}).get(ReviewState.UNSEEN.value, 0),
                    is_late=days is not None and days < 0,
                    days_left=days,
                )
            )
    return sorted(found, key=lambda each: (not each.is_late, each.days_left is None, each.days_left or 0))


def _changes(
    person: Person, ward: Ward, bodies: frozenset[int], is_planner: bool, since: datetime | None
) -> list[AuditEntry]:
    """What others did since the last look: planners see all work on plans and documents, others what concerns items
    of their bodies."""
    entries = AuditEntry.objects.filter(ward=ward, at__gt=since or timezone.now() - _FIRST_TIME)
    entries = (
        entries.exclude(actor=person)
        .exclude(verb=PlanVerb.LINK_CONFIRMED)
        .filter(Q(verb__startswith="plans.") | Q(verb__startswith="documents."))
    )
    if not is_planner:
        items = ItemText.objects.filter(ward=ward, owners__body__in=bodies).values_list("item_id", flat=True)
        entries = entries.filter(
            target_type="plans.item", target_id__in=[str(each) for each in items.distinct()[:5000]]
        )
    return list(entries[:CHANGES_SHOWN])
