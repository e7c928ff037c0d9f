"""A year's results in two minutes, for a parent or a member of the council; one sheet of paper when printed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kusei.portal.charts import outcome_parts, outcome_sentence
from kusei.portal.queries.summary import FocusLine, Summary, summary_of
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats
from kusei.results.enums import Outcome


@require_safe
def summary(request: HttpRequest, key: str, fiscal_year: int) -> HttpResponse:
    """How many actions were done, the largest numbers, what did not work, and last year."""
    frame = frame_or_404(key, fiscal_year)
    found = summary_of(frame)
    address = reverse("portal:results", args=[key, fiscal_year])
    before = reverse("portal:results", args=[key, found.before]) if found.before else ""
    counts = list(found.counts.items())
    return ward_page(
        request,
        "portal/summary.html",
        frame,
        title=_("%(year)sの結果のまとめ") % {"year": formats.wareki(fiscal_year)},
        section="results",
        crumbs=[year_crumb(frame), Crumb(_("取組と結果"), address), Crumb(_("まとめ"))],
        year_view="portal:results_summary",
        context={
            "found": found,
            "sentence": outcome_sentence(counts),
            "last_year": compared_sentence(found),
            "parts": outcome_parts(counts),
            "outcomes": [
                (part, _narrowed(address, outcome=value), str(Outcome(value).label), count)
                for part, (value, count) in zip(outcome_parts(counts), counts, strict=True)
            ],
            "focuses": [(line, _focus_numbers(address, line)) for line in found.focuses],
            "compared": [
                (
                    str(Outcome(each.outcome).label),
                    each,
                    _narrowed(address, outcome=each.outcome),
                    _narrowed(before, outcome=each.outcome),
                )
                for each in found.compared
            ],
            "results_url": address,
            "before_url": before,
            "failures_url": _narrowed(address, outcome="not_as_planned", sort="outcome"),
            "corrected_url": _narrowed(address, corrected="1"),
        },
    )


def compared_sentence(found: Summary) -> str:
    """How much was done this year and the year before, as shares: the number of actions differs."""
    if found.before is None or not found.told:
        return ""
    done = {each.outcome: each for each in found.compared}.get(Outcome.DONE.value)
    now, then = (done.now, done.before) if done else (0, 0)
    return ngettext(
        "実施した割合は%(now)s（%(count)s件のうち%(done)s件）です。%(year)sは%(before)s（%(before_count)s件のうち%(before_done)s件）でした。",
        "実施した割合は%(now)s（%(count)s件のうち%(done)s件）です。%(year)sは%(before)s（%(before_count)s件のうち%(before_done)s件）でした。",
        found.total,
    ) % {
        "now": formats.percent(now / found.total),
        "count": formats.whole(found.total),
        "done": formats.whole(now),
        "year": formats.wareki(found.before),
        "before": formats.percent(then / found.before_total),
        "before_count": formats.whole(found.before_total),
        "before_done": formats.whole(then),
    }


def _focus_numbers(address: str, line: FocusLine) -> list[tuple[int, str]]:
    """The numbers of one heading, each with the rows it counts; rows under no heading have no address of their own."""
    asked = {
        "": line.total,
        Outcome.DONE.value: line.done,
        "not_as_planned": line.failed,
        "prepared_or_ended": line.other,
        Outcome.UNKNOWN.value: line.unknown,
    }
    focus = str(line.node.public_id) if line.node else ""
    return [
        (number, _narrowed(address, focus=focus, outcome=outcome) if focus else "")
        for outcome, number in asked.items()
    ]


def _narrowed(address: str, **asked: str) -> str:
    """The rows that a number counts."""
    text = urlencode({name: value for name, value in asked.items() if value})
    return f"{address}?{text}" if text else address
