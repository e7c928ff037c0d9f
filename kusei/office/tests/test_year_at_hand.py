"""Pages of a year open at the year that people work on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kusei.office.queries.ledger import this_year, year_at_hand
from kusei.office.tests.collecting import published
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.django_db
NOW = this_year()


def opened(cast: Cast, year: int) -> Collection:
    return results.open_collection(
        plan=published(cast, year=year), due_on=timezone.localdate() + timedelta(days=20), actor=cast.planner
    )


def test_without_any_plan_it_is_this_year(cast: Cast) -> None:
    assert year_at_hand(cast.ward) == NOW


def test_it_is_the_newest_year_with_a_plan_where_this_one_has_none(cast: Cast) -> None:
    published(cast, year=NOW - 5)
    published(cast, year=NOW - 3)
    assert year_at_hand(cast.ward) == NOW - 3
    published(cast, year=NOW)
    published(cast, year=NOW + 1)
    assert year_at_hand(cast.ward) == NOW


def test_what_is_being_collected_comes_first_and_not_for_ever(cast: Cast) -> None:
    published(cast, year=NOW)
    collection = opened(cast, NOW - 1)
    assert year_at_hand(cast.ward) == NOW - 1
    client = signed_in(cast.planner)
    for page in ("figures", "figures/forms", "indicators", "reviews"):
        answer = client.get(f"/office/{cast.ward.key}/{page}/")
        assert (page, answer.status_code, answer.context["year"]) == (page, 200, NOW - 1)
    Collection.objects.filter(pk=collection.pk).update(due_on=timezone.localdate() - timedelta(days=200))
    assert year_at_hand(cast.ward) == NOW
    Collection.objects.filter(pk=collection.pk).update(due_on=timezone.localdate())
    Answer.objects.update(state="approved", approved_at=timezone.now(), outcome="done")
    assert year_at_hand(cast.ward) == NOW
