"""The ward's districts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold, fold_name
from kusei.wards import audit, permissions, uses
from kusei.wards.enums import WardVerb
from kusei.wards.errors import DistrictExists, DistrictInUse, DistrictTermWrong, NotADistrictName
from kusei.wards.models import District, Person, Ward

_NAME_LENGTH = 40
_LEAST_LENGTH = 2
_FIRST_YEAR, _LAST_YEAR = 1947, 2200


@transaction.atomic
def add_district(*, ward: Ward, name: str, actor: Person, position: int | None = None) -> District:
    """Register a district by the name that documents use; a 地区 at its end is left off. It comes last unless told otherwise.

    Raises NotADistrictName for names too short or too long to be looked for in texts, DistrictExists, NotAllowed.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), ward))
    name, folded = _checked_name(ward, name)
    if position is None:
        last = District.objects.filter(ward=ward).aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
    district = District.objects.create(ward=ward, name=name, folded=folded, position=position)
    audit.record(
        ward=ward, actor=actor, verb=WardVerb.DISTRICT_ADDED, target=district, changes={"name": (None, name)}
    )
    return district


@transaction.atomic
def rename_district(*, district: District, name: str, actor: Person) -> None:
    """Give a district another name: from now on items are found by that. Raises NotADistrictName, DistrictExists, NotAllowed."""
    _require(district, actor)
    name, folded = _checked_name(district.ward, name, but=district)
    before = district.name
    if before == name:
        return
    district.name, district.folded = name, folded
    district.save(update_fields=["name", "folded"])
    _record(district, actor, WardVerb.DISTRICT_RENAMED, name=(before, name))


@transaction.atomic
def move_district(*, district: District, places: int, actor: Person) -> None:
    """Move a district up (-1) or down (1) in the list; beyond its ends nothing happens. Raises NotAllowed."""
    _require(district, actor)
    # Two people who order at once: one waits, so that no district loses its place (PostgreSQL).
    found = list(District.objects.select_for_update().filter(ward=district.ward))
    before = next(at for at, each in enumerate(found) if each.pk == district.pk)
    after = min(max(before + places, 0), len(found) - 1)
    if after == before:
        return
    found.insert(after, found.pop(before))
    for at, each in enumerate(found):
        each.position = at
    District.objects.bulk_update(found, ["position"])
    district.position = after
    _record(district, actor, WardVerb.DISTRICT_MOVED, position=(before + 1, after + 1))


@transaction.atomic
def end_district(*, district: District, last_year: int | None, actor: Person) -> None:
    """Let a district end with a fiscal year: pages of later years have it no longer. None lets it go on.

    Raises DistrictTermWrong, NotAllowed.
    """
    _require(district, actor)
    if last_year is not None and not _FIRST_YEAR <= last_year <= _LAST_YEAR:
        raise DistrictTermWrong(_("最後の年度は、令和7年度 や 2025 のように書いてください。"))
    before, district.last_year = district.last_year, last_year
    if before == last_year:
        return
    district.save(update_fields=["last_year"])
    _record(district, actor, WardVerb.DISTRICT_ENDED, last_year=(before, last_year))


@transaction.atomic
def remove_district(*, district: District, actor: Person) -> None:
    """Take a district off the list that nothing published names (a slip). Raises DistrictInUse, NotAllowed."""
    _require(district, actor)
    if count := uses.district_uses(district):
        raise DistrictInUse(
            _("「%(name)s」は公開した項目や実績 %(count)d件に出てくるので、外せません。いまは無い地区なら、最後の年度を決めてください。")
            % {"name": district.name, "count": count}
        )  # fmt: skip
    _record(district, actor, WardVerb.DISTRICT_REMOVED, name=(district.name, None))
    district.delete()


def _require(district: District, actor: Person) -> None:
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), district.ward))


def _checked_name(ward: Ward, name: str, *, but: District | None = None) -> tuple[str, str]:
    name = fold(name).strip().removesuffix("地区")
    folded = fold_name(name)
    if not len(folded) >= _LEAST_LENGTH or len(name) > _NAME_LENGTH:
        raise NotADistrictName(
            _("地区の名称は、%(least)d字から%(most)d字までで書いてください。文書の中からこの名前を探します。")
            % {"least": _LEAST_LENGTH, "most": _NAME_LENGTH}
        )
    others = District.objects.filter(ward=ward, folded=folded)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise DistrictExists(_("「%(name)s」は登録済みです。") % {"name": name})
    return name, folded


def _record(district: District, actor: Person, verb: WardVerb, **changes: tuple[object, object]) -> None:
    audit.record(
        ward=district.ward, actor=actor, verb=verb, target=district, label=district.name, changes=changes
    )
