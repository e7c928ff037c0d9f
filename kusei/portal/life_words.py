"""The genealogy in words: the finding on top, what happened in each year, and the drawing with its figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.portal.queries.life import ENDED, MERGED, MOVED, RENAMED, SPLIT, Life, LifeEvent, Station
from kusei.press import formats
from kusei.press.charts_flow import FlowBand, FlowNode, FlowRow

_NAME_LENGTH = 30
_MOST_EVENTS = 2
_LONGEST_GAP = 3
_ORDER = (MERGED, SPLIT, RENAMED, MOVED, ENDED)


def event_sentence(event: LifeEvent) -> str:
    """令和3年度に「A」と「B」が「C」にまとまりました。"""
    words = {
        "year": formats.wareki(event.fiscal_year),
        "before": _listed(event.before),
        "after": _listed(event.after),
    }
    if event.kind == MERGED:
        return _("%(year)sに%(before)sが%(after)sにまとまりました。") % words
    if event.kind == SPLIT:
        return _("%(year)sに%(before)sが%(after)sに分かれました。") % words
    if event.kind == RENAMED:
        return _("%(year)sに%(before)sから%(after)sへ名前が変わりました。") % words
    if event.kind == MOVED:
        return _("%(year)sに施策%(before)sから施策%(after)sへ移りました。") % words
    return _("%(year)sの公開文書には、%(before)sの続きがありません。") % words


def life_sentence(life: Life) -> str:
    """The finding: what became of it, and of its money."""
    events = sorted(life.events, key=lambda each: (_ORDER.index(each.kind), each.fiscal_year))
    chosen = sorted(events[:_MOST_EVENTS], key=lambda each: each.fiscal_year)
    told = [event_sentence(each) for each in chosen]
    years = [year for year in life.years if any(s.fiscal_year == year and s.nodes for s in life.stations)]
    if not told:
        if len(years) < 2:
            told = [
                _("%(year)sの公開文書だけに出てきます。前や後の年度とのつながりは確かめられていません。")
                % {"year": formats.wareki(years[0])}
            ]
        else:
            told = [
                _("%(first)sから%(last)sまで、名前も施策も変わらずに続いています。")
                % {"first": formats.wareki(years[0]), "last": formats.wareki(years[-1])}
            ]
    return "".join([*told, _money_sentence(life)])


def _money_sentence(life: Life) -> str:
    known = [(year, yen) for year in life.years if (yen := life.yen_of_year(year)) is not None]
    if len(known) < 2:
        return ""
    (first, first_yen), (last, last_yen) = known[0], known[-1]
    words = {
        "first": formats.wareki(first),
        "last": formats.wareki(last),
        "before": formats.thousand_yen(first_yen),
        "after": formats.thousand_yen(last_yen),
        "difference": formats.thousand_yen(abs(last_yen - first_yen)),
    }
    if last_yen > first_yen:
        return _("予算は%(first)sの%(before)sから%(last)sの%(after)sへ、%(difference)s増えました。") % words
    if last_yen < first_yen:
        return _("予算は%(first)sの%(before)sから%(last)sの%(after)sへ、%(difference)s減りました。") % words
    return _("予算は%(first)sも%(last)sも%(after)sです。") % words


def _listed(names: Sequence[str]) -> str:
    return _("と").join(_("「%(name)s」") % {"name": short(name)} for name in names)


def short(name: str) -> str:
    """A name that fits into a sentence."""
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def money_of(station: Station) -> str:
    """6,588千円, or that none is printed."""
    if station.yen is None:
        return _("金額の記載なし")
    return formats.thousand_yen(station.yen)


def drawing(life: Life, key: str) -> tuple[list[FlowRow], list[FlowNode], list[FlowBand]]:
    """Rows, nodes and bands for the flow chart; years without documents keep their row."""
    rows: list[FlowRow] = []
    row_of: dict[int, int] = {}
    last: int | None = None
    for year in life.years:
        missing = list(range(last + 1, year)) if last is not None else []
        if len(missing) > _LONGEST_GAP:
            rows.append(FlowRow(_("%(count)s年間") % {"count": len(missing)}, _("公開文書なし")))
        else:
            rows += [FlowRow(formats.wareki(each), _("公開文書なし")) for each in missing]
        row_of[year], last = len(rows), year
        inferred = all(each.is_inferred for each in life.stations if each.fiscal_year == year)
        rows.append(FlowRow(formats.wareki(year), _("翌年の予算書から") if inferred else ""))
    nodes = [
        FlowNode(
            key=station.number,
            row=row_of[station.fiscal_year],
            number=str(station.number),
            label=station.name,
            display=money_of(station),
            value=station.yen,
            href=reverse("portal:item", args=[key, station.nodes[0].public_id]) if station.nodes else "",
            is_emphasised=station.is_here,
            is_inferred=station.is_inferred,
        )
        for station in life.stations
    ]
    return rows, nodes, [FlowBand(flow.older, flow.newer, flow.is_automatic) for flow in life.flows]
