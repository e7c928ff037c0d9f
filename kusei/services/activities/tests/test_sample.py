"""The invented sample ward has activities to look at, each in its own state, and none of anybody real."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.documents.sample.building import build_sample
from kusei.documents.sample.logins import ensure_logins
from kusei.services.activities.models import Activity, Application, Assignment, Intake, Seat, VisitRequest
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries import Asked, listed
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
    lines = listed(ward, Asked())
    assert {line.session.activity.title for line in lines} == set(
        Activity.objects.exclude(kind__in=["dispatch", "visit"]).values_list("title", flat=True)
    )
    assert {line.intake.state if line.intake else "free" for line in lines} >= {
        "full",
        "lottery",
        "open",
        "free",
    }
    assert sorted(Seat.objects.values_list("state", flat=True)) == ["accepted"] * 13 + ["waiting"]
    assert [complaint for intake in Intake.objects.all() for complaint in complaints(intake)] == []
    assert sorted(Assignment.objects.values_list("state", flat=True)) == ["asked", "went"]
    assert sorted(VisitRequest.objects.values_list("state", flat=True)) == ["held", "in_hand", "received"]
    build_sample()
    assert Assignment.objects.count() == 2
    assert Application.objects.count() == 14

    # One log-in of the sample opens them: at the hosts of this ward, and in no other.
    assert "sample-kouza" in {login.username for login in ensure_logins(Ward.objects.get(code="141160"))}
    rights = rights_of(Person.objects.get(username="sample-kouza"))
    assert rights.ward_ids == {ward.pk}
    for kind in ("course", "walk", "event", "rally", "visit", "meeting", "dispatch"):
        assert may_host(rights, ward, Activity.objects.filter(kind=kind).values_list("host", flat=True)), kind
