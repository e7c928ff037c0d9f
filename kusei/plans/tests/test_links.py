"""Proposing links and deciding on them."""

from __future__ import annotations

import pytest

from kusei.plans import operations as plans
from kusei.plans.enums import LinkStatus
from kusei.plans.models import Link
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Person, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def planner() -> Person:
    return wards.account_without_login("planner")


@pytest.fixture
def ward(planner: Person) -> Ward:
    ward, _ = wards.find_or_add_ward("みらい区", actor=wards.account_without_login("operator"))
    publish(
        ward, planner, "policy", "防災対策事業", "川べり朝市支援事業", text="防災アトラクションを開きます。"
    )
    publish(ward, planner, "action_plan", "防災アトラクション", kind_of_item="action")
    publish(ward, planner, "budget", "川べり朝市支援事業")
    return ward


def publish(
    ward: Ward, actor: Person, kind: str, *titles: str, kind_of_item: str = "project", text: str = ""
) -> None:
    entries = [
        Entry(at, None, 0, kind_of_item, "", title, text="" if at else text)
        for at, title in enumerate(titles)
    ]
    plans.publish_version(ward=ward, fiscal_year=2021, kind=kind, entries=entries, actor=actor)


def test_same_name_is_decided_and_the_rest_proposed(ward: Ward, planner: Person) -> None:
    found = plans.propose_links(ward, actor=planner)

    (same,), (open_one,) = found.confirmed, found.proposed
    assert (same.kind, same.status, same.is_automatic, same.decided_by) == (
        "funds",
        "confirmed",
        True,
        planner,
    )
    assert (open_one.kind, open_one.status, open_one.is_automatic) == ("implements", "proposed", False)
    assert plans.open_proposals(ward) == [open_one]


def test_a_decision_that_somebody_took_back_is_not_made_again_by_itself(ward: Ward, planner: Person) -> None:
    (same,) = plans.propose_links(ward, actor=planner).confirmed
    plans.reopen_link(ward=ward, link_id=same.pk, actor=planner)
    plans.propose_links(ward, actor=planner)
    same.refresh_from_db()
    assert (same.status, same.is_automatic) == (LinkStatus.PROPOSED, False)


def test_proposing_stands_in_the_trail_where_it_changed_something(ward: Ward, planner: Person) -> None:
    plans.propose_links(ward, actor=planner)
    plans.propose_links(ward, actor=planner)
    (line,) = AuditEntry.objects.filter(verb="plans.propose_links")
    assert (line.actor, line.changes) == (planner, {"links_confirmed": [0, 1], "links_proposed": [0, 1]})

    plans.publish_version(
        ward=ward, fiscal_year=2021, kind="budget", entries=[Entry(0, None, 0, "project", "", "花の市")],
        actor=planner, replace=True,
    )  # fmt: skip
    plans.propose_links(ward, actor=planner)
    line = AuditEntry.objects.filter(verb="plans.propose_links").order_by("-pk")[0]
    assert line.changes == {"links_undone": [0, 1]}


def test_proposing_again_changes_nothing(ward: Ward, planner: Person) -> None:
    plans.propose_links(ward, actor=planner)
    again = plans.propose_links(ward, actor=planner)

    assert (again.confirmed, again.proposed, Link.objects.count()) == ((), (), 2)


def test_refused_link_never_comes_back(ward: Ward, planner: Person) -> None:
    (link,) = plans.propose_links(ward, actor=planner).proposed

    plans.refuse_link(ward=ward, link_id=link.pk, actor=planner)
    plans.propose_links(ward, actor=planner)

    link.refresh_from_db()
    assert (link.status, link.decided_by, plans.open_proposals(ward)) == (LinkStatus.REFUSED, planner, [])


def test_second_decision_loses_cleanly(ward: Ward, planner: Person) -> None:
    (link,) = plans.propose_links(ward, actor=planner).proposed
    plans.confirm_link(ward=ward, link_id=link.pk, actor=planner)

    with pytest.raises(plans.LinkAlreadyDecided, match="確定"):
        plans.refuse_link(ward=ward, link_id=link.pk, actor=planner)
    link.refresh_from_db()
    assert (link.status, link.is_automatic) == (LinkStatus.CONFIRMED, False)


def test_link_of_another_ward_is_not_found(ward: Ward, planner: Person) -> None:
    (link,) = plans.propose_links(ward, actor=planner).proposed
    other, _ = wards.find_or_add_ward("ほし区", actor=wards.account_without_login("operator"))

    with pytest.raises(plans.LinkNotFound):
        plans.confirm_link(ward=other, link_id=link.pk, actor=planner)
    with pytest.raises(plans.LinkNotFound):
        plans.confirm_link(ward=ward, link_id=0, actor=planner)


def test_links_stay_within_the_ward(ward: Ward, planner: Person) -> None:
    other, _ = wards.find_or_add_ward("ほし区", actor=wards.account_without_login("operator"))
    publish(other, planner, "budget", "防災対策事業")

    assert plans.propose_links(other, actor=planner) == plans.propose_links(other, actor=planner)
    assert not Link.objects.filter(ward=other).exists()


@pytest.mark.slow
def test_proposal_that_nothing_speaks_for_any_more_goes(ward: Ward, planner: Person) -> None:
    plans.propose_links(ward, actor=planner)
    entries = [Entry(0, None, 0, "action", "", "献血の呼びかけ")]
    plans.publish_version(
        ward=ward, fiscal_year=2021, kind="action_plan", entries=entries, actor=planner, replace=True
    )

    plans.propose_links(ward, actor=planner)

    assert plans.open_proposals(ward) == []
