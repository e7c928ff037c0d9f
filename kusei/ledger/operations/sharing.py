"""Saying that what several actions tell is one thing, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger.enums import Adding, LedgerVerb
from kusei.ledger.errors import ShareRefused
from kusei.ledger.models import Metric, SharedFigure, SharedIn
from kusei.ledger.permissions import may_share
from kusei.ledger.queries.entries import standing_entries
from kusei.ledger.sources import Source
from kusei.plans.models import Item
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@dataclass(frozen=True, slots=True)
class EntrySet:
    """What one record says of an action and metric: all of it, or the place `slot` of it alone."""

    source: Source
    home: int
    metric_id: int
    slot: str = ""


@dataclass(frozen=True, slots=True)
class SeenFrom:
    """An action that tells the same: the place in its own record, and whether that was in the ledger until now."""

    item: int
    slot: str = ""
    was_counted: bool = False


@transaction.atomic
def share_figure(
    *,
    ward: Ward,
    fiscal_year: int,
    of: EntrySet,
    seen_from: Sequence[SeenFrom],
    actor: Person,
    title: str,
    is_vouched: bool = False,
) -> SharedFigure:
    """Show a set of entries in other actions too: it stays one, and totals count it once. Said twice, it is said once.

    `title` is what the action is called that it belongs to. `is_vouched`: the caller has checked that this person may.
    Raises ShareRefused, NotAllowed; then nothing changes.
    """
    if not is_vouched:
        permissions.require(may_share(permissions.rights_of(actor), ward))
    items = [each.item for each in seen_from]
    _one_at_a_time(of.home)
    _check(ward, fiscal_year, of, items)
    shared, _is_new = SharedFigure.objects.get_or_create(
        source_kind=of.source.kind,
        source_id=of.source.id,
        metric_id=of.metric_id,
        slot=of.slot,
        defaults={"ward": ward, "fiscal_year": fiscal_year, "home_id": of.home},
    )
    new = 0
    for each in seen_from:
        _seen, is_new = SharedIn.objects.get_or_create(
            shared=shared,
            item_id=each.item,
            defaults={
                "ward": ward,
                "slot": each.slot,
                "was_counted": each.was_counted,
                "decided_at": timezone.now(),
                "decided_by": actor,
            },
        )
        new += is_new
    if new:
        audit.record(
            ward=ward, actor=actor, verb=LedgerVerb.SHARED, target=shared.home, label=title,
            changes={"items": (None, new)},
        )  # fmt: skip
    return shared


@transaction.atomic
def part_figure(
    *, shared: SharedFigure, item: int, actor: Person, title: str, is_vouched: bool = False
) -> SharedIn | None:
    """The opposite for one action; returns what had been said, None where it was parted before. Raises NotAllowed."""
    if not is_vouched:
        permissions.require(may_share(permissions.rights_of(actor), shared.ward))
    _one_at_a_time(shared.home_id)
    seen = SharedIn.objects.filter(shared_id=shared.pk, item=item).select_related("ward", "item").first()
    if seen is None:
        return None
    SharedIn.objects.filter(pk=seen.pk).delete()
    SharedFigure.objects.filter(pk=shared.pk, seen_in__isnull=True).delete()
    audit.record(
        ward=seen.ward, actor=actor, verb=LedgerVerb.PARTED, target=seen.item, label=title,
        changes={"items": (1, None)},
    )  # fmt: skip
    return seen


def move_set(*, source: Source, slot: str, to: str) -> None:
    """A record keeps the same thing in another place from now on. Called by the operation that moves it, which posts."""
    SharedFigure.objects.filter(source_kind=source.kind, source_id=source.id, slot=slot).update(slot=to)


def forget_sets(*, source: Source, slot: str = "") -> None:
    """What a record says no longer, all of it or in one place, is nobody's any more. Called by the operation that takes it back."""
    found = SharedFigure.objects.filter(source_kind=source.kind, source_id=source.id)
    (found.filter(slot=slot) if slot else found).delete()


def _one_at_a_time(home: int) -> None:
    """Two who say something of one action's sets at once wait for each other: else a set could go while it is being shown."""
    list(Item.objects.select_for_update(no_key=True).filter(pk=home))


def _check(ward: Ward, fiscal_year: int, of: EntrySet, items: Sequence[int]) -> None:
    if not items or of.home in items:
        raise ShareRefused(_("同じものを伝えている、別の取組を選んでください。"))
    if Item.objects.filter(ward=ward, pk__in={of.home, *items}).count() != len({of.home, *items}):
        raise ShareRefused(_("取組が、この区のものではありません。"))
    metric = Metric.objects.filter(pk=of.metric_id).first()
    if metric is None or metric.adding == Adding.RATE:
        raise ShareRefused(_("割合は、もとになる数のほうを同じものとしてください。"))
    standing = standing_entries().filter(ward=ward, fiscal_year=fiscal_year, metric=metric)
    here = standing.filter(source_kind=of.source.kind, source_id=of.source.id, item=of.home)
    quantities = list((here.filter(slot=of.slot) if of.slot else here).values_list("quantity", flat=True))
    if not quantities:
        raise ShareRefused(_("もとになる実績が、もうありません。ページを読み直してください。"))
    _check_overlap(of)
    twice = standing.filter(item__in=items, quantity=sum(quantities)).select_related("item").first()
    if twice is not None:
        raise ShareRefused(
            _("同じ数の記録が、見せる先の取組にもうあります。先にそれを外してください。そのままでは二重になります。")
        )  # fmt: skip


def _check_overlap(of: EntrySet) -> None:
    """A whole record and a place in it are not shared both: what sees both would count the place twice."""
    others = SharedFigure.objects.filter(
        source_kind=of.source.kind, source_id=of.source.id, metric=of.metric_id
    ).exclude(slot=of.slot)
    if (others if not of.slot else others.filter(slot="")).exists():
        raise ShareRefused(
            _("この記録の一部か全体が、もう別の形で同じものとされています。先にそちらを元に戻してください。")
        )
