"""Moving one row of a long draft: what is written grows with the ways in which rows go, not with the rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry
from tests.cast import Cast


def draft_of(cast: Cast, rows: int, year: int) -> PlanVersion:
    """Measures with two projects each."""
    entries = [
        Entry(at, None if at % 3 == 0 else at - at % 3, min(at % 3, 1), "project" if at % 3 else "measure", "", f"{at}番の事業")
        for at in range(rows)
    ]  # fmt: skip
    plans.publish_version(
        ward=cast.ward, fiscal_year=year, kind="budget", actor=cast.planner, entries=entries
    )
    return plans.open_draft(ward=cast.ward, fiscal_year=year, kind="budget", actor=cast.planner)


def first_to_the_end(cast: Cast, draft: PlanVersion) -> list[str]:
    """The statements that it takes."""
    tops = [row.item for row in tree_of(draft).rows if row.parent is None]
    with CaptureQueriesContext(connection) as queries:
        plans.move_item(version=draft, item=tops[0], under=None, after=tops[-1], actor=cast.planner)
    return [each["sql"] for each in queries.captured_queries]


@pytest.mark.django_db
def test_a_long_draft_takes_as_few_statements_as_a_short_one(cast: Cast) -> None:
    short, long = draft_of(cast, 9, 2026), draft_of(cast, 240, 2027)

    few, many = first_to_the_end(cast, short), first_to_the_end(cast, long)

    assert len(many) == len(few)
    assert not [sql for sql in many if "CASE WHEN" in sql]  # a new place told for each row


@pytest.mark.django_db
def test_every_row_stands_where_the_tree_says(cast: Cast) -> None:
    draft = draft_of(cast, 30, 2026)
    first_to_the_end(cast, draft)
    rows = tree_of(draft).rows
    plans.move_item(version=draft, item=rows[1].item, under=rows[3].item, after=None, actor=cast.planner)

    rows = tree_of(draft).rows
    stored = list(
        draft.texts.order_by("position").values_list("item_id", "position", "depth", "parent__item_id")
    )
    depths = {None: -1}
    for row in rows:
        depths[row.item] = depths[row.parent] + 1
    assert stored == [(row.item, at, depths[row.item], row.parent) for at, row in enumerate(rows)]
    assert [depth for _item, _at, depth, _parent in stored].count(0) == 10
