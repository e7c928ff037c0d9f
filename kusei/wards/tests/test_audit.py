"""The audit trail: what belongs together, what is kept, and that nobody changes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kusei.wards import append_only, audit
from kusei.wards import operations as wards
from kusei.wards.enums import WardVerb, Way
from kusei.wards.models import AuditEntry
from kusei.wards.queries import search_trail, trail_of
from tests.cast import Cast, signed_in


def test_changes_of_one_request_belong_together(cast: Cast) -> None:
    with audit.trail(Way.WEB):
        wards.add_body(cast.ward, "総務課", aliases=["総務係"], actor=cast.planner)
    wards.add_body(cast.ward, "戸籍課", actor=cast.planner)

    family, alias, general = AuditEntry.objects.all()[:3]
    assert alias.request_id == general.request_id != family.request_id
    assert (alias.way, family.way) == (Way.WEB, Way.COMMAND)


def test_only_what_changed_is_kept_in_plain_values(cast: Cast) -> None:
    entry = audit.record(
        ward=cast.ward, actor=cast.planner, verb=WardVerb.ROLE_ENDED, target=cast.clerk, label="担当",
        changes={"same": (1, 1), "ends_on": (None, date(2027, 4, 1)), "bodies": ((), (cast.welfare,))},
    )  # fmt: skip
    entry.refresh_from_db()
    assert entry.changes == {"ends_on": [None, "2027-04-01"], "bodies": [[], ["福祉保健課"]]}


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nobody_changes_or_deletes_an_entry(cast: Cast, change: str) -> None:
    entries = AuditEntry.objects.filter(ward=cast.ward)
    before = list(entries.values())
    assert before

    with pytest.raises(IntegrityError, match=append_only.MESSAGE), transaction.atomic():
        entries.update(reason="") if change == "update" else entries.delete()

    assert list(entries.values()) == before


def test_nobody_puts_another_entry_in_the_place_of_one(cast: Cast) -> None:
    """SQLite's REPLACE deletes without asking the trigger of deleting; elsewhere the key is taken."""
    entry = AuditEntry.objects.filter(ward=cast.ward).values().first()
    assert entry is not None
    replacing = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    columns = ", ".join(f'"{name}"' for name in entry)
    others = ", ".join("'somebody else'" if name == "actor_name" else f'"{name}"' for name in entry)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{replacing} INTO wards_auditentry ({columns}) SELECT {others} FROM wards_auditentry WHERE id = %s",
            [entry["id"]],
        )
    assert AuditEntry.objects.filter(pk=entry["id"]).values().get() == entry


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_the_trail_cannot_be_emptied_at_once(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(IntegrityError, match=append_only.MESSAGE), connection.cursor() as cursor:
        cursor.execute("TRUNCATE wards_auditentry")
    assert AuditEntry.objects.count() == before > 0


def test_every_append_only_table_is_guarded(db: None) -> None:
    query = (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'"
        if connection.vendor == "sqlite"
        else "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE '%_stays'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert {row[0] for row in cursor.fetchall()} == set(append_only.TABLES)


def test_the_trail_is_read_on_the_object_and_searched(cast: Cast) -> None:
    body = wards.add_body(cast.ward, "総務課", actor=cast.planner)
    wards.add_body(cast.other_ward, "総務課", actor=cast.stranger)

    assert [entry.verb for entry in trail_of(cast.ward, "wards.body", body.pk)] == ["wards.add_body"]
    assert [entry.target_label for entry in search_trail(cast.ward, words="Planner 総務")] == ["総務課"]
    assert search_trail(cast.ward, words="総務", verb="wards.end_role").count() == 0
    assert search_trail(cast.ward, words="総務", first_day="2999-01-01").count() == 0
    assert (
        search_trail(cast.ward, words="総務", last_day="2999-02-31").count() == 1
    )  # no such day: narrows nothing


def test_the_trail_of_an_object_is_read_as_far_as_a_page_shows_it(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    body = wards.add_body(cast.ward, "総務課", actor=cast.planner)
    for number in range(120):
        audit.record(
            ward=cast.ward, actor=cast.planner, verb=WardVerb.BODY_CHANGED, target=body, reason=str(number)
        )
    with django_assert_num_queries(1):
        lines = trail_of(cast.ward, "wards.body", body.pk)
    assert [line.reason for line in (lines[0], lines[-1])] == ["119", "19"]

    page = signed_in(cast.planner).get(f"/office/{cast.ward.key}/bodies/{body.pk}/").content.decode()
    assert page.count("実施主体の種類・上位を変えた") == 100
    assert "新しい100件までを並べています" in page
