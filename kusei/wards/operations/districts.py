"""The ward's districts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold, fold_name
from kusei.wards import audit, permissions
from kusei.wards.enums import WardVerb
from kusei.wards.errors import DistrictExists, NotADistrictName
from kusei.wards.models import District, Person, Ward

_NAME_LENGTH = 40
_LEAST_LENGTH = 2


@transaction.atomic
def add_district(*, ward: Ward, name: str, actor: Person, position: int | None = None) -> District:
    """Register a district by the name that documents use; a 地区 at its end is left off. It comes last unless told otherwise.

    Raises NotADistrictName for names too short or too long to be looked for in texts, DistrictExists, NotAllowed.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), ward))
    name = fold(name).strip().removesuffix("地区")
    folded = fold_name(name)
    if not len(folded) >= _LEAST_LENGTH or len(name) > _NAME_LENGTH:
        raise NotADistrictName(
            _("地区の名称は、%(least)d字から%(most)d字までで書いてください。文書の中からこの名前を探します。")
            % {"least": _LEAST_LENGTH, "most": _NAME_LENGTH}
        )
    if District.objects.filter(ward=ward, folded=folded).exists():
        raise DistrictExists(_("「%(name)s」は登録済みです。") % {"name": name})
    if position is None:
        last = District.objects.filter(ward=ward).aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
    district = District.objects.create(ward=ward, name=name, folded=folded, position=position)
    audit.record(
        ward=ward, actor=actor, verb=WardVerb.DISTRICT_ADDED, target=district, changes={"name": (None, name)}
    )
    return district


@transaction.atomic
def remove_district(*, district: District, actor: Person) -> None:
    """Take a district off the list. No plan changes: items are found by the name in their text."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), district.ward))
    audit.record(
        ward=district.ward,
        actor=actor,
        verb=WardVerb.DISTRICT_REMOVED,
        target=district,
        changes={"name": (district.name, None)},
    )
    district.delete()
