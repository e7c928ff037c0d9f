"""A year's results as a workbook for Excel: laid out for A4 landscape, real numbers and days, no formula that anybody typed.

Plain values, no database. The same year gives the same bytes: nothing in the file tells when it was written.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from kusei.japanese.fiscal_year import wareki_year
from kusei.press.languages import JAPANESE
from kusei.results.enums import Outcome
from kusei.results.year_book import Line, YearBook, by_focus, outcomes_of

_MOST_CHARACTERS = 550
"""A row of Excel is at most 409 points high: what is longer goes on in the next row, or the printer would cut it."""
_MOST_PLANNED = 350
"""The same in the narrower column of what was planned."""
_DAY = '[$-411]ggge"年"m"月"d"日"'
_MOMENT = '[$-411]ggge"年"m"月"d"日" hh:mm'
_A4 = 9
_LINE = 15.5
"""The height of one line, in points."""
_HIGHEST = 409
"""Excel's limit."""
_SUMMARY = (42, *[13] * 8)
_LAST_OF_SUMMARY = len(_SUMMARY) - 1
_EXPLAINED = (28, 10, 12, 84)
_TOLD = frozenset(
    {Outcome.CANCELLED.value, Outcome.SUSPENDED.value, Outcome.POSTPONED.value, Outcome.NONE.value}
)


def write_year(book: YearBook) -> bytes:
    """The year as .xlsx, in Japanese whoever asks: summary, results, figures with their recipe, indicators, explanations."""
    with translation.override(JAPANESE.code):
        return _Writing(book).bytes()


def file_name(book: YearBook) -> str:
    """みらい区_令和8年度_行動計画_取組結果_第3版.xlsx; a year that is not published says so."""
    state = _("第%(number)d版") % {"number": book.version} if book.version is not None else _("公開前")
    with translation.override(JAPANESE.code):
        name = f"{book.facts.ward}_{book.facts.plan}_{_('取組結果')}_{state}.xlsx"
    return name.replace(" ", "_").replace("/", "／")


class _Writing:
    """One workbook while it is written."""

    def __init__(self, book: YearBook) -> None:
        self.book = book
        self._out = io.BytesIO()
        self._file = Workbook(
            self._out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": "游ゴシック", "font_size": 10},
            },
        )
        self.title = _("%(plan)s 取組結果") % {"plan": book.facts.plan}
        self._file.set_properties(
            {"title": self.title, "author": book.facts.ward, "created": _local(book.moment)}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def bytes(self) -> bytes:
        self._summary()
        self._results()
        self._figures()
        self._indicators()
        self._explanations()
        self._file.close()
        return self._out.getvalue()

    def format(self, **properties: Any) -> Any:
        """One format for each kind of cell, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._file.add_format({"valign": "top", **properties})
        return self._formats[key]

    def sheet(self, name: str, widths: Sequence[float]) -> Any:
        """A sheet that prints on A4, landscape, as wide as a page; its title above and its pages below."""
        sheet = self._file.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        above = f"{self.book.facts.ward}　{self.title}　{self._state()}".replace("&", "&&")
        sheet.set_header(f"&L{above[:230]}&R{name}")
        sheet.set_footer("&C&P / &N")
        return sheet

    def table(
        self,
        sheet: Any,
        top: int,
        heading: Sequence[str],
        rows: Sequence[Sequence[Any]],
        widths: Sequence[float],
    ) -> int:
        """A table with its heading at row `top`; returns the first row below it. Each row is as high as its longest cell
        needs: not every program that opens the file works that out by itself."""
        for place, text in enumerate(heading):
            sheet.write_string(top, place, text, self._heading())
        sheet.set_row(top, _height(heading, widths))
        for line, row in enumerate(rows, start=top + 1):
            for place, value in enumerate(row):
                self.cell(sheet, line, place, value)
            sheet.set_row(line, _height(row, widths))
        return top + 1 + len(rows)

    def list_sheet(
        self, name: str, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]]
    ) -> None:
        """A sheet with one long table: its heading stays in sight and on every printed page, and can be filtered."""
        widths = [width for _name, width in columns]
        sheet = self.sheet(name, widths)
        self.table(sheet, 0, [heading for heading, _width in columns], rows, widths)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.print_area(0, 0, max(len(rows), 1), len(columns) - 1)

    def section(self, sheet: Any, row: int, text: str) -> None:
        """The title of a part of a sheet."""
        sheet.set_row(row, 20)
        sheet.write_string(row, 0, text, self.format(bold=True, font_size=12))

    def cell(self, sheet: Any, line: int, place: int, value: Any) -> None:
        """A value as what it is: a number, a moment, or text that no program takes for a formula."""
        if value is None or value == "":
            sheet.write_blank(line, place, None, self._text())
        elif isinstance(value, datetime):
            sheet.write_datetime(
                line, place, _local(value), self.format(border=7, num_format=_MOMENT, align="left")
            )
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(line, place, float(value), self._number(value))
        else:
            sheet.write_string(line, place, value, self._text(quoted=value[0] in "=+-@"))

    def _heading(self) -> Any:
        return self.format(bold=True, bg_color="#d9e6ff", border=1, text_wrap=True)

    def _text(self, *, quoted: bool = False) -> Any:
        return self.format(border=7, text_wrap=True, quote_prefix=quoted)

    def _number(self, value: float | Decimal) -> Any:
        if isinstance(value, float):
            return self.format(border=7, num_format="0.0%")
        is_whole = value == int(value)
        return self.format(border=7, num_format="#,##0" if is_whole else "#,##0.0##")

    def _state(self) -> str:
        if self.book.version is None:
            return _("公開前（まだ確定していません）")
        return _("第%(number)d版") % {"number": self.book.version}

    def _summary(self) -> None:
        book, lines = self.book, self.book.lines
        sheet = self.sheet(_("まとめ"), _SUMMARY)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, f"{book.facts.ward}　{self.title}", self.format(bold=True, font_size=16))
        sheet.write_string(1, 0, self._state(), self.format(bold=not book.is_published, font_size=11))
        said = _("公開した日") if book.is_published else _("この表を作った日時")
        sheet.write_string(2, 0, said, self.format())
        how = _DAY if book.is_published else _MOMENT
        sheet.merge_range(2, 1, 2, 3, None)
        sheet.write_datetime(2, 1, _local(book.moment), self.format(num_format=how, align="left"))
        if book.note:
            sheet.write_string(3, 0, _("この版について: %(note)s") % {"note": book.note}, self.format())
        row = 5
        outcomes = outcomes_of(lines, Outcome.values)
        self.section(sheet, row, _("取組の状況"))
        row = self.table(
            sheet, row + 1, [_("状況"), _("件数"), _("割合")],
            [(label, number, number / len(lines)) for _value, label, number in outcomes]
            + [(_("合計"), len(lines), None)],
            _SUMMARY,
        )  # fmt: skip
        self.section(sheet, row + 1, _("行動計画ごとの件数"))
        rows = []
        for focus, own in by_focus(lines):
            counts = Counter(line.outcome for line in own)
            rows.append((focus, *(counts[value] for value, _label, _number in outcomes), len(own)))
        heading = [_("行動計画"), *(label for _value, label, _number in outcomes), _("合計")]
        row = self.table(sheet, row + 2, heading, rows, _SUMMARY)
        if totals := book.facts.totals:
            self.section(sheet, row + 1, _("主な数の合計"))
            row = self.table(
                sheet, row + 2, [_("数えるもの"), _("合計"), _("単位"), _("取組の数")],
                [(each.name, _number(each.quantity), each.unit, each.actions) for each in totals],
                _SUMMARY,
            )  # fmt: skip
        if told := [line for line in lines if line.outcome in _TOLD]:
            self.section(sheet, row + 1, _("中止・休止・延期・未実施の取組"))
            row += 2
            sheet.write_string(row, 0, _("取組"), self._heading())
            sheet.write_string(row, 1, _("状況"), self._heading())
            sheet.merge_range(row, 2, row, _LAST_OF_SUMMARY, _("理由"), self._heading())
            for line in told:
                row += 1
                name = f"{line.number} {line.title}".strip()
                self.cell(sheet, row, 0, name)
                self.cell(sheet, row, 1, line.outcome_label)
                sheet.merge_range(row, 2, row, _LAST_OF_SUMMARY, "", self._text())
                self.cell(sheet, row, 2, line.reason)
                # Excel fits no row to a merged cell by itself.
                sheet.set_row(row, _height((name, line.reason), (_SUMMARY[0], sum(_SUMMARY[2:]))))

    def _results(self) -> None:
        is_open = not self.book.is_published
        columns = [
            (_("通し番号"), 7), (_("行動計画"), 18), (_("取組"), 18), (_("番号"), 7), (_("実施計画"), 32),
            (_("実施した取組結果"), 48), (_("状況"), 9), (_("理由"), 16), (_("実施主体"), 20), (_("数値"), 20),
        ]  # fmt: skip
        has_pages = any(line.page for line in self.book.lines)
        if is_open:
            columns += [(_("入力の状態"), 9), (_("次の年度への申し送り"), 24)]
        elif has_pages:
            columns.append((_("文書のページ"), 8))
        rows: list[Sequence[Any]] = []
        for number, line in enumerate(self.book.lines, start=1):
            last = [line.state, line.remark] if is_open else [line.page] if has_pages else []
            texts, plans = _pieces(line.text), _pieces(_planned(line), _MOST_PLANNED)
            goes_on = _("（%(number)s の続き）") % {"number": number}
            for part, (text, planned) in enumerate(zip_longest(texts, plans, fillvalue="")):
                first = part == 0
                rows.append(
                    [
                        number if first else None, line.focus, line.measure, line.number,
                        planned if first else f"{goes_on}{planned}",
                        text, line.outcome_label, line.reason, "、".join(line.bodies), _figures_said(line) if first else "",
                        *last,
                    ]
                )  # fmt: skip
        self.list_sheet(_("取組結果"), columns, rows)

    def _figures(self) -> None:
        columns = (
            (_("通し番号"), 7), (_("番号"), 7), (_("取組"), 44), (_("数えるもの"), 26), (_("数"), 14), (_("単位"), 8),
            (_("合わせ方"), 10), (_("もとの実績の件数"), 10), (_("いつの数か"), 24), (_("もと"), 16),
        )  # fmt: skip
        ledger, printed = _("区の実績の記録"), _("文書に印刷された数")
        rows = []
        for number, line in enumerate(self.book.lines, start=1):
            for each in line.figures:
                metric = self.book.facts.metrics.get(each.metric_id) if each.metric_id else None
                rows.append(
                    (
                        number, line.number, line.title, metric.name if metric else each.name, each.value, each.unit,
                        metric.how if metric else "", each.entries, each.as_of, printed if each.as_of is None else ledger,
                    )
                )  # fmt: skip
        self.list_sheet(_("数とその根拠"), columns, rows)

    def _indicators(self) -> None:
        columns = (
            (_("項目"), 34), (_("指標"), 28), (_("数えるもの"), 20), (_("単位"), 7), (_("基準値"), 10), (_("基準値の年度"), 11),
            (_("目標値"), 10), (_("実績値"), 10), (_("前年度"), 10), (_("判定"), 10), (_("判定の理由"), 40), (_("担当"), 18),
        )  # fmt: skip
        rows = [
            (
                each.item, each.name, each.metric, each.unit, _number(each.baseline),
                wareki_year(each.baseline_year) if each.baseline_year else "", _number(each.target),
                _number(each.actual), _number(each.last_year), each.word, each.reason, each.body,
            )
            for each in self.book.facts.indicators
        ]  # fmt: skip
        self.list_sheet(_("指標"), columns, rows)

    def _explanations(self) -> None:
        sheet = self.sheet(_("説明"), _EXPLAINED)
        self.section(sheet, 0, _("この表について"))
        if self.book.is_published:
            first = _(
                "公開した版のとおりです。公開したあとに元の記録が変わっても、この表は変わりません。訂正したときは、次の版の表になります。"
            )
        else:
            first = _(
                "まだ公開していない、作った時点の内容です。確認済みでない文や数は、これから変わります。"
            )
        told = [
            first,
            _("「取組結果」は、計画の取組を計画の順に並べたものです。長い文は次の行に続けています。"),
            _("「数とその根拠」は、文に出てくる数が、いつの時点の、何件の実績から出たものかを示します。"),
            _("「文書に印刷された数」は、公表された文書の数をそのまま写したもので、もとの実績の件数はありません。"),
            _("「合計」は件ごとの数を足した数、「最後の値」はいちばん新しい値、「実数」は同じ人や団体を一度だけ数えた数、「割合」は二つの数を割った数です。"),
            _("「主な数の合計」は、実績の記録のうち足してよい数を、取組をまたいで足したものです。複数の取組にまたがる同じ実績は、一度だけ数えています。"),
        ]  # fmt: skip
        for row, text in enumerate(told, start=1):
            sheet.merge_range(row, 0, row, 3, text, self.format(text_wrap=True))
            sheet.set_row(row, _height((text,), (sum(_EXPLAINED),)))
        row = len(told) + 2
        self.section(sheet, row, _("数えるもの"))
        self.table(
            sheet, row + 1, [_("数えるもの"), _("単位"), _("合わせ方"), _("何を、どう数えるか")],
            [(each.name, each.unit, each.how, each.definition) for each in self.book.used_metrics()],
            _EXPLAINED,
        )  # fmt: skip


def _height(cells: Sequence[Any], widths: Sequence[float]) -> float:
    """How high a row has to be for its texts to be read, at most what Excel allows."""
    lines = 1
    for value, width in zip(cells, widths, strict=False):
        if isinstance(value, str) and value:
            fits = max(int(width * 0.94), 1)
            lines = max(lines, sum(-(-_wide(each) // fits) or 1 for each in value.split("\n")))
    return min(_LINE * lines, _HIGHEST)


def _wide(text: str) -> int:
    """The width of a text in half-width letters: what it takes in the encoding of old Japanese machines."""
    return len(text) if text.isascii() else len(text.encode("cp932", "replace"))


def _pieces(text: str, most: int = _MOST_CHARACTERS) -> list[str]:
    """A text in stretches that fit into one row each, cut at a line's or sentence's end where there is one."""
    found = []
    while len(text) > most:
        head = text[:most]
        cut = max(head.rfind("\n"), head.rfind("。")) + 1
        cut = cut if cut > most // 2 else most
        found.append(text[:cut].rstrip("\n"))
        text = text[cut:]
    return [*found, text]


def _planned(line: Line) -> str:
    """What was planned: the action's title, and its points where they say more."""
    points = [each for each in line.planned if each != line.title]
    return "\n".join((line.title, *(f"・{each}" for each in points)))


def _figures_said(line: Line) -> str:
    return "\n".join(f"{each.name} {each.value.normalize():,f}{each.unit}" for each in line.figures)


def _number(printed: str) -> Decimal | None:
    return Decimal(printed) if printed else None


def _local(moment: datetime) -> datetime:
    """The wall clock in Japan: a cell of Excel knows no time zone."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0)
