"""Two years of a ward, or two wards, side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.compare_words import comparison_sentence, side_name
from kusei.portal.queries.compare import ALIKE, LINKED, SAME_NAME, Comparison, Pairing, choices, comparison
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.measures import ProjectRow
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.press.csv_files import csv_answer


@require_safe
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Choose two, and see them. `year` is this ward's, `with` the other side as key:year."""
    frame, found, is_wrong = _asked(request, key)
    sides = choices(frame)
    chosen = request.GET.get("with", "") or (
        f"{found.left.ward.key}:{found.left.fiscal_year}"
        if found and found.left.fiscal_year != frame.fiscal_year
        else ""
    )
    query = urlencode({"year": frame.fiscal_year or "", "with": chosen})
    names = (side_name(found.left, found), side_name(found.right, found)) if found else ("", "")
    return ward_page(
        request,
        "portal/compare.html",
        frame,
        title=_("%(one)sと%(other)sを比べる") % {"one": names[0], "other": names[1]}
        if found
        else _("比べる"),
        section="compare",
        crumbs=[Crumb(_("比べる"))],
        context={
            "found": found,
            "is_wrong": is_wrong,
            "sides": sides,
            "chosen": chosen,
            "left_name": names[0],
            "right_name": names[1],
            "sentence": comparison_sentence(found) if found else "",
            "csv_url": f"{reverse('portal:compare_csv', args=[key])}?{query}",
        },
        status=404 if is_wrong else 200,
    )


@require_safe
def compare_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The table as a file for a spreadsheet; money in yen."""
    _frame, found, _is_wrong = _asked(request, key)
    if found is None:
        raise Http404(_("この組み合わせは比べられません。"))
    left, right = side_name(found.left, found), side_name(found.right, found)
    heading = [
        _("%(side)sの施策") % {"side": left}, _("%(side)sの事業") % {"side": left},
        _("%(side)sの予算（円）") % {"side": left}, _("%(side)sの施策") % {"side": right},
        _("%(side)sの事業") % {"side": right}, _("%(side)sの予算（円）") % {"side": right},
        _("差（円）"), _("並べた理由"), _("共通の言葉"),
    ]  # fmt: skip
    name = _("%(left)sと%(right)sの比較.csv") % {"left": left, "right": right}
    return csv_answer(name, heading, _lines(found))


def basis_label(basis: str, *, is_one_ward: bool) -> str:
    """Why two things stand in one row, in words."""
    if basis == LINKED:
        return _("続きとして確かめたもの")
    if basis == SAME_NAME:
        return _("同じ名前") if is_one_ward else _("同じ名前（別の区のもの）")
    if basis == ALIKE:
        return _("言葉が似ている")
    return ""


def _asked(request: HttpRequest, key: str) -> tuple[Frame, Comparison | None, bool]:
    """The frame, what is compared, and whether the address asks for something that is not there."""
    frame = frame_or_404(key)
    wanted, other = request.GET.get("year", ""), request.GET.get("with", "")
    years = frame.years
    is_wrong = False
    if wanted.isascii() and wanted.isdigit() and int(wanted[:6]) in years:
        frame = frame.in_year(int(wanted[:6]))
    elif wanted:
        is_wrong = True
    if not other and frame.fiscal_year is not None:
        before = next((year for year in years if year < (frame.fiscal_year or 0)), None)
        found = comparison(frame, key, before) if before is not None else None
        return frame, found, is_wrong
    other_key, _colon, year = other.rpartition(":")
    if is_wrong or frame.fiscal_year is None or not (year.isascii() and year.isdigit() and len(year) == 4):
        return frame, None, bool(wanted or other)
    found = comparison(frame, other_key, int(year))
    return frame, found, found is None


def _lines(found: Comparison) -> list[list[str]]:
    def measured(label: str, projects: tuple[ProjectRow, ...]) -> str:
        return label if projects else ""

    def written(amount: int | None) -> str:
        return "" if amount is None else str(amount)

    lines = []
    for group in found.groups:
        left = group.left.node.label if group.left else ""
        right = group.right.node.label if group.right else ""
        lines.append(
            _line((left, "", written(group.left.yen if group.left else None)),
                  (right, "", written(group.right.yen if group.right else None)),
                  written(group.difference_yen), group.pairing, found)
        )  # fmt: skip
        lines += [
            _line(
                (measured(left, row.lefts), "・".join(each.name for each in row.lefts), written(row.left_yen)),
                (row.right_measure or measured(right, row.rights), "・".join(each.name for each in row.rights),
                 written(row.right_yen)),
                written(row.difference_yen), row.pairing, found,
            )
            for row in group.rows
        ]  # fmt: skip
    return [line for line in lines if any(line[:6])]


def _line(
    left: tuple[str, str, str],
    right: tuple[str, str, str],
    difference: str,
    pairing: Pairing,
    found: Comparison,
) -> list[str]:
    return [
        *left, *right, difference, basis_label(pairing.basis, is_one_ward=found.is_one_ward),
        "、".join(pairing.shared),
    ]  # fmt: skip
