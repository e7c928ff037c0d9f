"""A published figure in words: how it is written, how it moved from year to year, and where its own page is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kusei.ledger.enums import Adding
from kusei.ledger.queries.public import MonthShare, NamedShare
from kusei.press import formats
from kusei.press.languages import current
from kusei.results.queries import Figure, Trend

if TYPE_CHECKING:
    from kusei.ledger.models import Metric
    from kusei.portal.queries.figure import FigurePage

_PERCENT = ("%", "％")


def slug_of(figure: Figure) -> str:
    """What stands in the address of a figure's page: its metric, or its place among the numbers of the text."""
    return f"m{figure.metric_id}" if figure.metric_id is not None else f"n{figure.position + 1}"


def written(value: Decimal, unit: str) -> str:
    """28件, 延べ1,251人: with the unit as it is said."""
    before, behind = formats.around(unit)
    return f"{before}{formats.whole(value)}{behind}"


def said(value: Decimal, unit: str) -> str:
    """A number within a sentence: units are Japanese words, which no other language's sentence takes up."""
    if current().is_japanese:
        return written(value, unit)
    return f"{formats.whole(value)}{'%' if unit in _PERCENT else ''}"


def label_of(figure: Figure) -> str:
    """What a number counts, as it is printed; what code counts in, in the language that is spoken."""
    return _(figure.label) if figure.metric_id is not None and figure.label else figure.label


def trend_sentence(trend: Trend, fiscal_year: int) -> str:
    """前年度（25人）より1人増えました。 Neither more nor less is called good."""
    before = trend.before
    words = {
        "year": formats.wareki(before.fiscal_year),
        "before": said(before.value, before.figure.unit),
        "difference": _difference(abs(trend.difference), trend.last.figure.unit),
    }
    if before.fiscal_year == fiscal_year - 1:
        if trend.difference > 0:
            return _("前年度（%(before)s）より%(difference)s増えました") % words
        if trend.difference < 0:
            return _("前年度（%(before)s）より%(difference)s減りました") % words
        return _("前年度（%(before)s）と同じです") % words
    if trend.difference > 0:
        return _("%(year)s（%(before)s）より%(difference)s増えました") % words
    if trend.difference < 0:
        return _("%(year)s（%(before)s）より%(difference)s減りました") % words
    return _("%(year)s（%(before)s）と同じです") % words


def _difference(value: Decimal, unit: str) -> str:
    if unit in _PERCENT:
        return _("%(number)sポイント") % {"number": formats.whole(value)}
    return said(value, unit)


def counted(words: str, metric: Metric) -> str:
    """The name or definition of a metric: those that code declares in the language that is spoken."""
    return _(words) if metric.ward_id is None and words else words


def counting_sentence(page: FigurePage) -> str:
    """How the number came about, in a sentence."""
    metric, year = page.metric, formats.wareki(page.spot.node.fiscal_year)
    if metric is None:
        return _("%(year)sの結果の文に書かれている数です。区の記録から計算した数ではありません。") % {
            "year": year
        }
    words = {"year": year, "metric": counted(metric.name, metric)}
    match metric.adding:
        case Adding.LAST:
            return _("%(year)sの最後に記録された「%(metric)s」です。いくつかの担当や地区の記録があるときは、それぞれの最後の数を足しています。") % words  # fmt: skip
        case Adding.RATE:
            over, under = (
                counted(part.name, part) if part else "" for part in (metric.numerator, metric.denominator)
            )
            return _("%(year)sの「%(over)s」を「%(under)s」で割った割合です。") % {
                "year": year, "over": over, "under": under,
            }  # fmt: skip
        case Adding.DISTINCT:
            return _("%(year)sの「%(metric)s」です。同じ人や団体は、一度だけ数えています。") % words
    return _("%(year)sに、この取組で記録した「%(metric)s」を全部足した数です。") % words


def month_name(share: MonthShare) -> str:
    """4月, or 4月から6月まで where months were drawn together."""
    first, last = (formats.month_name((place + 3) % 12 + 1) for place in (share.first, share.last))
    if first == last:
        return first
    return _("%(first)sから%(last)sまで") % {"first": first, "last": last}


def share_name(share: NamedShare) -> str:
    """The body or district; several that were drawn together in one line."""
    return _("・").join(name or _("記載なし") for name in share.names)
