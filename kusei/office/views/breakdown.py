"""One figure taken apart by month, year, body and district: the charts' and the file's plain parts, for figures and indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure
from kusei.ledger.saying import number_said, said
from kusei.press.charts import Bar, bar_chart
from kusei.press.csv_files import csv_answer
from kusei.press.formats import short_wareki, wareki

Named = Iterable[tuple[str, int | None]]


def years_chart(
    metric: Metric,
    years: Sequence[tuple[int, Figure]],
    current: int,
    targets: Mapping[int, int] | None = None,
) -> str:
    """The years as bars, with their targets; nothing with fewer than two."""
    if len(years) < 2:
        return ""
    known = targets or {}
    highest_year, highest = max(years, key=lambda pair: pair[1].quantity or 0)
    return bar_chart(
        [
            Bar(
                label=short_wareki(each),
                value=float(figure.quantity or 0),
                display=said(figure.quantity, metric),
                note=_("目標 %(number)s") % {"number": said(known[each], metric)} if each in known else "",
                is_emphasised=each == current,
            )
            for each, figure in years
        ],
        title=_("いちばん大きいのは%(year)sの%(number)sです")
        % {"year": wareki(highest_year), "number": said(highest.quantity, metric)},
        description="、".join(f"{wareki(each)} {said(figure.quantity, metric)}" for each, figure in years),
        name="years",
    )


def with_shares(rows: Named) -> list[tuple[str, int | None, float]]:
    """(name, quantity, share of the largest from 0 to 1), as the bars beside a table want it."""
    found = list(rows)
    largest = max((quantity or 0 for _name, quantity in found), default=0) or 1
    return [(name, quantity, max((quantity or 0) / largest, 0)) for name, quantity in found]


def breakdown_file(
    name: str,
    metric: Metric,
    *,
    months: Named,
    years: Named,
    bodies: Named,
    districts: Named,
    targets: Mapping[str, int] | None = None,
) -> HttpResponse:
    """All four as one CSV file: what it is divided by, the part, its number, the unit, and the year's target."""
    known = targets or {}
    dimensions = (
        (_("月"), months, ""), (_("年度"), years, ""),
        (_("実施主体"), bodies, _("実施主体の指定なし")), (_("地区"), districts, _("地区の指定なし")),
    )  # fmt: skip
    rows = [
        (
            dimension,
            part or nobody,
            "" if quantity is None else number_said(quantity, metric).replace(",", ""),
            metric.unit,
            number_said(known[part], metric).replace(",", "")
            if dimension == _("年度") and part in known
            else "",
        )
        for dimension, parts, nobody in dimensions
        for part, quantity in parts
    ]
    heading = [_("分け方"), _("区分"), _("数"), _("単位"), _("目標")]
    return csv_answer(f"{name}.csv".replace("/", "／"), heading, rows)
