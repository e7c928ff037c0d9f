"""A year of as many actions as asked for: forty bodies with a clerk each, two figures an action, every answer sent in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from kusei.ledger.models import Metric
from kusei.ledger.operations.posting import post_records
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.plans import operations as plans
from kusei.plans.models import Plan
from kusei.plans.rules import Entry
from kusei.results import operations as results
from kusei.results.enums import AnswerState
from kusei.results.models import Answer, Collection
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import Body, Person, Ward

_SOURCE = "test.wide_year"
_ACTIONS_UNDER_A_HEADING = 16
_OUTCOMES = ("done", "done", "done", "partly", "cancelled")


@dataclass(frozen=True)
class WideYear:
    """A collection whose answers are all written; each says its two live figures."""

    ward: Ward
    planner: Person
    plan: Plan
    collection: Collection
    bodies: list[Body]

    def shown(self) -> list[tuple[Answer, int]]:
        """Every answer with its revision, as a planner's board shows it."""
        return [(answer, answer.revision) for answer in self.collection.answers.select_related("collection__plan", "ward")]  # fmt: skip


def wide_year(name: str, actions: int, *, bodies: int = 40, state: str = AnswerState.SUBMITTED) -> WideYear:
    """A ward of its own with its year; every tenth action has an indicator with a target."""
    dice = random.Random(actions)
    operator = wards.account_without_login("operator")
    ward = wards.find_or_add_ward(name, actor=operator)[0]
    made = [wards.add_body(ward, f"{name}第{n}課", actor=operator) for n in range(bodies)]
    for n, body in enumerate(made):
        clerk = wards.add_person(
            ward=ward, username=f"{ward.key}-clerk{n}", last_name=f"職員{n}", email=f"{ward.key}{n}@example.jp", actor=operator
        )  # fmt: skip
        wards.grant_role(ward=ward, person=clerk, role=Role.STAFF, body=body, actor=operator)
    planner = wards.add_person(
        ward=ward, username=f"{ward.key}-planner", last_name="企画", email=f"{ward.key}@example.jp", actor=operator
    )  # fmt: skip
    wards.grant_role(ward=ward, person=planner, role=Role.PLANNER, actor=operator)
    year = timezone.localdate().year - 1
    plans.publish_version(
        ward=ward, fiscal_year=year, kind="action_plan", actor=planner, title="区の行動計画", entries=_entries(actions, made)
    )  # fmt: skip
    plan = Plan.objects.get(ward=ward)
    collection = results.open_collection(
        plan=plan, due_on=timezone.localdate() + timedelta(20), actor=planner
    )
    answers = list(collection.answers.order_by("pk"))
    metrics = [Metric.objects.get(ward=None, key=key) for key in ("times", "people")]
    _post(ward, year, answers, metrics, dice)
    for number, answer in enumerate(answers):
        answer.state = state
        answer.outcome = dice.choice(_OUTCOMES)
        answer.reason = "" if answer.outcome == "done" else "会場が使えなかったため"
        answer.text = f"《{metrics[0].name}》開き、《{metrics[1].name}》が参加した。{'地域の方と話し合って進めた。' * (1 + number % 9)}"
    Answer.objects.bulk_update(answers, ["state", "outcome", "reason", "text"], batch_size=100)
    for answer in answers[::10]:
        indicator = results.add_indicator(
            item=answer.item, name="参加者を増やす", metric=metrics[1], actor=planner, baseline=50, baseline_year=year - 1
        )  # fmt: skip
        results.set_target(indicator=indicator, fiscal_year=year, quantity=100, actor=planner)
    return WideYear(ward, planner, plan, collection, made)


def _entries(actions: int, bodies: list[Body]) -> list[Entry]:
    entries: list[Entry] = []
    focus = 0
    for n in range(actions):
        if n % _ACTIONS_UNDER_A_HEADING == 0:
            focus = len(entries)
            number = str(n // _ACTIONS_UNDER_A_HEADING + 1)
            entries.append(Entry(focus, None, 0, "focus", number, f"行動計画{number}"))
        owners = tuple(bodies[(n + each) % len(bodies)].name for each in range(1 + n % 3))
        bullets = ("健康づくりの教室を年に12回開く", "講座の案内を町内の掲示板に張る")
        entries.append(
            Entry(len(entries), focus, 1, "action", str(n + 1), f"健康教室{n + 1}", owners=owners, plan_bullets=bullets)
        )  # fmt: skip
    return entries


def _post(ward: Ward, year: int, answers: list[Answer], metrics: list[Metric], dice: random.Random) -> None:
    records = []
    for answer in answers:
        lines = [
            Line(f"{place}.{month}", metric.pk, answer.item_id, dice.randint(1, 30), date(year, month, 10), answer.lead_id)
            for place, metric in enumerate(metrics)
            for month in (4, 8, 12)
        ]  # fmt: skip
        records.append((Source(_SOURCE, answer.pk), lines))
    post_records(ward=ward, records=records, actor=None)
