"""An invented ward: the plans of this fiscal year and of the two before, and the results of those two: numbers in the ledger,
answers, publishing, one correction. This year's are being collected.

The years are counted from the day on which it is built, as what its services add to it is: so that this year's activities hang
on this year's plan. The other sample wards are real ones, of which nothing is invented. Everything goes the way that it goes in
an office.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kusei.documents.sample.drafts import DATA
from kusei.japanese.business_days import next_business_day
from kusei.japanese.fiscal_year import fiscal_year_of, wareki_year
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

AddMore = Callable[[Ward, Person], None]

_DAYS_TO_ANSWER = 30


def build_results_ward(actor: Person, further: Iterable[AddMore] = ()) -> Ward | None:
    """Build the ward where it is missing and return it; None for one that is there: it is left alone, made real or not.

    What services add (`further`) has its place between the plans and the results, which say what it counted.
    """
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
    this_year = fiscal_year_of(timezone.localdate())
    years = [
        _Year(ward, this_year + offset, offset, f"{wareki_year(this_year + offset)} {data['title']}", data["focuses"], actor)
        for offset in (-2, -1, 0)
    ]  # fmt: skip
    for year in years:
        year.plan()
    _continue(ward, actor)
    for add_more in further:
        add_more(ward, actor)
    for year in years[:-1]:
        year.collect()
    results.open_collection(
        plan=years[-1].published, due_on=next_business_day(date(this_year + 1, 4, 20)), actor=actor
    )
    return ward


class _Year:
    """One year of the plan, from its publication to the correction of its results. `offset` counts from this year: -2, -1, 0."""

    def __init__(
        self, ward: Ward, year: int, offset: int, title: str, focuses: list[dict[str, Any]], actor: Person
    ) -> None:
        self._ward, self._year, self._title, self._focuses, self._actor = ward, year, title, focuses, actor
        self._key, self._is_over = str(offset), offset < 0
        self._bodies = {body.name: body for body in ward.bodies.all()}
        self._districts = {district.name: district for district in ward.districts.all()}
        self._metrics = {metric.key: metric.pk for metric in Metric.objects.filter(ward=None)}
        self._items: dict[str, Item] = {}

    def plan(self) -> None:
        """Publish it, and count what was reported month by month."""
        entries = list(self._entries())
        version = plans.publish_version(
            ward=self._ward, fiscal_year=self._year, kind=PlanKind.ACTION_PLAN, entries=entries, actor=self._actor,
            title=self._title, is_sample=True,
        ).version  # fmt: skip
        rows = {row.title: row.item for row in tree_of(version).rows if row.kind == ItemKind.ACTION}
        self._items = {title: Item.objects.get(pk=item) for title, item in rows.items()}
        self.published = Plan.objects.get(pk=version.plan_id)
        for action, told in self._told():
            self._count(action, told.get("counts", ()))

    def collect(self) -> None:
        """Collect and publish its results, and correct them."""
        collection = results.open_collection(
            plan=self.published,
            due_on=timezone.localdate() + timedelta(days=_DAYS_TO_ANSWER),
            actor=self._actor,
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
            yen = node.get("yen", {}).get(self._key)
            money = (Money(self._year, "current", "", yen, f"{yen // 1000:,}", "千円"),) if yen else ()
            return Entry(
                count - 1, parent, depth, kind, node.get("number", ""), node["title"],
                plan_bullets=tuple(node.get("plan", ())), owners=tuple(node.get("owners", ())), money=money,
            )  # fmt: skip

        for focus in self._focuses:
            yield (top := entry(None, 0, ItemKind.FOCUS, focus))
            for measure in focus["measures"]:
                if actions := [each for each in measure["actions"] if self._is_planned(each)]:
                    yield (middle := entry(top.index, 1, ItemKind.MEASURE, measure))
                    for action in actions:
                        yield entry(middle.index, 2, ItemKind.ACTION, action)

    def _is_planned(self, action: dict[str, Any]) -> bool:
        """Whether the plan has the action; this year's has all, some of them for the first time."""
        return not self._is_over or self._key in action["years"]

    def _told(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """The actions of the year with what is told of them."""
        for focus in self._focuses:
            for measure in focus["measures"]:
                for action in measure["actions"]:
                    if self._key in action["years"]:
                        yield action, action["years"][self._key]

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
