"""派遣者名簿 as a table for Excel, and back: one row for each person. Plain values, no database."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter import Workbook

from kusei.japanese.fiscal_year import parse_date
from kusei.japanese.folding import fold, fold_name
from kusei.services.activities.dispatch_enums import EnvoyRole, FeePer
from kusei.services.activities.dispatching import words_of

COLUMNS = {
    "number": gettext_lazy("登録番号"), "name": gettext_lazy("名前"), "kana": gettext_lazy("かな"),
    "telephone": gettext_lazy("電話"), "mail": gettext_lazy("メール"), "roles": gettext_lazy("役割"),
    "languages": gettext_lazy("言語"), "themes": gettext_lazy("テーマ"), "districts": gettext_lazy("行ける地区"),
    "cannot": gettext_lazy("行けない日時"), "fee": gettext_lazy("謝金（円）"), "per": gettext_lazy("謝金の単位"),
    "expenses": gettext_lazy("実費を払う"), "until": gettext_lazy("登録の終わり"), "note": gettext_lazy("メモ"),
}  # fmt: skip
_ALSO = {"番号": "number", "氏名": "name", "ふりがな": "kana", "フリガナ": "kana", "カナ": "kana", "電話番号": "telephone", "メールアドレス": "mail", "地区": "districts", "謝金": "fee", "単位": "per", "実費": "expenses"}  # fmt: skip
_YES, _NO = (
    {"はい", "○", "〇", "1", "払う", "有", "あり", "yes"},
    {"", "いいえ", "×", "0", "払わない", "無", "なし", "no"},
)
_WIDTHS = (9, 18, 18, 16, 26, 22, 18, 18, 18, 26, 11, 12, 11, 14, 24)
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Cells:
    """One row as it was read. `number`: somebody who stands in the register. A column that the table does not have is None."""

    line: int
    number: int | None
    texts: Mapping[str, str]
    roles: tuple[str, ...] | None
    languages: tuple[str, ...] | None
    themes: tuple[str, ...] | None
    districts: tuple[int, ...] | None
    fee_yen: int | None
    fee_per: str | None
    pays_expenses: bool | None
    active_until: date | None
    says_until: bool
    problems: tuple[str, ...]


def read_cells(table: Sequence[Sequence[str]], districts: Mapping[str, int]) -> list[Cells]:
    """The rows of a pasted table with its headings; `districts` are ids by name. Raises ValueError (in words) where the headings
    say nothing or there are too many rows."""
    rows = [
        (number, list(cells))
        for number, cells in enumerate(table, start=1)
        if any(cell.strip() for cell in cells)
    ]
    names = {fold_name(str(label)): key for key, label in COLUMNS.items()} | {
        fold_name(name): key for name, key in _ALSO.items()
    }
    head = [names.get(fold_name(cell), "") for cell in rows[0][1]] if rows else []
    if "name" not in head:
        raise ValueError(
            _("1行目に見出しがありません。「名前」「電話」「役割」などの見出しの行から選んで写してください。")
        )
    twice = next((key for key in head if key and head.count(key) > 1), "")
    if twice:
        raise ValueError(_("「%(name)s」の列が二つあります。一つにしてください。") % {"name": COLUMNS[twice]})
    if len(rows) - 1 > MOST_ROWS:
        raise ValueError(_("一度に取り込めるのは%(most)d行までです。") % {"most": MOST_ROWS})
    places = {fold_name(name): pk for name, pk in districts.items()}
    return [
        _cells(line, {key: cells[at].strip() for at, key in enumerate(head) if key and at < len(cells)}, head, places)
        for line, cells in rows[1:]
    ]  # fmt: skip


def _cells(line: int, row: Mapping[str, str], head: Sequence[str], places: Mapping[str, int]) -> Cells:
    problems: list[str] = []

    def said(key: str) -> str | None:
        return row.get(key, "") if key in head else None

    def wrong(key: str, text: str) -> None:
        problems.append(
            _("「%(name)s」の「%(text)s」が読めません。") % {"name": COLUMNS[key], "text": text[:30]}
        )

    number = _whole(said("number") or "")
    if number is None and (said("number") or "").strip():
        wrong("number", said("number") or "")
    fee = _whole(said("fee") or "0") if "fee" in head else None
    if "fee" in head and fee is None:
        wrong("fee", said("fee") or "")
    until = _date(said("until") or "")
    if said("until") and until is None:
        wrong("until", said("until") or "")
    pays = None
    if (word := said("expenses")) is not None:
        plain = fold(word).strip().casefold()
        pays = plain in _YES
        if plain not in _YES | _NO:
            wrong("expenses", word)
    per = None
    if (word := said("per")) is not None:
        per = next((each.value for each in FeePer if fold_name(str(each.label)) == fold_name(word)), None)
        per = per or (
            FeePer.HOUR.value if "時間" in word else FeePer.TIME.value if not word or "回" in word else None
        )
        if per is None:
            wrong("per", word)
    return Cells(
        line, number, {key: row.get(key, "") for key in ("name", "kana", "telephone", "mail", "cannot", "note") if key in head},
        _choices(said("roles"), {fold_name(str(each.label)): each.value for each in EnvoyRole}, "roles", wrong),
        words_of(said("languages") or "") if "languages" in head else None,
        words_of(said("themes") or "") if "themes" in head else None,
        _choices(said("districts"), places, "districts", wrong),
        fee, per, pays, until, "until" in head, tuple(problems),
    )  # fmt: skip


def _choices(text: str | None, known: Mapping[str, object], key: str, wrong: object) -> tuple | None:  # type: ignore[type-arg]
    if text is None:
        return None
    found = []
    for part in re.split(r"[、,;\n]+", text):
        plain = fold_name(part)
        if not plain:
            continue
        exact = known.get(plain) or known.get(plain.removesuffix("地区"))
        if exact is None and key == "roles":
            near = [value for label, value in known.items() if plain in label]
            exact = near[0] if len(near) == 1 else None
        if exact is None:
            wrong(key, part)  # type: ignore[operator]
        elif exact not in found:
            found.append(exact)
    return tuple(found)


def _whole(text: str) -> int | None:
    plain = re.sub(r"[,円\s]", "", fold(text))
    return int(plain) if plain.isdecimal() and plain.isascii() and len(plain) < 9 else None


def _date(text: str) -> date | None:
    return parse_date(text.replace("-", "/")) if text.strip() else None


def write_table(title: str, rows: Sequence[Mapping[str, str | int]]) -> bytes:
    """The register as .xlsx with the headings that `read_cells` reads."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    heading = book.add_format({"bold": True, "bg_color": "#d9e6ff", "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    number = book.add_format({"valign": "top", "num_format": "#,##0"})
    sheet = book.add_worksheet(title[:31])
    for place, (_key, label) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, _WIDTHS[place])
        sheet.write_string(0, place, str(label), heading)
    for line, row in enumerate(rows, start=1):
        for place, key in enumerate(COLUMNS):
            value = row[key]
            if isinstance(value, int):
                sheet.write_number(line, place, value, number)
            elif value:
                sheet.write_string(line, place, value, text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()
