"""Finding and registering tenants."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold, fold_name
from kusei.wards import audit, colours, permissions, rules
from kusei.wards.enums import WardKind, WardVerb
from kusei.wards.errors import AmbiguousWard, InvalidWardCode, NotAColour, WardExists, WardNotFound
from kusei.wards.models import Person, Ward
from kusei.wards.operations.people import end_sample_roles


def find_ward(name_or_code: str) -> Ward:
    """The registered ward meant by a code (141160), a full name (横浜市泉区) or a name (泉区).

    Raises WardNotFound, or AmbiguousWard where wards of several cities bear the name.
    """
    key = fold_name(name_or_code)
    wards = list(Ward.objects.select_related("parent"))
    found = [ward for ward in wards if key in {ward.code, ward.key, fold_name(ward.full_name)}]
    found = found or [ward for ward in wards if fold_name(ward.name) == key]
    if len(found) > 1:
        names = "、".join(ward.full_name for ward in found)
        raise AmbiguousWard(
            _("「%(name)s」は%(names)sのどれかわかりません。市の名前か団体コードを付けてください。")
            % {"name": name_or_code, "names": names}
        )
    if not found:
        raise WardNotFound(
            _("「%(name)s」は登録されていません。例: 横浜市泉区、141160") % {"name": name_or_code}
        )
    return found[0]


@transaction.atomic
def add_ward(
    name: str,
    *,
    actor: Person,
    code: str | None = None,
    parent: Ward | None = None,
    kind: WardKind | None = None,
    is_sample: bool = False,
) -> Ward:
    """Register a tenant. Raises InvalidWardCode or WardExists; a known ward's name alone adds no code by itself.
    Only an operator may: raises NotAllowed for others."""
    permissions.require(permissions.may_register_wards(permissions.rights_of(actor)))
    name = fold(name).strip()
    code = fold(code) if code else None
    if code and not rules.is_ward_code(code):
        raise InvalidWardCode(
            _("「%(code)s」は全国地方公共団体コード（検査数字を含む6桁）ではありません。") % {"code": code}
        )
    digest = hashlib.sha256(f"{parent.name if parent else ''}{name}".encode()).hexdigest()[:8]
    key = code or f"ward-{digest}"
    same_name = Ward.objects.filter(name=name, parent=parent)
    if Ward.objects.filter(key=key).exists() or same_name.exists():
        raise WardExists(_("%(name)sは登録済みです。") % {"name": name})
    ward = Ward.objects.create(
        key=key,
        code=code,
        name=name,
        kind=kind or rules.guess_ward_kind(name),
        parent=parent,
        is_sample=is_sample,
    )
    audit.record(
        ward=ward, actor=actor, verb=WardVerb.WARD_ADDED, target=ward, changes={"name": (None, name)}
    )
    return ward


def find_or_add_ward(
    name_or_code: str, *, actor: Person, context: str = "", is_sample: bool = False
) -> tuple[Ward, bool]:
    """The ward a document names, registered if need be; the second value tells whether it is new.

    `context` is the document's text: it decides which city a bare name (泉区) belongs to where several cities have one.
    Raises AmbiguousWard where neither the database nor the text tells, InvalidWardCode for a code of no ward,
    NotAllowed where the ward is new and `actor` is no operator.
    """
    try:
        return find_ward(name_or_code), False
    except WardNotFound:
        pass
    check_new_ward(name_or_code, context=context)
    if known := rules.known_ward(name_or_code):
        parent = Ward.objects.filter(code=known.city_code).first() or add_ward(
            known.city_name, actor=actor, code=known.city_code, kind=WardKind.CITY, is_sample=is_sample
        )
        return add_ward(known.name, actor=actor, code=known.code, parent=parent, is_sample=is_sample), True
    city, bare = rules.split_full_name(name_or_code)
    above: Ward | None = None
    if city:
        above = Ward.objects.filter(name=city).first() or add_ward(city, actor=actor, is_sample=is_sample)
    return add_ward(bare, actor=actor, parent=above, is_sample=is_sample), True


def check_new_ward(name_or_code: str, *, context: str = "") -> None:
    """Whether a ward that is not registered could be, under what `name_or_code` says; changes nothing.

    Raises AmbiguousWard or InvalidWardCode, as `find_or_add_ward` would.
    """
    known = rules.known_ward(name_or_code)
    city, bare = rules.split_full_name(name_or_code)
    if known and not (city or bare == known.code or not known.also_in or rules.city_told_by(context, known)):
        cities = "、".join(f"{each}{known.name}" for each in (known.city_name, *known.also_in))
        raise AmbiguousWard(
            _("「%(name)s」はいくつかの市にあります（%(cities)s）。「%(example)s」のように市の名前を付けるか、団体コードで指定してください。")
            % {"name": name_or_code, "cities": cities, "example": known.full_name}
        )  # fmt: skip
    if bare.isdigit() and not known:
        raise InvalidWardCode(
            _("団体コード %(code)s の団体を知りません。名前で指定してください。") % {"code": bare}
        )


@transaction.atomic
def change_ward(
    *,
    ward: Ward,
    actor: Person,
    accent: str,
    name_kana: str,
    name_en: str,
    contact_office: str,
    contact_telephone: str,
    contact_address: str,
) -> None:
    """Set what the ward's own pages look like and whom residents can ask.

    Raises NotAColour for a colour that cannot be read on white (an empty one is the house's own), NotAllowed.
    """
    permissions.require(permissions.may_administer(permissions.rights_of(actor), ward))
    wanted = {
        "accent": _checked_accent(accent),
        "name_kana": fold(name_kana).strip(),
        "name_en": fold(name_en).strip(),
        "contact_office": contact_office.strip(),
        "contact_telephone": fold(contact_telephone).strip(),
        "contact_address": contact_address.strip(),
    }
    changes = {field: (getattr(ward, field), value) for field, value in wanted.items()}
    changes = {field: (before, after) for field, (before, after) in changes.items() if before != after}
    if not changes:
        return
    for field, (_before, after) in changes.items():
        setattr(ward, field, after)
    ward.save(update_fields=list(changes))
    audit.record(ward=ward, actor=actor, verb=WardVerb.WARD_CHANGED, target=ward, changes=changes)


def _checked_accent(text: str) -> str:
    if not text.strip():
        return ""
    colour = colours.colour_of(fold(text))
    if colour is None:
        raise NotAColour(_("色は #0a6b3d のように、# と6桁の英数字（0-9、a-f）で書いてください。"))
    if not colours.is_readable_on_white(colour):
        raise NotAColour(
            _("この色は白地では薄くて読めません（コントラスト比 %(ratio)s、必要な値は %(needed)s 以上）。もっと濃い色にしてください。")
            % {"ratio": f"{colours.contrast(colour, '#ffffff'):.1f}", "needed": colours.READABLE}
        )  # fmt: skip
    return colour


@transaction.atomic
def make_real(ward: Ward, *, actor: Person) -> int:
    """A ward of the sample whose own document came in is a sample no longer (nor is its city), and the sample's log-ins
    end there. Returns how many; none in a demo that anybody may try, which begins anew anyway."""
    for each in Ward.objects.filter(pk__in=[ward.pk, ward.parent_id], is_sample=True):
        each.is_sample = False
        each.save(update_fields=["is_sample"])
        audit.record(
            ward=each,
            actor=actor,
            verb=WardVerb.WARD_CHANGED,
            target=each,
            changes={"is_sample": (True, False)},
        )
    was_sample, ward.is_sample = ward.is_sample, False
    return end_sample_roles(ward, actor=actor) if was_sample and not settings.KUSEI_DEMO else 0
