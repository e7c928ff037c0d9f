"""The portal's charts: which figures go into which drawing, and the sentence that says the finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kusei.portal.queries.item_years import YearMoney
from kusei.portal.queries.measures import MeasureRow
from kusei.press import formats
from kusei.press.charts import Bar, Part, Tile
from kusei.results.enums import Outcome

# Colour and pattern by outcome; the words stand beside them wherever they are shown.
_OUTCOME_LOOK = {
    Outcome.DONE: ("#197a4b", "plain"),
    Outcome.PARTLY: ("#0066be", "stripes"),
    Outcome.PREPARED: ("#006f83", "dots"),
    Outcome.POSTPONED: ("#ac3e00", "dots"),
    Outcome.SUSPENDED: ("#806300", "grid"),
    Outcome.CANCELLED: ("#ce0000", "stripes"),
    Outcome.NONE: ("#4d4d4d", "grid"),
    Outcome.ENDED: ("#5109ad", "plain"),
    Outcome.UNKNOWN: ("#949494", "stripes"),
}


def outcome_parts(outcomes: Iterable[tuple[str, int]]) -> list[Part]:
    """The parts of the bar of outcomes."""
    return [
        Part(
            label=str(Outcome(value).label),
            value=count,
            display=_("%(count)s件") % {"count": formats.whole(count)},
            colour=_OUTCOME_LOOK[Outcome(value)][0],
            pattern=_OUTCOME_LOOK[Outcome(value)][1],
        )
        for value, count in outcomes
    ]


def outcome_sentence(outcomes: Iterable[tuple[str, int]]) -> str:
    """223の取組のうち、172を実施しました。 Empty where nothing is reported."""
    counts = dict(outcomes)
    total = sum(counts.values())
    told = total - counts.get(Outcome.UNKNOWN.value, 0)
    if not total:
        return ""
    if not told:
        return _("%(total)sの取組を計画しています。") % {"total": formats.whole(total)}
    return _("%(total)sの取組のうち、%(done)sを実施しました。") % {
        "total": formats.whole(total),
        "done": formats.whole(counts.get(Outcome.DONE.value, 0)),
    }


def outcomes_sentence(outcomes: Iterable[tuple[str, int]]) -> str:
    """実施 4件、中止 1件."""
    return _("、").join(
        _("%(outcome)s %(count)s件") % {"outcome": Outcome(value).label, "count": formats.whole(count)}
        for value, count in outcomes
    )


def money_bars(money: Sequence[YearMoney], fiscal_year: int) -> list[Bar]:
    """One bar a year; the year of the page stands out."""
    return [
        Bar(
            label=formats.wareki(each.fiscal_year),
            value=each.yen,
            display=formats.thousand_yen(each.yen),
            note=_("翌年の予算書") if each.is_from_next_year else "",
            is_emphasised=each.fiscal_year == fiscal_year,
        )
        for each in money
    ]


def money_sentence(money: Sequence[YearMoney]) -> str:
    """The finding of the chart: how the last two years compare."""
    if not money:
        return ""
    last = money[-1]
    words = {"year": formats.wareki(last.fiscal_year), "amount": formats.thousand_yen(last.yen)}
    if len(money) == 1:
        return _("%(year)sの予算は%(amount)sです。") % words
    before = money[-2]
    words |= {
        "before": formats.wareki(before.fiscal_year),
        "difference": formats.thousand_yen(abs(last.yen - before.yen)),
    }
    if last.yen > before.yen:
        return _("%(year)sの予算は%(amount)sで、%(before)sより%(difference)s増えました。") % words
    if last.yen < before.yen:
        return _("%(year)sの予算は%(amount)sで、%(before)sより%(difference)s減りました。") % words
    return _("%(year)sの予算は%(amount)sで、%(before)sと同じです。") % words


def budget_tiles(measures: Sequence[MeasureRow], key: str) -> list[Tile]:
    """A tile for each project, coloured by measure."""
    return [
        Tile(
            label=project.name,
            value=project.yen or 0,
            display=formats.thousand_yen(project.yen or 0),
            href=reverse("portal:item", args=[key, project.node.public_id]),
            group=place,
        )
        for place, measure in enumerate(measures)
        for project in measure.projects
        if project.yen
    ]


def budget_sentence(total_yen: int, projects: int, largest: str, largest_yen: int) -> str:
    """The finding of the tree map."""
    if not projects:
        return ""
    return ngettext(
        "%(total)sを%(count)s事業に使います。いちばん大きいのは「%(largest)s」の%(amount)sです。",
        "%(total)sを%(count)s事業に使います。いちばん大きいのは「%(largest)s」の%(amount)sです。",
        projects,
    ) % {
        "total": formats.thousand_yen(total_yen),
        "count": formats.whole(projects),
        "largest": largest,
        "amount": formats.thousand_yen(largest_yen),
    }
