"""A plan whose results are being collected, for the tests of the office's pages."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.operations import CellChange, Proof
from kusei.plans import operations as plans
from kusei.plans.models import Item, Plan
from kusei.plans.rules import Entry
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from kusei.wards.enums import BodyKind
from kusei.wards.models import Body, Person
from tests.cast import Cast

YEAR = 2026
OWNERS = (
    ("地域振興課",),
    ("福祉保健課", "みらい区社会福祉協議会"),
    ("みらい区社会福祉協議会",),
    ("みらい地域ケアプラザ",),
)
TITLES = ("健康教室を開く", "見守りの輪を広げる", "配食を続ける", "介護者のつどいを開く")


def published(cast: Cast, count: int = len(OWNERS), year: int = YEAR) -> Plan:
    """An action plan in force with `count` actions, the first four as above."""
    Body.objects.filter(pk=cast.council.pk).update(kind=BodyKind.PARTNER)
    entries = [Entry(0, None, 0, "focus", "1", "つながりをつくる")]
    for key in range(1, count + 1):
        owners = OWNERS[key - 1] if key <= len(OWNERS) else ("地域振興課",)
        title = TITLES[key - 1] if key <= len(TITLES) else f"取組{key}"
        entries.append(
            Entry(key, 0, 1, "action", str(key), title, owners=owners, plan_bullets=("年12回開く",))
        )
    plans.publish_version(
        ward=cast.ward, fiscal_year=year, kind="action_plan", actor=cast.planner, entries=entries, title="計画"
    )  # fmt: skip
    Body.objects.filter(name="みらい地域ケアプラザ").update(kind=BodyKind.FACILITY)
    return Plan.objects.get(ward=cast.ward, fiscal_year=year)


def collecting(cast: Cast, count: int = len(OWNERS)) -> Collection:
    return results.open_collection(
        plan=published(cast, count), due_on=timezone.localdate() + timedelta(days=20), actor=cast.planner
    )


def answer_at(collection: Collection, place: int) -> Answer:
    return collection.answers.select_related("item", "lead").order_by("pk")[place - 1]


def report(cast: Cast, item: Item, quantity: int) -> None:
    """So many times held, in the ledger, for an action of 地域振興課."""
    times = Metric.objects.get(ward=None, key="times")
    ledger.save_report(
        ward=cast.ward, fiscal_year=YEAR, item=item, body=cast.promotion, owners=[cast.promotion.pk],
        changes=[CellChange(times.pk, date(YEAR, 6, 1), quantity)], proof=Proof("form", date(YEAR, 7, 1)),
        revision=None, actor=cast.clerk,
    )  # fmt: skip


def write(answer: Answer, actor: Person, **mine: str) -> Answer:
    was = {field: getattr(answer, field) for field in mine}
    return results.write_answer(answer=answer, was=was, mine=mine, actor=actor)


def sent(answer: Answer, actor: Person, text: str = "行った。") -> Answer:
    """Written and sent in."""
    write(answer, actor, outcome="done", text=text)
    return results.submit_answer(answer=answer, actor=actor, without_contributions=True)
