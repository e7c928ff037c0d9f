"""What a judgement of an indicator says, in a Japanese sentence with its numbers."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.ledger.saying import said
from kusei.results.judging import State, Why
from kusei.results.queries.indicators import IndicatorYear

STATE_WORDS = {
    State.ACHIEVED: gettext_lazy("達成"),
    State.ON_COURSE: gettext_lazy("順調"),
    State.BEHIND: gettext_lazy("遅れ"),
    State.MISSED: gettext_lazy("未達成"),
    State.NOT_MEASURABLE: gettext_lazy("測れない"),
}
STATE_LOOKS = {
    State.ACHIEVED: "done",
    State.ON_COURSE: "course",
    State.BEHIND: "waiting",
    State.MISSED: "wrong",
    State.NOT_MEASURABLE: "unknown",
}
"""The class of `.status--*`: each state has its word, its shape and its colour."""


def share_said(share: Fraction | None) -> str:
    """0.62 → 62％. A share that is there but rounds to nothing is 1％未満, one that is short of the whole never 100％."""
    if share is None:
        return ""
    if 0 < share < Fraction(1, 200):
        return _("1％未満")
    whole = int(share * 100 + Fraction(1, 2))
    if share < 1 <= Fraction(whole, 100):
        whole = 99
    return f"{whole}％"


def reason_said(year: IndicatorYear, *, months: int) -> str:
    """Why a judgement says what it says. `months` is how many months of the year are over."""
    judgement, indicator, metric = year.judgement, year.indicator, year.metric
    words = {
        "target": said(year.target, metric),
        "actual": said(year.figure.quantity if year.figure else None, metric),
        "baseline": said(indicator.baseline, metric),
        "share": share_said(judgement.share),
        "expected": share_said(judgement.expected),
        "when": _when(months),
    }
    match judgement.why:
        case Why.NO_TARGET:
            return _("この年度の目標値が決まっていません。")
        case Why.NO_FIGURE if year.figure is not None:
            return _("記録はありますが、この数え方では合わせた数を出せません。")
        case Why.NO_FIGURE:
            return _("実績がまだ記録されていません。")
        case Why.REACHED if judgement.share is None:
            return _("目標%(target)sに対して%(actual)sです。") % words
        case Why.REACHED:
            return _("目標%(target)sに対して%(actual)s（%(share)s）です。") % words
        case Why.KEPT_BELOW if judgement.state == State.ON_COURSE:
            return (
                _("%(when)s%(actual)sで、目標の%(target)s以内です。年度末まで超えなければ達成です。") % words
            )
        case Why.KEPT_BELOW:
            return _("目標%(target)s以内に対して%(actual)sです。") % words
        case Why.SHORT_AT_END:
            return _("年間目標%(target)sに対して%(actual)s（%(share)s）で年度を終えました。") % words
        case Why.ABOVE_AT_END:
            return _("目標%(target)s以内に対して%(actual)sで年度を終えました。") % words
        case Why.LIMIT_BROKEN:
            return _("%(when)s%(actual)sになり、目標の%(target)s以内を超えています。") % words
        case Why.AGAINST_LAST_YEAR:
            return _("%(when)s年間目標の%(share)s、前年同月は%(expected)s") % words
        case Why.AGAINST_MONTHS:
            return _("%(when)s年間目標の%(share)s、月割りでは%(expected)s") % words
        case Why.BETTER_THAN_BASELINE:
            return _("%(actual)sは基準値%(baseline)sよりよくなっています。目標は%(target)sです。") % words
        case Why.NO_BETTER_THAN_BASELINE:
            return _("%(actual)sは基準値%(baseline)sからよくなっていません。目標は%(target)sです。") % words
        case Why.SHORT:
            return (
                _("目標%(target)sに対して%(actual)sです。基準値がないので、よくなっているかは分かりません。")
                % words
            )
    raise ValueError(judgement.why)


def _when(months: int) -> str:
    """9月末で, by whole months of a year that begins in April."""
    if months <= 0:
        return _("年度の初めで")
    if months >= 12:
        return _("年度末で")
    return _("%(month)d月末で") % {"month": (months + 2) % 12 + 1}
