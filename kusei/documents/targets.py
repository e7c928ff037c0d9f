"""Which plan a document is to become: what its text says, unless a person says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kusei.documents.rules import UNKNOWN_KIND
from kusei.japanese.folding import fold_name
from kusei.plans.enums import PlanKind
from kusei.wards.models import Ward
from kusei.wards.rules import known_ward, split_full_name

_YEARS = range(1868, 2200)
"""From the first year of 明治; the end only keeps slips of the keyboard out."""


class DocumentError(Exception):
    """A document that cannot be taken in; the message is Japanese and says what to do."""


class AlreadyAccepted(DocumentError):
    """The document is taken in already."""


class NotMendable(DocumentError):
    """The document is not being taken in: it has not been started, or it is done."""


class WardUnknown(DocumentError):
    """The text names no ward, and nobody said which it is."""


class YearUnknown(DocumentError):
    """The text tells no fiscal year and nobody said which it is, or what was said is none."""


class KindUnknown(DocumentError):
    """No such kind of plan."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which plan a draft is to become."""

    ward_name: str
    fiscal_year: int
    kind: str
    part: str
    title: str


def target_of(
    draft: dict[str, Any],
    *,
    ward: str | None = None,
    fiscal_year: int | None = None,
    kind: str | None = None,
    part: str = "",
    title: str | None = None,
) -> Target:
    """Which plan a draft is to become. Raises WardUnknown, YearUnknown or KindUnknown with what to say."""
    ward_name = ward or draft.get("ward")
    if not ward_name:
        raise WardUnknown(_("どの区の文書か読み取れません。--ward 横浜市泉区 のように指定してください。"))
    year = draft.get("fiscal_year") if fiscal_year is None else fiscal_year
    if year is None:
        raise YearUnknown(_("年度が読み取れません。--year 2021 のように指定してください。"))
    if int(year) not in _YEARS:
        raise YearUnknown(
            _(
                "%(year)s年度という年度はありません。--year 2021 か --year 令和3年度 のように指定してください。"
            )
            % {"year": year}
        )
    plan_kind = kind or draft.get("kind") or UNKNOWN_KIND
    if plan_kind not in PlanKind.values:
        raise KindUnknown(
            _("種類「%(kind)s」はありません。%(kinds)s のどれかを指定してください。")
            % {"kind": plan_kind, "kinds": "、".join(PlanKind.values)}
        )
    stated = title if title is not None else draft.get("title") or ""
    return Target(ward_name, int(year), plan_kind, part[:60], stated.replace("\x00", "")[:300])


def names_another_ward(draft: dict[str, Any], target: Target, ward: Ward | None) -> bool:
    """Whether the text names a ward other than `target`'s (`ward`, where it is registered): somebody may have
    picked the wrong one. 泉区 and 横浜市泉区 are the same."""
    if not draft.get("ward"):
        return False
    known = known_ward(target.ward_name)
    meant = ward.full_name if ward else known.full_name if known else target.ward_name
    meant_city, meant_name = split_full_name(meant)
    stated_city, stated_name = split_full_name(draft["ward"])
    if stated_city and meant_city and fold_name(stated_city) != fold_name(meant_city):
        return True
    return fold_name(stated_name) != fold_name(meant_name)
