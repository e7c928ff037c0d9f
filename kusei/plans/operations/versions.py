"""Publishing: a draft becomes the next version of the same items; what was published before stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import wareki_year
from kusei.japanese.folding import fold_name
from kusei.plans import rules
from kusei.plans.enums import OwnerRole, PlanKind, PlanStatus, PlanVerb, SampleVerb
from kusei.plans.errors import AnotherDocument, EmptyPlan, NothingChanged, PlanChangedMeanwhile, PlanError
from kusei.plans.models import Item, ItemAmount, ItemOwner, ItemText, Plan, PlanVersion, Tag
from kusei.plans.permissions import may_publish
from kusei.plans.queries.entries import StoredEntry, entries_of
from kusei.plans.rules import Differences, Entry
from kusei.wards import audit, permissions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person, Ward


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A new version: its items by the entry's index, and the bodies that came to be known with it."""

    version: PlanVersion
    items: tuple[Item, ...]
    differences: Differences
    new_bodies: tuple[Body, ...]


def find_plan(ward: Ward, *, fiscal_year: int, kind: str, part: str = "") -> Plan | None:
    """The plan of that ward, year, kind and part, or None."""
    return Plan.objects.filter(ward=ward, fiscal_year=fiscal_year, kind=kind, part=part).first()


def hold_plan(plan: Plan) -> None:
    """Keep others from publishing a version of the plan until the transaction ends: of two at once, the second is told what
    the first has published."""
    Plan.objects.select_for_update().get(pk=plan.pk)


def version_in_force(plan: Plan) -> PlanVersion | None:
    """The published version with the highest number."""
    return plan.versions.filter(status=PlanStatus.PUBLISHED).order_by("-number").first()


def stored_entries(version: PlanVersion) -> list[StoredEntry]:
    """What a version says, in the form in which drafts are compared."""
    return entries_of([version.pk])[version.pk]


def compare_with_force(plan: Plan | None, entries: Sequence[Entry]) -> tuple[Differences, dict[int, int]]:
    """How a draft differs from the version in force, and the item (its id) of every entry that is known already."""
    version = version_in_force(plan) if plan else None
    if plan is None or version is None:
        return Differences(added=tuple(entries)), {}
    stored = stored_entries(version)
    old = [each.entry for each in stored]
    matches = rules.match_entries(old, entries)
    differences = rules.compare(old, entries, matches, owner_key=_owner_key(plan.ward))
    return differences, {new: stored[at].item_id for new, at in matches.items()}


def _owner_key(ward: Ward) -> Callable[[str], str]:
    known = wards.known_bodies(ward)

    def key(printed: str) -> str:
        folded = fold_name(printed)
        return known[folded].folded if folded in known else folded

    return key


@transaction.atomic
def publish_version(
    *,
    ward: Ward,
    fiscal_year: int,
    kind: str,
    entries: Sequence[Entry],
    actor: Person,
    part: str = "",
    title: str = "",
    note: str = "",
    replace: bool = False,
    even_if_unchanged: bool = False,
    is_sample: bool = False,
) -> PublishedVersion:
    """Publish what `entries` say as the next version of the plan; items known already keep their identity.

    Bodies that nobody knew are registered with a guessed kind and returned. Raises EmptyPlan, NothingChanged (unless
    `even_if_unchanged`: something outside the tree changed), AnotherDocument (unless `replace`), PlanChangedMeanwhile, NotAllowed.
    A sample that stands in the place of a real plan is the caller's to take away first.
    """
    permissions.require(may_publish(permissions.rights_of(actor), ward))
    if not entries:
        raise EmptyPlan(_("項目が一つも読み取れていないため、取り込めません。"))
    try:
        plan, _is_new = Plan.objects.get_or_create(
            ward=ward, fiscal_year=fiscal_year, kind=kind, part=part, defaults={"is_sample": is_sample}
        )
        hold_plan(plan)
        before = version_in_force(plan)
        differences, known_items = compare_with_force(plan, entries)
        title = title[:300]
        if before is not None:
            if differences.is_empty and before.title == title and not even_if_unchanged:
                raise NothingChanged(_("公開中の版と同じ内容です。新しい版は作りませんでした。"))
            if differences.share() < rules.LEAST_SHARE and not replace:
                raise AnotherDocument(
                    _(
                        "同じ年度・種類の計画と共通の項目がほとんどありません（%(percent)d％）。"
                        "置き換えるときは --replace を、別の分冊なら --part に名前を付けてください。"
                    )
                    % {"percent": round(differences.share() * 100)}
                )
            known_items |= _ended_items(plan, entries, known_items)
        version = PlanVersion.objects.create(
            ward=ward,
            plan=plan,
            number=(plan.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
            status=PlanStatus.PUBLISHED,
            title=title,
            published_at=timezone.now(),
            published_by=actor,
            note=note,
        )
        items = _items_for(plan, entries, known_items)
        texts = _write_texts(version, entries, items)
        new_bodies = _write_owners(ward, entries, texts, actor)
        _write_tags(ward, entries, texts)
        _write_amounts(ward, entries, texts)
    except IntegrityError as error:
        raise PlanChangedMeanwhile(
            _("同じ計画がほかの人によって同時に更新されました。もう一度実行してください。")
        ) from error
    audit.record(
        ward=ward,
        actor=actor,
        verb=PlanVerb.PUBLISHED,
        target=plan,
        label=f"{wareki_year(fiscal_year)} {PlanKind(kind).label} {part}".strip(),
        changes={
            "version": (before.number if before else None, version.number),
            "items": (None, len(entries)),
        },
        reason=note,
    )
    return PublishedVersion(version, tuple(items), differences, tuple(new_bodies))


def _ended_items(plan: Plan, entries: Sequence[Entry], known: dict[int, int]) -> dict[int, int]:
    """Items that an earlier version had and the one in force has not, taken up again: same kind, number and title."""
    taken = set(known.values())
    ended: dict[tuple[str, str, str], int] = {}
    earlier = ItemText.objects.filter(item__plan=plan).exclude(item_id__in=taken).order_by("version__number")
    for item_id, kind, number, title in earlier.values_list("item_id", "kind", "number", "title"):
        ended[kind, fold_name(number), fold_name(title)] = item_id
    found = {}
    for entry in entries:
        if entry.index not in known:
            key = (entry.kind, fold_name(entry.number), fold_name(entry.title))
            if key in ended:
                found[entry.index] = ended.pop(key)
    return found


def _items_for(plan: Plan, entries: Sequence[Entry], known: dict[int, int]) -> list[Item]:
    fresh = iter(
        Item.objects.bulk_create(
            [Item(ward=plan.ward, plan=plan) for entry in entries if entry.index not in known]
        )
    )
    old = Item.objects.in_bulk(known.values())
    return [old[known[entry.index]] if entry.index in known else next(fresh) for entry in entries]


def _write_texts(version: PlanVersion, entries: Sequence[Entry], items: Sequence[Item]) -> list[ItemText]:
    texts: list[ItemText] = [
        ItemText(
            ward_id=version.ward_id,
            version=version,
            item=item,
            position=entry.index,
            depth=entry.depth,
            kind=entry.kind,
            number=entry.number,
            title=entry.title,
            text=entry.text,
            programme=entry.programme,
            budget_source=entry.budget_source,
            plan_bullets=list(entry.plan_bullets),
            source_page=entry.page,
            source_line=entry.line,
            places=list(entry.places),
        )
        for entry, item in zip(entries, items, strict=True)
    ]
    for depth in range(
        max((entry.depth for entry in entries), default=0) + 1
    ):  # a parent's key must be known first
        level = [entry for entry in entries if entry.depth == depth]
        for entry in level:
            if entry.parent is not None:
                texts[entry.index].parent = texts[entry.parent]
        ItemText.objects.bulk_create([texts[entry.index] for entry in level], batch_size=500)
    return texts


def _write_owners(
    ward: Ward, entries: Sequence[Entry], texts: Sequence[ItemText], actor: Person
) -> list[Body]:
    known = wards.known_bodies(ward)
    new_bodies: list[Body] = []
    owners: list[ItemOwner] = []
    for entry in entries:
        seen: set[int] = set()
        for printed in entry.owners:
            folded = fold_name(printed)
            if not folded:
                continue
            if folded not in known:
                known[folded] = wards.add_body(ward, printed, actor=actor)
                new_bodies.append(known[folded])
            body = known[folded]
            if body.pk in seen:
                continue
            seen.add(body.pk)
            owners.append(
                ItemOwner(
                    ward=ward,
                    text=texts[entry.index],
                    body=body,
                    role=OwnerRole.SHARED if len(entry.owners) > 1 else OwnerRole.LEAD,
                    position=len(seen),
                    printed_name=printed,
                )
            )
    ItemOwner.objects.bulk_create(owners, batch_size=500)
    return new_bodies


def _write_tags(ward: Ward, entries: Sequence[Entry], texts: Sequence[ItemText]) -> None:
    names = {name for entry in entries for name in entry.tags if name}
    if not names:
        return
    Tag.objects.bulk_create([Tag(ward=ward, name=name) for name in sorted(names)], ignore_conflicts=True)
    by_name = {tag.name: tag for tag in Tag.objects.filter(ward=ward, name__in=names)}
    through = ItemText.tags.through
    through.objects.bulk_create(
        [
            through(itemtext_id=texts[entry.index].pk, tag_id=by_name[name].pk)
            for entry in entries
            for name in entry.tags
            if name
        ],
        batch_size=500,
    )


def _write_amounts(ward: Ward, entries: Sequence[Entry], texts: Sequence[ItemText]) -> None:
    ItemAmount.objects.bulk_create(
        [
            ItemAmount(
                ward=ward,
                text=texts[entry.index],
                fiscal_year=money.fiscal_year,
                basis=money.basis,
                source=money.source,
                amount_yen=money.yen,
                printed=money.printed,
                printed_unit=money.unit,
            )
            for entry in entries
            for money in entry.money
        ],
        batch_size=500,
    )


@transaction.atomic
def delete_sample_plan(plan: Plan, *, actor: Person) -> None:
    """Take a plan of the sample away, with its versions, items and links. Raises PlanError for a real plan."""
    if not plan.is_sample:
        raise PlanError(_("サンプルではない計画は消せません。"))
    audit.record(ward=plan.ward, actor=actor, verb=SampleVerb.REMOVED, target=plan)
    plan.delete()
