"""Visiting lectures of the invented sample ward: a theme, and requests of invented groups at several points of their way."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from kusei.japanese.business_days import next_business_day
from kusei.plans.models import Item
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, Arrival
from kusei.services.activities.models import VisitRequest
from kusei.services.activities.operations import Details, visiting
from kusei.services.activities.operations.visiting import VisitAsked, VisitContact
from kusei.services.activities.sample_ground import at, working_day
from kusei.services.activities.visit_enums import GroupKind
from kusei.services.activities.visiting import Terms
from kusei.wards.models import Body, District, Person, Ward

_HOST = "総務課"


def add_visits(ward: Ward, item: Item, actor: Person) -> None:
    """A theme with a request that just came, one that waits for the group, and one that was held."""
    theme = activities.add_activity(
        ward=ward, item=item, host=Body.objects.get(ward=ward, name=_HOST),
        details=Details(
            ActivityKind.VISIT, "ぼうさい出前講座", "地震のときの動き方と、家でできる備えを話します。消火器も体験できます。",
            "区内の団体", contact="総務課（見本）",
        ),
        actor=actor,
    )  # fmt: skip
    terms = Terms(
        lead_days=30,
        weekdays=(0, 1, 2, 3, 4),
        least_people=10,
        most_people=100,
        provides="会場、机、延長コード",
    )
    visiting.set_terms(activity=theme, terms=terms, revision=0, actor=actor)
    activities.publish_activity(activity=theme, actor=actor)
    district = District.objects.filter(ward=ward).first()

    def ask(kind: GroupKind, name: str, place: str, people: int, first: date) -> VisitRequest:
        asked = VisitAsked(
            [at(first), at(next_business_day(first + timedelta(days=7)))],
            place,
            people,
            kind,
            name,
            district=district,
        )
        contact = VisitContact("見本 花子", telephone="000-0000-0000")
        return visiting.ask_for_visit(
            activity=theme, ticket=uuid4(), asked=asked, contact=contact, way=Arrival.TELEPHONE, actor=actor
        ).request

    ask(GroupKind.SCHOOL, "北台小学校（見本）", "北台小学校 体育館", 60, working_day(45))
    waits = ask(GroupKind.ASSOCIATION, "南浜自治会（見本）", "南浜集会所", 30, working_day(40))
    day = at(working_day(54))
    visiting.propose_dates(
        request=waits, dates=[(day, day + timedelta(hours=1))], revision=waits.revision, actor=actor
    )
    done = ask(GroupKind.SENIORS, "こもれび長寿会（見本）", "こもれびプラザ", 25, working_day(31))
    day = at(working_day(-3))
    visiting.decide_visit(
        request=done, starts_at=day, ends_at=day + timedelta(hours=1), place="こもれびプラザ", district=district,
        who_comes="総務課 2人", revision=done.revision, actor=actor,
    )  # fmt: skip
    done.refresh_from_db()
    visiting.hold_visit(
        request=done, heads=28, done="家具の固定と消火器の使い方", revision=done.revision, actor=actor
    )
