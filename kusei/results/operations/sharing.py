"""Printed figures that tell the same thing in several actions: one of them is counted, the others show it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.errors import LedgerError
from kusei.ledger.models import SharedFigure, SharedIn
from kusei.ledger.operations import EntrySet, SeenFrom
from kusei.ledger.sources import Source
from kusei.plans.models import PlanVersion
from kusei.plans.queries import latest_nodes
from kusei.results.errors import FigureRefused
from kusei.results.models import TakenFigure
from kusei.results.operations.figures import Taking, leave_places, one_at_a_time, put_in_place, take_figures
from kusei.results.permissions import may_collect
from kusei.results.proposals import Proposal, in_plain_unit
from kusei.results.queries.figures import SOURCE_KIND, Place, counted_of, proposals_of, seen_slot
from kusei.wards import permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def share_printed(*, version: PlanVersion, places: Sequence[Place], actor: Person) -> int:
    """Say that printed figures of several actions are one thing; returns how many actions show it beside the one it stays with.

    It stays with the one that is in the ledger already, else with the first, and is taken into the ledger there. The others go
    out of it. Raises FigureRefused where they do not print the same number and unit, or are fewer than two actions;
    NotAllowed. Then nothing changes.
    """
    ward = version.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    one_at_a_time(version)
    proposed = {(each.printed.item, each.printed.position): each for each in proposals_of(version)}
    places = list(dict.fromkeys(places))
    _check_alike([proposed.get(place) for place in places])
    put_in_place(version=version, items={item for item, _position in places})
    taken = _taken(ward, places)
    homes = {place for place in places if _sets_of(place)}
    home = next((place for place in places if place in homes), None)
    home = home or next((place for place in places if place in taken), places[0])
    others = [place for place in places if place != home]
    _release(version, [home, *others], keep=home, actor=actor)
    metric = proposed[home].metric
    assert metric is not None
    take_figures(version=version, takings=[Taking(*home, metric.id)], actor=actor)
    seen_from = [
        SeenFrom(place[0], seen_slot(place[1], proposed[place].printed.words), place in taken)
        for place in others
    ]
    for other in others:
        seen_from += _moved(other, home)
    leave_places(ward=ward, places=others, actor=actor)
    try:
        ledger.share_figure(
            ward=ward,
            fiscal_year=version.plan.fiscal_year,
            of=EntrySet(Source(SOURCE_KIND, home[0]), home[0], metric.id, str(home[1])),
            seen_from=seen_from,
            actor=actor,
            title=_title(ward, home[0]),
            is_vouched=True,
        )
    except LedgerError as error:
        raise FigureRefused(str(error)) from error
    return len(seen_from)


@transaction.atomic
def part_printed(*, version: PlanVersion, place: Place, actor: Person) -> bool:
    """Take back that a printed figure is another action's; one that was in the ledger before is there again. False where
    nothing of the kind was said. Raises NotAllowed."""
    ward = version.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    one_at_a_time(version)
    proposals = proposals_of(version)
    found = counted_of(version, proposals)[1].get(place)
    if found is None:
        return False
    ledger.part_figure(
        shared=found.shared, item=place[0], actor=actor, title=_title(ward, place[0]), is_vouched=True
    )
    proposal = next((each for each in proposals if (each.printed.item, each.printed.position) == place), None)
    if found.was_counted and proposal and proposal.metric and proposal.quantity is not None:
        take_figures(version=version, takings=[Taking(*place, proposal.metric.id)], actor=actor)
    return True


def _check_alike(proposals: Sequence[Proposal | None]) -> None:
    known = [each for each in proposals if each is not None]
    if len(known) < len(proposals) or any(each.metric is None or each.quantity is None for each in known):
        raise FigureRefused(
            _("この数は、もう文の中にないか、数えるものに合いません。一覧を読み直してください。")
        )
    if len({in_plain_unit(each.printed.value, each.printed.unit) for each in known}) > 1:
        raise FigureRefused(
            _("選んだ数が同じではありません。同じものとしてまとめるときは、数と単位が同じものだけを選んでください。")
        )  # fmt: skip
    if len({each.printed.item for each in known}) < max(2, len(known)):
        raise FigureRefused(_("別々の取組の数を、2つ以上選んでください。"))


def _taken(ward: Ward, places: Sequence[Place]) -> set[Place]:
    rows = TakenFigure.objects.filter(ward=ward, item__in=[item for item, _position in places])
    return set(rows.values_list("item", "position")) & set(places)


def _sets_of(place: Place) -> list[SharedFigure]:
    item, position = place
    return list(SharedFigure.objects.filter(source_kind=SOURCE_KIND, source_id=item, slot=str(position)))


def _release(version: PlanVersion, places: Sequence[Place], *, keep: Place, actor: Person) -> None:
    """What was said before of these places, unless it is what is said now."""
    seen = counted_of(version)[1]
    for place in places:
        said = seen.get(place)
        if said is not None and (said.shared.home_id, said.shared.slot) != (keep[0], str(keep[1])):
            ledger.part_figure(
                shared=said.shared, item=place[0], actor=actor, title=_title(version.ward, place[0]), is_vouched=True
            )  # fmt: skip


def _moved(other: Place, home: Place) -> list[SeenFrom]:
    """Who saw the figure of a place that is another's now: they see that one."""
    found = []
    for shared in _sets_of(other):
        rows = SharedIn.objects.filter(shared=shared).exclude(item=home[0])
        found += [SeenFrom(row.item_id, row.slot, row.was_counted) for row in rows]
        shared.delete()
    return found


def _title(ward: Ward, item: int) -> str:
    node = latest_nodes(ward, [item]).get(item)
    return node.title if node else ""
