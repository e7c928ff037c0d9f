"""Taking figures of printed results into the ledger: proposed for all, confirmed by a person, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.models import SharedIn
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries import latest_nodes
from kusei.plans.queries.drafts import tree_of
from kusei.results.enums import ResultVerb
from kusei.results.errors import FigureRefused
from kusei.results.models import TakenFigure
from kusei.results.permissions import may_collect
from kusei.results.queries.answers import responsible
from kusei.results.queries.figures import SOURCE_KIND, Place, counted_of, proposals_of, seen_slot
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

_ASIDE = 20_000


@dataclass(frozen=True, slots=True)
class Taking:
    """A proposal that a person confirms: the figure at `position` of the item's text, counted as `metric_id`."""

    item: int
    position: int
    metric_id: int


@transaction.atomic
def take_figures(*, version: PlanVersion, takings: Sequence[Taking], actor: Person) -> int:
    """Take printed figures of a version in force into the ledger; returns how many. One that was taken before is taken
    anew; what the text of such an action says no longer is not counted any more. One that is another action's
    (`share_printed`) is counted there and left alone.

    Raises FigureRefused where a figure stands no longer there or does not fit the metric, NotAllowed; then nothing is taken.
    """
    ward = version.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    one_at_a_time(version)
    if version_in_force(version.plan) != version:
        raise FigureRefused(
            _("この計画には新しい版があります。「公表された結果の数」から開き直して、選び直してください。")
        )
    proposals = proposals_of(version)
    proposed = {(each.printed.item, each.printed.position): each for each in proposals}
    tree, year = tree_of(version), version.plan.fiscal_year
    taken, elsewhere = counted_of(version, proposals)
    touched = {taking.item for taking in takings}
    _put_in_place(touched, taken, elsewhere)
    takings = [taking for taking in takings if (taking.item, taking.position) not in elsewhere]
    for taking in takings:
        proposal = proposed.get((taking.item, taking.position))
        if proposal is None or proposal.quantity is None or proposal.metric is None:
            raise FigureRefused(
                _("この数は、もう文の中にないか、数えるものに合いません。一覧を読み直してください。")
            )
        if proposal.metric.id != taking.metric_id:
            raise FigureRefused(_("数えるものが変わりました。一覧を読み直して、選び直してください。"))
        bodies = responsible(tree, taking.item)
        TakenFigure.objects.update_or_create(
            item_id=taking.item,
            position=taking.position,
            defaults={
                "ward": ward,
                "fiscal_year": year,
                "metric_id": taking.metric_id,
                "body_id": bodies[0] if bodies else None,
                "quantity": proposal.quantity,
                "printed": proposal.printed.words,
                "taken_by": actor,
            },
        )
    _post(ward, touched, actor)
    if takings:
        _record(version, ResultVerb.FIGURES_TAKEN, len(takings), actor)
    return len(takings)


@transaction.atomic
def leave_figures(*, version: PlanVersion, items: Sequence[int], actor: Person) -> int:
    """Take back what was taken of some items; returns how many figures. What others showed of it they show no longer.
    Raises NotAllowed."""
    ward = version.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    one_at_a_time(version)
    gone = TakenFigure.objects.filter(ward=ward, item__in=items, item__plan=version.plan)
    touched = set(gone.values_list("item", flat=True))
    count = gone.count()
    gone.delete()
    _post(ward, touched, actor)
    for item in touched:
        ledger.forget_sets(source=Source(SOURCE_KIND, item))
    if count:
        _record(version, ResultVerb.FIGURES_LEFT, count, actor)
    return count


def one_at_a_time(version: PlanVersion) -> None:
    """What is taken of an action is posted whole: two who take of the same one wait for each other."""
    Plan.objects.select_for_update(no_key=True).get(pk=version.plan_id)


def put_in_place(*, version: PlanVersion, items: set[int]) -> None:
    """Move what was taken of some actions, and what was said to be others', to where the text has it now. Who calls has asked
    whether this person may, and posts."""
    taken, elsewhere = counted_of(version)
    _put_in_place(items, taken, elsewhere)


def _put_in_place(
    items: set[int], taken: Mapping[Place, TakenFigure], elsewhere: Mapping[Place, SharedIn]
) -> None:
    """Move what was taken to where the text has it now, and drop what it does not have any more."""
    kept = {figure.pk: place for (item, place), figure in taken.items() if item in items}
    dropped = TakenFigure.objects.filter(item__in=items).exclude(pk__in=kept)
    for item, position in dropped.values_list("item", "position"):
        ledger.forget_sets(source=Source(SOURCE_KIND, item), slot=str(position))
    dropped.delete()
    moved = [
        (figure, place)
        for (item, place), figure in taken.items()
        if item in items and figure.position != place
    ]
    for aside in (_ASIDE, 0):  # a place is taken once
        for figure, place in moved:
            before = figure.position if aside else _ASIDE + place
            TakenFigure.objects.filter(pk=figure.pk).update(position=aside + place)
            ledger.move_set(
                source=Source(SOURCE_KIND, figure.item_id), slot=str(before), to=str(aside + place)
            )
    for (item, place), seen in elsewhere.items():
        if item in items:
            words = seen.slot.partition("|")[2]
            SharedIn.objects.filter(pk=seen.pk).update(slot=seen_slot(place, words))
    still = {seen.pk for seen in elsewhere.values()}
    gone = SharedIn.objects.filter(shared__source_kind=SOURCE_KIND, item__in=items).exclude(slot="")
    gone.exclude(pk__in=still).delete()


def leave_places(*, ward: Ward, places: Sequence[Place], actor: Person) -> None:
    """Take single figures out of the ledger that are counted elsewhere; who calls has asked whether this person may."""
    for item, position in places:
        TakenFigure.objects.filter(ward=ward, item=item, position=position).delete()
    _post(ward, {item for item, _position in places}, actor)


def _post(ward: Ward, items: set[int], actor: Person) -> None:
    lines = defaultdict(list)
    for figure in TakenFigure.objects.filter(ward=ward, item__in=items):
        lines[figure.item_id].append(line_of(figure))
    records = [(Source(SOURCE_KIND, item), lines[item]) for item in sorted(items)]
    ledger.post_records(ward=ward, records=records, actor=actor)


def line_of(figure: TakenFigure) -> Line:
    """What a figure that was taken over means for the ledger."""
    return Line(
        slot=str(figure.position),
        metric_id=figure.metric_id,
        item_id=figure.item_id,
        quantity=figure.quantity,
        on=date(figure.fiscal_year + 1, 3, 31),
        body_id=figure.body_id,
        fiscal_year=figure.fiscal_year,
    )


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all figures that were taken over say, item by item."""
    lines = defaultdict(list)
    for figure in TakenFigure.objects.filter(ward=ward, fiscal_year=fiscal_year).iterator():
        lines[figure.item_id].append(line_of(figure))
    yield from lines.items()


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """「健康教室」の公表された結果 …, by item."""
    nodes = latest_nodes(ward, numbers)
    return {item: _("「%(title)s」の公表された結果") % {"title": node.title} for item, node in nodes.items()}


def _record(version: PlanVersion, verb: ResultVerb, count: int, actor: Person) -> None:
    audit.record(
        ward=version.ward,
        actor=actor,
        verb=verb,
        target=version.plan,
        label=plan_label(version.plan),
        changes={"entries": (None, count)},
    )
