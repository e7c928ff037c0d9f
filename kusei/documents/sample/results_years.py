"""An invented ward with two years of collected results: plans, numbers in the ledger, answers, publishing, one correction.

The other sample wards are real ones, of which nothing is invented. Everything goes the way that it goes in an office.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kusei.documents.sample.drafts import DATA
from kusei.ledger import operations as ledger
from kusei.ledger.enums import Arrival
from kusei.ledger.models import Metric
from kusei.plans import operations as plans
from kusei.plans.enums import ItemKind, LinkKind, LinkStatus, PlanKind
from kusei.plans.models import Item, Link, Plan
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry, Money
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from kusei.wards import operations as wards
from kusei.wards.enums import BodyKind
from kusei.wards.models import Person, Ward

_DAYS_TO_ANSWER = 30


def build_results_ward(actor: Person) -> Ward | None:
    """Build the ward where it is missing and return it; None for one that is there: it is left alone, made real or not."""
    data = json.loads((DATA / "komorebi.json").read_text(encoding="utf-8"))
    ward, is_new = wards.find_or_add_ward(data["name"], actor=actor, is_sample=True)
    if not is_new:
        return None
    for body in data["bodies"]:
        wards.add_body(
            ward, body["name"], actor=actor, kind=BodyKind(body["kind"]) if "kind" in body else None
        )
    for name in data["districts"]:
        wards.add_district(ward=ward, name=name, actor=actor)
    for year, title in data["titles"].items():
        _Year(ward, int(year), title, data["focuses"], actor).build()
    _continue(ward, actor)
    return ward


class _Year:
    """One year of the plan, from its publication to the correction of its results."""

    def __init__(
        self, ward: Ward, year: int, title: str, focuses: list[dict[str, Any]], actor: Person
    ) -> None:
        self._ward, self._year, self._title, self._focuses, self._actor = ward, year, title, focuses, actor
        self._bodies = {body.name: body for body in ward.bodies.all()}
        self._districts = {district.name: district for district in ward.districts.all()}
        self._metrics = {metric.key: metric.pk for metric in Metric.objects.filter(ward=None)}
        self._items: dict[str, Item] = {}

    def build(self) -> None:
        entries = list(self._entries())
        version = plans.publish_version(
            ward=self._ward, fiscal_year=self._year, kind=PlanKind.ACTION_PLAN, entries=entries, actor=self._actor,
            title=self._title, is_sample=True,
        ).version  # fmt: skip
        rows = {row.title: row.item for row in tree_of(version).rows if row.kind == ItemKind.ACTION}
        self._items = {title: Item.objects.get(pk=item) for title, item in rows.items()}
        for action, told in self._told():
            self._count(action, told.get("counts", ()))
        plan = Plan.objects.get(pk=version.plan_id)
        collection = results.open_collection(
            plan=plan, due_on=timezone.localdate() + timedelta(days=_DAYS_TO_ANSWER), actor=self._actor
        )
        for action, told in self._told():
            if told["outcome"]:
                self._answer(collection, action, told)
        results.publish_results(collection=collection, actor=self._actor, without_open=True)
        for action, told in self._told():
            if "correction" in told:
                self._correct(collection, action, told)

    def _entries(self) -> Iterator[Entry]:
        count = 0

        def entry(parent: int | None, depth: int, kind: str, node: dict[str, Any]) -> Entry:
            nonlocal count
            count += 1
            yen = node.get("yen", {}).get(str(self._year))
            money = (Money(self._year, "current", "", yen, f"{yen // 1000:,}", "千円"),) if yen else ()
            return Entry(
                count - 1, parent, depth, kind, node.get("number", ""), node["title"],
                plan_bullets=tuple(node.get("plan", ())), owners=tuple(node.get("owners", ())), money=money,
            )  # fmt: skip

        for focus in self._focuses:
            yield (top := entry(None, 0, ItemKind.FOCUS, focus))
            for measure in focus["measures"]:
                yield (middle := entry(top.index, 1, ItemKind.MEASURE, measure))
                for action in measure["actions"]:
                    yield entry(middle.index, 2, ItemKind.ACTION, action)

    def _told(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for focus in self._focuses:
            for measure in focus["measures"]:
                for action in measure["actions"]:
                    yield action, action["years"][str(self._year)]

    def _count(self, action: dict[str, Any], counts: Iterable[dict[str, Any]]) -> None:
        """A report of each body that counted something, month by month."""
        of_body: dict[str, list[ledger.CellChange]] = defaultdict(list)
        for each in counts:
            district = self._districts[each["district"]].pk if "district" in each else None
            of_body[each.get("body", action["owners"][0])] += [
                ledger.CellChange(
                    self._metrics[each["metric"]], _first_day(self._year, place), quantity, district_id=district
                )
                for place, quantity in enumerate(each["months"])
                if quantity
            ]  # fmt: skip
        owners = [self._bodies[name].pk for name in action["owners"]]
        for name, changes in of_body.items():
            ledger.save_report(
                ward=self._ward, fiscal_year=self._year, item=self._items[action["title"]], body=self._bodies[name],
                changes=changes, proof=ledger.Proof(Arrival.FORM, timezone.localdate()), revision=None, owners=owners,
                actor=self._actor,
            )  # fmt: skip

    def _answer(self, collection: Collection, action: dict[str, Any], told: dict[str, Any]) -> None:
        answer = Answer.objects.get(collection=collection, item=self._items[action["title"]])
        mine = {"outcome": told["outcome"], "reason": told.get("reason", ""), "text": told["text"]}
        was = {field: getattr(answer, field) for field in mine}
        answer = results.write_answer(answer=answer, was=was, mine=mine, actor=self._actor)
        answer = results.submit_answer(answer=answer, actor=self._actor, without_contributions=True)
        results.approve_answers(answers=[(answer, answer.revision)], actor=self._actor)

    def _correct(self, collection: Collection, action: dict[str, Any], told: dict[str, Any]) -> None:
        self._count(action, told["correction"]["counts"])
        answer = Answer.objects.get(collection=collection, item=self._items[action["title"]])
        note = told["correction"]["note"]
        results.return_answers(answers=[answer], note=note, actor=self._actor)
        self._answer(collection, action, told)
        results.publish_results(collection=collection, actor=self._actor, note=note, without_open=True)


def _continue(ward: Ward, actor: Person) -> None:
    """The later year's items continue the earlier one's, as a person confirms it."""
    plans.propose_links(ward, actor=actor)
    proposed = Link.objects.filter(ward=ward, status=LinkStatus.PROPOSED, kind=LinkKind.CONTINUES)
    plans.decide_links(
        ward=ward, link_ids=list(proposed.values_list("pk", flat=True)), confirm=True, actor=actor
    )


def _first_day(fiscal_year: int, place: int) -> date:
    return date(fiscal_year + (place > 8), (place + 3) % 12 + 1, 1)
