"""What people who were sent did in a year, as a workbook: sums for paying, lines for checking. Plain values, no database."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from kusei.services.activities.queries.dispatch import PersonYear


def write_year(people: Sequence[PersonYear], names: Mapping[int, tuple[str, str]]) -> bytes:
    """Sheets まとめ and 明細; `names` are (name, kana) by id, those that were deleted left out."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    heading = book.add_format(
        {"bold": True, "bg_color": "#d9e6ff", "text_wrap": True, "valign": "top", "border": 1}
    )
    text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    number = book.add_format({"valign": "top", "num_format": "#,##0", "border": 1})
    total = book.add_format({"bold": True, "num_format": "#,##0", "top": 2})
    day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "border": 1})
    sums = book.add_worksheet(_("まとめ"))
    heads = (
        _("登録番号"),
        _("名前"),
        _("かな"),
        _("回数"),
        _("時間（分）"),
        _("謝金（円）"),
        _("実費（円）"),
        _("合計（円）"),
    )
    for place, (label, width) in enumerate(zip(heads, (9, 20, 20, 8, 11, 12, 12, 12), strict=True)):
        sums.set_column(place, place, width)
        sums.write_string(0, place, label, heading)
    for line, person in enumerate(people, start=1):
        name, kana = names.get(person.envoy.pk, (_("（消しました）"), ""))
        sums.write_number(line, 0, person.envoy.number, number)
        sums.write_string(line, 1, name, text)
        sums.write_string(line, 2, kana, text)
        values = (len(person.went), person.minutes, person.fee_yen, person.expenses_yen, person.yen)
        for place, value in enumerate(values, start=3):
            sums.write_number(line, place, value, number)
    last = len(people) + 1
    sums.write_string(last, 1, _("合計"), total)
    for place, values_ in enumerate(
        zip(*((len(p.went), p.minutes, p.fee_yen, p.expenses_yen, p.yen) for p in people), strict=True),
        start=3,
    ):
        letter = "DEFGH"[place - 3]
        sums.write_formula(last, place, f"=SUM({letter}2:{letter}{last})", total, sum(values_))
    lines = book.add_worksheet(_("明細"))
    columns = (
        _("登録番号"),
        _("名前"),
        _("日"),
        _("内容"),
        _("場所"),
        _("役割"),
        _("時間（分）"),
        _("謝金（円）"),
        _("実費（円）"),
        _("メモ"),
    )
    for place, (label, width) in enumerate(
        zip(columns, (9, 20, 12, 32, 22, 20, 11, 12, 12, 24), strict=True)
    ):
        lines.set_column(place, place, width)
        lines.write_string(0, place, label, heading)
    line = 0
    for person in people:
        for went in person.went:
            line += 1
            lines.write_number(line, 0, person.envoy.number, number)
            lines.write_string(line, 1, names.get(person.envoy.pk, (_("（消しました）"), ""))[0], text)
            lines.write_datetime(line, 2, went.on, day)  # type: ignore[arg-type]
            for place, words in ((3, went.title), (4, went.place), (5, went.role), (9, went.note)):
                lines.write_string(line, place, words, text)
            for place, value in ((6, went.minutes), (7, went.fee_yen), (8, went.expenses_yen)):
                lines.write_number(line, place, value, number)
    for sheet in (sums, lines):
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    book.close()
    return out.getvalue()
