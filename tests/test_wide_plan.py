"""Pages of a plan ask the database as often with 300 actions as with one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, signed_in
from tests.wide_plan import publish_wide_plan


@pytest.mark.slow
def test_three_hundred_actions_take_as_many_queries_as_one(cast: Cast) -> None:
    bodies = ("地域振興課", "福祉保健課")
    planner, stranger = signed_in(cast.planner), signed_in(cast.stranger)
    one = publish_wide_plan(cast.other_ward, cast.stranger, actions=1, owners=bodies)
    many = publish_wide_plan(cast.ward, cast.planner, actions=300, owners=bodies)

    def queries(client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200
        return len(asked)

    few = one.residents_pages | one.office_pages
    for name, address in (many.residents_pages | many.office_pages).items():
        assert queries(planner, address) == queries(stranger, few[name]), name
