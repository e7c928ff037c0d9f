"""Pure rules on tenants and bodies: codes, what a name tells of its kind, and what may be an alias."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kusei.japanese.folding import fold, fold_name
from kusei.wards.enums import BodyKind, WardKind

_CODE_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five_digits: str) -> int:
    """The sixth digit of a 全国地方公共団体コード. Source: 総務省, 全国地方公共団体コード 検査数字 (modulus 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(five_digits, _CODE_WEIGHTS, strict=True))
    return (11 - total % 11) % 10


def is_ward_code(text: str) -> bool:
    """Whether `text` is six digits (any width) whose last one is the right check digit."""
    digits = fold(text)
    return bool(re.fullmatch(r"[0-9]{6}", digits)) and check_digit(digits[:5]) == int(digits[5])


@dataclass(frozen=True, slots=True)
class KnownWard:
    """A ward that Kusei knows as a public fact: its code, its city, and the other cities with a ward of that name."""

    code: str
    name: str
    city_code: str
    city_name: str
    also_in: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.city_name}{self.name}"


@cache
def known_wards() -> tuple[KnownWard, ...]:
    """The wards of `known_wards.json`."""
    data = json.loads((Path(__file__).parent / "known_wards.json").read_text(encoding="utf-8"))
    cities = {city["code"]: city["name"] for city in data["cities"]}
    return tuple(
        KnownWard(
            code=ward["code"],
            name=ward["name"],
            city_code=ward["parent"],
            city_name=cities[ward["parent"]],
            also_in=tuple(ward.get("also_in", ())),
        )
        for ward in data["wards"]
    )


def known_ward(name_or_code: str) -> KnownWard | None:
    """The known ward with this code, full name (横浜市泉区) or name, or None. A name borne by wards of several cities is
    returned too: `also_in` says so."""
    key = fold_name(name_or_code)
    for ward in known_wards():
        if key in {ward.code, fold_name(ward.full_name), fold_name(ward.name)}:
            return ward
    return None


def city_told_by(text: str, ward: KnownWard) -> bool:
    """Whether `text` speaks of the ward's own city and of none of the others that have a ward of the same name."""
    folded = fold(text)

    def speaks_of(city: str) -> bool:
        return city.removesuffix("市") in folded

    return speaks_of(ward.city_name) and not any(f"{city}" in folded for city in ward.also_in)


def split_full_name(name: str) -> tuple[str | None, str]:
    """横浜市泉区 → ("横浜市", "泉区"); 泉区 → (None, "泉区"); 四日市市 → (None, "四日市市"); 東京都港区 → ("東京都", "港区")."""
    text = fold(name).strip()
    match = re.fullmatch(r"(.+[市都])([^市都]+区)", text)
    return (match[1], match[2]) if match else (None, text)


_WARD_KINDS = (
    (("区",), WardKind.WARD),
    (("市", "町", "村"), WardKind.CITY),
    (("省", "庁", "府省庁", "委員会", "内閣府"), WardKind.MINISTRY),
    (("都", "道", "府", "県"), WardKind.PREFECTURE),
)


def guess_ward_kind(name: str) -> WardKind:
    """The kind of tenant that the last character of its name tells; a ward where it tells none."""
    folded = fold_name(name)
    for suffixes, kind in _WARD_KINDS:
        if folded.endswith(suffixes) or (kind == WardKind.MINISTRY and folded == "内閣府"):
            return kind
    return WardKind.WARD


# The first suffix that fits decides; longer and more telling ones stand first.
_BODY_KINDS = (
    (("委員会", "協議会", "協議体", "審議会", "連絡会", "会議", "実行委員会", "本部会"), BodyKind.COMMITTEE),
    (("警察", "警察署", "消防署", "消防団", "消防", "消防(救急)", "医師会", "社会福祉協議会"), BodyKind.PARTNER),
    (("プラザ", "センター", "拠点", "保育園", "学校", "図書館", "館", "会館", "ハウス", "施設", "相談室", "病院"), BodyKind.FACILITY),
    (("課", "係", "担当", "室", "部", "局", "署", "事務所", "区役所", "市役所", "班"), BodyKind.DIVISION),
    (("団", "団体", "町内会", "自治会", "連合会", "クラブ", "サークル", "協会", "組合", "会", "隊", "チーム"), BodyKind.GROUP),
)  # fmt: skip
_PARTNER_SUFFIXES = ("社会福祉協議会", "初期集中支援チーム")


def guess_body_kind(name: str) -> BodyKind:
    """What kind of body a name speaks of, by its last characters; a division of the office where they tell nothing."""
    folded = fold_name(name)
    if folded.endswith(_PARTNER_SUFFIXES):
        return BodyKind.PARTNER
    for suffixes, kind in _BODY_KINDS:
        if folded.endswith(suffixes):
            return kind
    return BodyKind.DIVISION


def is_ward_variant(first: str, second: str, *, ward_name: str) -> bool:
    """Whether two names of bodies differ only by the ward's name before them (西土木事務所 / 土木事務所,
    泉区社会福祉協議会 / 区社会福祉協議会): worth proposing as an alias, never enough to merge."""

    def bare(name: str) -> str:
        folded = fold_name(name)
        stem = fold_name(ward_name)
        for prefix in (stem, stem.rstrip("区市町村"), "区", "市"):
            if prefix and folded.startswith(prefix) and len(folded) > len(prefix) + 1:
                return folded[len(prefix) :]
        return folded

    return fold_name(first) != fold_name(second) and bare(first) == bare(second)
