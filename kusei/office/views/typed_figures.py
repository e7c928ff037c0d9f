"""Figures typed into an answer: the buttons beside them, which save the whole form first so that nothing is lost."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kusei.office.views.draft_frame import number_of
from kusei.press.formats import wareki
from kusei.results import operations as results
from kusei.results.live import LiveFigure
from kusei.results.models import Answer
from kusei.results.queries.typed import typed_of
from kusei.wards.access import OfficeRequest

_MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
_DOES = ("replace", "keep", "count", "forget")


def asked_of(request: HttpRequest) -> tuple[str, str]:
    """(what to do, which figure) where a button beside a figure was pressed, else two empty words."""
    do, _colon, key = request.POST.get("do", "").partition(":")
    return (do, key) if do in _DOES else ("", "")


def act(request: OfficeRequest, answer: Answer, do: str, key: str) -> str:
    """Do it; returns what to tell. Raises ResultError, also where two wrote at once."""
    given = request.POST
    if do == "replace":
        results.replace_typed(answer=answer, key=key, actor=request.user)
        return _("台帳の数に置きかえました。確認済みになるまで、いつも今の合計になります。")
    if do == "keep":
        results.keep_typed(answer=answer, key=key, why=given.get(f"why-{key}", ""), actor=request.user)
        return _("理由を付けて、文の数を残しました。")
    if do == "count":
        count_as = results.CountAs(
            metric_id=number_of(given.get(f"metric-{key}", "")),
            new_name=given.get(f"name-{key}", ""),
            month=month if (month := number_of(given.get(f"month-{key}", ""))) in _MONTHS else None,
        )
        counted = results.count_typed(answer=answer, key=key, count_as=count_as, actor=request.user)
        return _("「%(printed)s」を実績に加えました。文から消すと、実績からも外れます。") % {
            "printed": counted.printed
        }
    results.forget_typed(answer=answer, key=key, actor=request.user)
    return _("元に戻しました。")


def panel(answer: Answer, figures: list[LiveFigure], *, can_write: bool, may_count: bool) -> dict[str, Any]:
    """What `office/results/parts/typed.html` shows. `may_count`: also while a planner looks at the answer."""
    typed = typed_of(answer, figures)
    return {
        "typed": typed,
        "typed_open": sum(each.needs_a_look for each in typed),
        "typed_can_write": can_write,
        "typed_may_count": may_count,
        "typed_months": _MONTHS,
        "typed_year": wareki(answer.collection.plan.fiscal_year),
    }


def panel_text(
    request: OfficeRequest, answer: Answer, figures: list[LiveFigure], *, can_write: bool, may_count: bool
) -> str:
    """The same as HTML, for a page that is open while its text is saved."""
    context = panel(answer, figures, can_write=can_write, may_count=may_count)
    return render_to_string("office/results/parts/typed.html", {**context, "answer": answer}, request)
