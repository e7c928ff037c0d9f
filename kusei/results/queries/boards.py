"""The planner's board: every answer of a collection in the plan's order, and every body with what is open there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from kusei.japanese.folding import fold
from kusei.notices.models import SignedLink
from kusei.notices.queries import links_to
from kusei.plans.enums import PlanStatus
from kusei.plans.models import Plan
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries import latest_nodes
from kusei.plans.queries.drafts import tree_of
from kusei.results.answering import OPEN
from kusei.results.enums import AnswerState, Outcome
from kusei.results.live import Moved
from kusei.results.models import Answer, Collection, Contribution, Reminder
from kusei.results.queries.answers import answered_rows
from kusei.results.queries.moved import moved_figures
from kusei.results.queries.printed_now import PrintedNow, printed_now
from kusei.wards.models import Body, Ward
from kusei.wards.queries import acting_for

LINK_PURPOSE = "results.answer"
SORTS = ("place", "body", "state", "edited")
_STATE_ORDER = {state: place for place, state in enumerate(AnswerState.values)}


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """One collection in the list: how many answers stand where."""

    collection: Collection
    by_state: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def approved(self) -> int:
        return self.by_state.get(AnswerState.APPROVED, 0)

    @property
    def submitted(self) -> int:
        return self.by_state.get(AnswerState.SUBMITTED, 0)

    @property
    def not_sent(self) -> int:
        return self.total - self.approved - self.submitted


def collection_lines(ward: Ward) -> list[CollectionLine]:
    """The ward's collections, newest year first; two queries."""
    found = Collection.objects.filter(ward=ward).select_related("plan")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Answer.objects.filter(ward=ward).order_by().values_list("collection", "state")
    for collection, state, number in rows.annotate(number=Count("pk")):
        counts[collection][state] = number
    lines = [CollectionLine(each, counts[each.pk]) for each in found]
    return sorted(lines, key=lambda line: (-line.collection.plan.fiscal_year, -line.collection.pk))


def collections_by_plan(ward: Ward) -> dict[int, int]:
    """By plan, its collection (ids); one query."""
    return dict(Collection.objects.filter(ward=ward).values_list("plan_id", "pk"))


def collectable_plans(ward: Ward) -> list[Plan]:
    """Published plans whose results nobody collects yet, newest year first."""
    published = Q(versions__status=PlanStatus.PUBLISHED)
    found = Plan.objects.filter(published, ward=ward, collection__isnull=True).distinct()
    return list(found.order_by("-fiscal_year", "kind", "part"))


def collection_of(ward: Ward, collection_id: int) -> Collection | None:
    """One collection of a ward with its plan."""
    found = Collection.objects.filter(ward=ward, pk=collection_id)
    return found.select_related("plan", "ward__parent", "opened_by").first()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the board asked for; empty means everything. `state` may be "open": not sent in yet, "printed": nobody
    wrote yet what a document printed already, or "moved": the ledger says otherwise than what was approved."""

    state: str = ""
    body: str = ""
    outcome: str = ""
    words: str = ""
    sort: str = "place"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.body or self.outcome or self.words)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One action with its answer. `focus` is the heading it stands under; `unfinished` are the sharing bodies that still
    write. `moved`: numbers that the ledger says otherwise since it was approved. `is_gone`: the version in force no longer has the action. `printed`: what a document printed of it, where nobody has
    written yet."""

    answer: Answer
    place: int
    number: str
    title: str
    focus: str
    unfinished: tuple[Body, ...]
    sharing: tuple[Body, ...]
    is_gone: bool = False
    printed: PrintedNow | None = None
    moved: tuple[Moved, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.answer.state in OPEN


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One body of a collection: what is open there, and what it was sent. `body` None: nobody is named."""

    body: Body | None
    to_answer: int
    open: int
    returned: int
    open_parts: int
    wrote_at: datetime | None
    people: int
    reminded_on: date | None
    link: SignedLink | None

    @property
    def is_late_to_begin(self) -> bool:
        """Nothing was written yet although something is open."""
        return self.wrote_at is None and bool(self.open or self.open_parts)

    def link_is_open(self, now: datetime) -> bool:
        link = self.link
        return link is not None and not link.used_at and not link.revoked_at and link.expires_at > now


@dataclass(frozen=True, slots=True)
class BoardContents:
    """All rows of a board, and how many actions the version in force has that nobody was asked about."""

    rows: tuple[BoardRow, ...]
    new_actions: int


def board_contents(collection: Collection) -> BoardContents:
    """Every answer in the plan's order, what the plan no longer has at the end; a constant number of queries."""
    force = version_in_force(collection.plan)
    tree = tree_of(force) if force else None
    places = {row.item: place for place, row in enumerate(tree.rows)} if tree else {}
    answers = list(collection.answers.select_related("lead"))
    gone = [answer.item_id for answer in answers if answer.item_id not in places]
    nodes = latest_nodes(collection.ward, gone) if gone else {}
    parts: dict[int, list[Contribution]] = defaultdict(list)
    shared = Contribution.objects.filter(answer__collection=collection).select_related("body")
    for part in shared.defer("text"):
        parts[part.answer_id].append(part)
    printed = printed_now(collection)
    moved = moved_figures(answers)
    rows = []
    for answer in answers:
        mine = parts[answer.pk]
        if tree is not None and answer.item_id in places:
            row = tree.row(answer.item_id)
            above = tree.above(answer.item_id)
            number, title = row.number, row.title
            focus = above[-1].title if above else ""
        else:
            node = nodes.get(answer.item_id)
            number, title, focus = (node.number, node.title, "") if node else ("", "", "")
        rows.append(
            BoardRow(
                answer=answer,
                place=places.get(answer.item_id, len(places) + answer.pk),
                number=number,
                title=title,
                focus=focus,
                unfinished=tuple(part.body for part in mine if not part.is_done),
                sharing=tuple(part.body for part in mine),
                is_gone=answer.item_id not in places,
                printed=printed.get(answer.item_id) if answer.state in OPEN and not answer.text else None,
                moved=tuple(moved.get(answer.pk, ())),
            )
        )
    known = {answer.item_id for answer in answers}
    asked_for = answered_rows(tree, collection.plan.kind) if tree else []
    return BoardContents(
        rows=tuple(sorted(rows, key=lambda row: row.place)),
        new_actions=sum(row.item not in known for row in asked_for),
    )


def narrowed(rows: Iterable[BoardRow], asked: Asked) -> list[BoardRow]:
    """The rows that meet every part of what was asked, in the order asked for. Every word must stand in the number, the
    title, the heading, the text or a body's name; letters and widths folded."""
    words = fold(asked.words).split()
    found = [row for row in rows if _fits(row, asked, words)]
    match asked.sort:
        case "body":
            found.sort(
                key=lambda row: (
                    row.answer.lead is None,
                    row.answer.lead.name if row.answer.lead else "",
                    row.place,
                )
            )
        case "state":
            found.sort(key=lambda row: (_STATE_ORDER[row.answer.state], row.place))
        case "edited":
            found.sort(key=lambda row: (row.answer.edited_at or row.answer.collection.opened_at, row.place))
    return found


def _fits(row: BoardRow, asked: Asked, words: list[str]) -> bool:
    answer = row.answer
    if asked.state == "open" and not row.is_open:
        return False
    if asked.state == "printed" and row.printed is None:
        return False
    if asked.state == "moved" and not row.moved:
        return False
    if asked.state not in ("", "open", "printed", "moved") and answer.state != asked.state:
        return False
    if asked.outcome and answer.outcome != asked.outcome:
        return False
    if asked.body == "none" and answer.lead_id is not None:
        return False
    if asked.body not in ("", "none") and asked.body not in {
        str(answer.lead_id), *(str(body.pk) for body in row.sharing)
    }:  # fmt: skip
        return False
    if not words:
        return True
    told = fold(" ".join([
        row.number, row.title, row.focus, answer.text, answer.reason,
        answer.lead.name if answer.lead else "", *(body.name for body in row.sharing),
    ]))  # fmt: skip
    return all(word in told for word in words)


def counts_of(rows: Iterable[BoardRow]) -> dict[str, int]:
    """How many answers stand in each state, `open` for all that are not sent in, `printed` for those of them that a document
    tells already, `moved` for approved ones whose numbers were changed since."""
    every = list(rows)
    found = Counter(row.answer.state for row in every)
    more = {
        "open": sum(found[each] for each in OPEN),
        "printed": sum(row.printed is not None for row in every),
        "moved": sum(bool(row.moved) for row in every),
    }
    return {state: found[state] for state in AnswerState.values} | more


def outcomes_of(rows: Iterable[BoardRow]) -> dict[str, int]:
    """How many answers tell each outcome, those that tell none left out."""
    found = Counter(row.answer.outcome for row in rows if row.answer.outcome)
    return {value: found[value] for value in Outcome.values if found[value]}


def body_lines(collection: Collection, rows: Iterable[BoardRow]) -> list[BodyLine]:
    """Every body of the collection, those with most open first; four queries."""
    every = list(rows)
    bodies: dict[int | None, Body | None] = {}
    leading: dict[int | None, list[Answer]] = defaultdict(list)
    open_parts: Counter[int | None] = Counter()
    for row in every:
        bodies[row.answer.lead_id] = row.answer.lead
        leading[row.answer.lead_id].append(row.answer)
        bodies.update((each.pk, each) for each in row.sharing)
        if row.is_open:
            open_parts.update(body.pk for body in row.unfinished)
    wrote: dict[int, datetime] = {}
    parts = Contribution.objects.filter(answer__collection=collection, edited_at__isnull=False)
    for sharer, moment in parts.values_list("body", "edited_at"):
        if moment is not None:
            wrote[sharer] = max(moment, wrote.get(sharer, moment))
    people = acting_for(collection.ward, [pk for pk in bodies if pk is not None])
    reminded: dict[int, date] = {}
    for person, day in collection.reminders.values_list("person", "day"):
        reminded[person] = max(day, reminded.get(person, day))
    links = links_to(collection.ward, purpose=LINK_PURPOSE, target=collection)
    lines = []
    for pk, body in bodies.items():
        mine = leading[pk]
        moments = [answer.edited_at for answer in mine if answer.edited_at]
        if pk in wrote:
            moments.append(wrote[pk])
        members = people.get(pk, set()) if pk is not None else set()
        days = [reminded[person] for person in members if person in reminded]
        lines.append(
            BodyLine(
                body=body,
                to_answer=len(mine),
                open=sum(answer.state in OPEN for answer in mine),
                returned=sum(answer.state == AnswerState.RETURNED for answer in mine),
                open_parts=open_parts[pk],
                wrote_at=max(moments, default=None),
                people=len(members),
                reminded_on=max(days, default=None),
                link=links.get(pk) if pk is not None else None,
            )
        )
    return sorted(
        lines, key=lambda line: (-(line.open + line.open_parts), line.body.name if line.body else "")
    )


def reminder_days(collection: Collection) -> list[tuple[date, list[Reminder]]]:
    """What was sent, by day, newest first; one query."""
    found: dict[date, list[Reminder]] = defaultdict(list)
    for reminder in collection.reminders.select_related("person", "notice"):
        found[reminder.day].append(reminder)
    return sorted(found.items(), reverse=True)
