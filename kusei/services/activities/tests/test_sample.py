"""The invented sample ward has activities to look at, each in its own state, and none of anybody real."""

from __future__ import annotations

import pytest

from kusei.documents.sample.building import build_sample
from kusei.services.activities.models import Activity, Application, Assignment, Intake, Seat, VisitRequest
from kusei.services.activities.queries import Asked, listed
from kusei.services.activities.tests.ground import complaints
from kusei.wards.models import Ward

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_sample_has_activities_to_come_in_the_invented_ward_alone() -> None:
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
