"""Two bodies become one while they are asked about a year's results."""

from __future__ import annotations

import pytest

from kusei.office.operations import join_bodies
from kusei.office.tests.collecting import answer_at, collecting, report
from kusei.results import operations as results
from kusei.wards import operations as wards
from kusei.wards.models import Body
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def test_answers_and_parts_go_over_and_no_text_is_lost(cast: Cast) -> None:
    collection = collecting(cast)
    second, third, fourth = (answer_at(collection, place) for place in (2, 3, 4))
    council, plaza = Body.objects.get(pk=cast.council.pk), fourth.lead
    assert plaza is not None
    results.contribute(
        contribution=second.contributions.get(), was="", text="見守った。", is_done=True, actor=cast.partner
    )
    second.contributions.create(ward=cast.ward, body=plaza, text="集まりを開いた。")
    fourth.contributions.create(ward=cast.ward, body=council)

    join_bodies(duplicate=council, into=plaza, actor=cast.planner)

    part = second.contributions.get()
    assert (part.body, part.text, part.is_done) == (plaza, "集まりを開いた。\n見守った。", False)
    third.refresh_from_db()
    assert third.lead == plaza
    assert not fourth.contributions.exists()  # an empty part of the body that leads


def test_a_body_with_entries_in_the_ledger_is_not_dissolved(cast: Cast) -> None:
    collection = collecting(cast)
    report(cast, answer_at(collection, 1).item, 12)
    with pytest.raises(wards.BodyNotFitting, match="実績の記録"):
        join_bodies(duplicate=cast.promotion, into=cast.welfare, actor=cast.planner)
    assert answer_at(collection, 1).lead == cast.promotion
    page = signed_in(cast.planner).post(
        f"/office/{cast.ward.key}/bodies/{cast.promotion.pk}/merge/", {"into": cast.welfare.pk}
    )
    assert page.status_code < 500
