"""The invented sample ward has activities to look at, each in its own state, and none of anybody real."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from kusei.documents.sample.building import build_sample
from kusei.documents.sample.logins import ensure_logins
from kusei.japanese.business_days import is_business_day
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.queries.reconciling import discrepancies
from kusei.plans.models import ItemText
from kusei.plans.queries.links import one_by_one_back
from kusei.results.models import ReportedFigure
from kusei.services.activities.models import (
    Activity,
    Application,
    Assignment,
    Intake,
    Seat,
    Session,
    VisitDate,
    VisitRequest,
)
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries import Asked, listed
from kusei.services.activities.queries.surveys import public_results
from kusei.services.activities.tests.ground import complaints
from kusei.wards.models import Person, Ward
from kusei.wards.permissions import rights_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_sample_has_activities_to_come_in_the_invented_ward_alone(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    build_sample()
    wards = set(Activity.objects.values_list("ward__name", flat=True))
    assert len(wards) == 1
    ward = Ward.objects.get(name=wards.pop())
    assert ward.is_sample
    this_year = fiscal_year_of(timezone.localdate())
    lines = listed(ward, Asked())
    this_years = Activity.objects.filter(item__plan__fiscal_year=this_year)
    assert {line.session.activity.title for line in lines} == set(
        this_years.exclude(kind__in=["dispatch", "visit"]).values_list("title", flat=True)
    )
    assert this_years.count() == Activity.objects.count() - 1
    last_years_classes_stand_in_the_results_that_were_published(ward, this_year - 1)
    on_days_and_at_hours_of_an_office()
    public = public_results(Activity.objects.get(title="ぼうさいフェア"))
    assert public is not None
    assert (public[0], len(public[1])) == (10, 3)  # with bars: all but what was written in words
    assert [found for year in (this_year - 1, this_year) for found in discrepancies(ward, year)] == []
    assert {line.intake.state if line.intake else "free" for line in lines} >= {
        "full",
        "lottery",
        "open",
        "free",
    }
    states = Seat.objects.values_list("state", flat=True)
    assert sorted(states) == ["accepted"] * 13 + ["applied"] * 6 + ["waiting"]
    assert [complaint for intake in Intake.objects.all() for complaint in complaints(intake)] == []
    assert sorted(Assignment.objects.values_list("state", flat=True)) == ["asked", "went"]
    assert sorted(VisitRequest.objects.values_list("state", flat=True)) == ["held", "in_hand", "received"]
    build_sample()
    assert Assignment.objects.count() == 2
    assert Application.objects.count() == 20

    # One log-in of the sample opens them: at the hosts of this ward, and in no other.
    assert "sample-kouza" in {login.username for login in ensure_logins(Ward.objects.get(code="141160"))}
    rights = rights_of(Person.objects.get(username="sample-kouza"))
    assert rights.ward_ids == {ward.pk}
    for kind in ("course", "walk", "event", "rally", "visit", "meeting", "dispatch"):
        assert may_host(rights, ward, Activity.objects.filter(kind=kind).values_list("host", flat=True)), kind


def last_years_classes_stand_in_the_results_that_were_published(ward: Ward, last_year: int) -> None:
    """Nobody typed a number: nine were held, one was called off; and this year's are made like them."""
    classes = Activity.objects.get(ward=ward, title="赤ちゃん教室")
    assert classes.item.plan.fiscal_year == last_year
    assert not Application.objects.filter(intake__activity=classes).exists()
    figures = ReportedFigure.objects.filter(result__item=classes.item)
    told = dict(figures.values_list("metric__key", "value"))
    assert told == {"times": 9, "attendances": 208, "called_off_times": 1}
    this_years = ItemText.objects.get(
        ward=ward, title="赤ちゃん教室", version__plan__fiscal_year=last_year + 1
    )
    assert classes.item_id in one_by_one_back(ward, [this_years.item_id])[this_years.item_id]


def on_days_and_at_hours_of_an_office() -> None:
    """Nothing at 10:07, nothing on a holiday; a fair is on Sunday, what is on today is on today."""
    for each in Session.objects.select_related("activity"):
        begin = timezone.localtime(each.starts_at)
        assert begin.minute in (0, 30), each
        if each.activity.kind not in ("event", "rally") and begin.date() != timezone.localdate():
            assert is_business_day(begin.date()), each
    for opens, closes in Intake.objects.values_list("opens_at", "closes_at"):
        assert {timezone.localtime(each).minute for each in (opens, closes)} == {0}
    assert all(is_business_day(timezone.localdate(each.starts_at)) for each in VisitDate.objects.all())
