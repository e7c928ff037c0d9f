"""Publishing versions: identity, refusals, and what a refusal leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from kusei.plans import operations as plans
from kusei.plans.models import Item, ItemOwner, ItemText, Plan, PlanVersion
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Body, Person, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner() -> Person:
    return wards.account_without_login("planner")


@pytest.fixture
def ward() -> Ward:
    return wards.find_or_add_ward("みらい区", actor=wards.account_without_login("operator"))[0]


def publish(ward: Ward, actor: Person, *entries: Entry, **said: Any) -> plans.PublishedVersion:
    return plans.publish_version(
        ward=ward, fiscal_year=2021, kind="policy", entries=entries, actor=actor, **said
    )


ENTRIES = (
    Entry(0, None, 0, "measure", "1", "安全なまち"),
    Entry(1, 0, 1, "project", "1", "防災対策事業", owners=("高齢・障害支援課", "高齢障害支援課", "総務課")),
)


def test_version_records_who_and_when(ward: Ward, planner: Person) -> None:
    done = publish(ward, planner, *ENTRIES, title="令和3年度 みらい区運営方針", note="初版")

    version = done.version
    assert (version.number, version.status, version.published_by, version.note) == (
        1,
        "published",
        planner,
        "初版",
    )
    assert version.published_at is not None
    assert [entry.entry.title for entry in plans.stored_entries(version)] == ["安全なまち", "防災対策事業"]


def test_two_spellings_of_a_body_are_one_owner(ward: Ward, planner: Person) -> None:
    done = publish(ward, planner, *ENTRIES)

    assert [body.name for body in done.new_bodies] == ["高齢・障害支援課", "総務課"]
    assert list(ItemOwner.objects.values_list("printed_name", "role")) == [
        ("高齢・障害支援課", "shared"),
        ("総務課", "shared"),
    ]


def test_known_body_is_not_registered_again(ward: Ward, planner: Person) -> None:
    wards.add_body(ward, "総務部総務課", aliases=["総務課"], actor=wards.account_without_login("operator"))

    done = publish(ward, planner, *ENTRIES)

    assert [body.name for body in done.new_bodies] == ["高齢・障害支援課"]
    assert ItemOwner.objects.filter(body__name="総務部総務課", printed_name="総務課").exists()


def test_same_entries_again_are_refused(ward: Ward, planner: Person) -> None:
    publish(ward, planner, *ENTRIES)

    with pytest.raises(plans.NothingChanged):
        publish(ward, planner, *ENTRIES)
    assert PlanVersion.objects.count() == 1
    assert publish(ward, planner, *ENTRIES, even_if_unchanged=True).version.number == 2


def test_new_title_alone_is_a_new_version(ward: Ward, planner: Person) -> None:
    publish(ward, planner, *ENTRIES, title="案")
    assert publish(ward, planner, *ENTRIES, title="確定版").version.number == 2


def test_empty_draft_is_refused(ward: Ward, planner: Person) -> None:
    with pytest.raises(plans.EmptyPlan):
        publish(ward, planner)
    assert Plan.objects.count() == 0


def test_another_document_is_refused_and_nothing_changes(ward: Ward, planner: Person) -> None:
    publish(ward, planner, *ENTRIES)
    other = [
        Entry(at, None, 0, "project", "", f"朝市の{word}", owners=("別の課",))
        for at, word in enumerate("春夏秋冬")
    ]

    with pytest.raises(plans.AnotherDocument):
        publish(ward, planner, *other)

    assert (PlanVersion.objects.count(), Item.objects.count()) == (1, 2)
    assert not Body.objects.filter(name="別の課").exists()
    assert publish(ward, planner, *other, replace=True).version.number == 2


def test_parts_are_plans_of_their_own(ward: Ward, planner: Person) -> None:
    publish(ward, planner, *ENTRIES)
    done = publish(ward, planner, *ENTRIES, part="施策2")

    assert (done.version.number, Plan.objects.count(), Item.objects.count()) == (1, 2, 4)


def test_second_of_two_at_once_loses_cleanly(
    ward: Ward, planner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(ward, planner, *ENTRIES)

    def somebody_was_first(**said: Any) -> PlanVersion:
        raise IntegrityError("plan_version_number_once")

    monkeypatch.setattr(PlanVersion.objects, "create", somebody_was_first)
    with pytest.raises(plans.PlanChangedMeanwhile):
        publish(ward, planner, ENTRIES[0])
    assert (PlanVersion.objects.count(), ItemText.objects.count()) == (1, 2)


def test_real_plan_cannot_be_deleted_as_a_sample(ward: Ward, planner: Person) -> None:
    plan = publish(ward, planner, *ENTRIES).version.plan

    with pytest.raises(plans.PlanError):
        plans.delete_sample_plan(plan, actor=planner)
    assert Item.objects.count() == 2


def test_sample_plan_goes_with_all_its_items(ward: Ward, planner: Person) -> None:
    plan = publish(ward, planner, *ENTRIES, is_sample=True).version.plan

    plans.delete_sample_plan(plan, actor=planner)

    assert (Plan.objects.count(), Item.objects.count(), ItemText.objects.count()) == (0, 0, 0)
    line = AuditEntry.objects.get(verb="plans.delete_sample_plan")
    assert (line.actor, line.target_label) == (planner, str(plan))


def test_large_plan_is_published_in_few_queries(
    ward: Ward, planner: Person, django_assert_max_num_queries: Any
) -> None:
    entries = [Entry(0, None, 0, "measure", "1", "すべて")]
    entries += [
        Entry(at, 0, 1, "project", str(at), f"事業の{at}番", owners=("総務課",)) for at in range(1, 400)
    ]
    with django_assert_max_num_queries(45):
        publish(ward, planner, *entries)
    assert Item.objects.count() == 400
