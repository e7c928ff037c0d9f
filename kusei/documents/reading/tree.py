"""Units → nodes: what stands under what."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from kusei.documents.reading import sections
from kusei.documents.reading.announcements import is_announced, named_programmes
from kusei.documents.reading.attributes import Attributes, leading_tags, split_bodies
from kusei.documents.reading.lines import FIELD_LINE
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.nodes import BRACKET, HEADING, Built, Node, clean_title
from kusei.documents.reading.parts import WORK_NAME, OpenParts
from kusei.documents.reading.sidebars import NOISE, with_column_bodies
from kusei.documents.reading.units import Unit, find_name_list

_SLOGAN = re.compile(
    r"(?:まち|街|都市|ふるさと|[区市町村県国]|社会|未来|明日|あした|暮らし|くらし)(?:へ|を|に)?[!！。]?$|[!！へ]$"
)
_CALL = re.compile(
    r"「(?P<aim>[^「」]{6,40})」\s*を\s*(?:合言葉|スローガン|基本目標|目標|テーマ|基本理念|将来像|キャッチフレーズ|掲げ)"
)
# Dates, totals and paper numbers that stand like headings.
_NO_ITEM = re.compile(
    r"^(?:凡例.*|(?:令和|平成|20\d\d|R)\s*(?:元|\d*)\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?.{0,12}|(?:要求|予算)?(?:総額|合計|総計|小計|計)(?:\s.*)?|(?:一般会計|特別会計|歳入|歳出)(?:の?(?:総額|規模|予算))?(?:\s.*)?|.{0,12}(?:要求|要望|予算)(?:総)?額|資料\s*\d+.{0,8}|第\s*\d+\s*回.{0,20}会議?)$"
)
# What names a table and no part of a plan: 事業一覧, 進捗状況, 表１.
CAPTION = re.compile(
    r"(?:一覧|表|状況|進捗|概要|内訳|結果|実績|計画|目標|指標|体系|予算|取組|事業|施策|項目|案|リスト|内容)(?:等|表|\s*[(（].*[)）])?$|について|とは|参考|資料|凡例|問い?合わせ|^[図表]\s*\d"
)

_LEAVES = {"dot", "arrow", "hyphen", "sub", "kana", "(kana)", "latin", "(latin)"}


def _form(unit: Unit) -> str:
    """What makes unmarked headings alike: a stated level, or brackets."""
    if unit.first.line.heading:
        return str(unit.first.line.heading)
    return unit.text.strip()[:1] if re.match(r"[【〔\[]", unit.text.strip()) else ""


class TreeBuilder(OpenParts):
    """Walks the units once. The stack holds the open headings, highest first."""

    # -- the walk

    over_tables: Counter[str]
    """How many headings of each form stand right over a table and are no captions."""
    heading_sizes: Counter[float]
    """How many unmarked headings are printed in each size."""

    def build(self, units: list[Unit]) -> Built:
        units = with_column_bodies(units)
        self.heading_sizes = Counter(unit.first.emphasis for unit in units if unit.role == "heading")
        self.over_tables = Counter(
            _form(unit)
            for unit, below in pairwise(units)
            if unit.role == "heading"
            and below.role == "table"
            and not CAPTION.search(unit.text)
            and id(unit) not in self.context.title_units
        )
        for index, unit in enumerate(units):
            following = units[index + 1 : index + 50]
            if id(unit) in self.context.title_units:
                self.section_units.append(unit)
                continue
            if unit.role == "remark":
                self.loose.append(unit)
            elif unit.role == "table":
                if self.current is None and self.section == sections.BACKGROUND:
                    self.aside_tables.add(int(unit.text[1:]))
                elif self.current is not None:
                    self.current.anchors.append(int(unit.text[1:]))
            elif unit.role == "attributes":
                if self._heads_division(unit, units[max(0, index - 50) : index], following):
                    self._division(unit)
                else:
                    self._attributes(unit)
            elif unit.role in {"marked", "heading", "prose"} and (opened := self._section(unit)):
                self._open_section(opened, unit, units[max(0, index - 50) : index], following)
            elif unit.role == "marked":
                self._marked(unit)
            elif unit.role == "heading":
                self._heading(unit, following)
            else:
                self._prose(unit)
        for node in [node for root in self.roots for node in root.walk() if is_announced(node.marker)]:
            if not node.children:
                self._add_programmes(node)
        return Built(self.roots, self.loose, self.section_units, self.aside_tables)

    def _add_programmes(self, node: Node) -> None:
        """Programmes that the paragraph of an announced pillar names are its projects; the paragraph stays its text."""
        for unit in node.body:
            for name in named_programmes(unit.text):
                where = next((text for text in unit.title if name in text.text), unit.first)
                place = Unit("prose", [where])
                node.add(Node(name, BRACKET, [place], node.section, Attributes(name), kind="project"))

    # -- marked units

    def _marked(self, unit: Unit) -> None:
        marker = unit.marker
        assert marker is not None
        if self.column is not None:
            if self._ends_column(marker):
                self.column = None
            else:
                self.column.body.append(unit)
                return
        if marker.glyph == "￥" and (
            _NO_ITEM.match(re.sub(r"\s", "", unit.text)) or unit.text.startswith("(参考)")
        ):
            self.loose.append(unit)
            return
        if self.aside and self.current is not None:
            if marker.is_bullet or not (
                marker.style in {"level", "chapter", "section", "roman"}
                or any(node.marker.signature == marker.signature for node in self.stack)
            ):
                self.current.body.append(unit)
                return
            self.aside = False
        if self.section == sections.BACKGROUND:
            if not self._ends_background(marker):
                self.loose.append(unit)
                return
            self.section = None
        if (
            self.goal_wanted is not None
            and marker.is_bullet is False
            and len(unit.text) <= 60
            and self.goal is None
            and marker.style not in {"level"}
            and marker.ordinal is None
        ):
            number = self._goal_number()
            self._set_goal(unit, clean_title(unit.text), number)
            return
        if (
            self.section == sections.GOAL
            and self.stack
            and self.stack[-1] is self.goal
            and not marker.is_bullet
        ):
            self.stack = []
        section = self.section
        if (
            self.pending
            and not self._used_section
            and sections.MEASURES in (*self.pending, section)
            and marker.ordinal is not None
        ):
            section = sections.MEASURES
        if section == sections.GOAL:
            section = None
        if (
            section == sections.STANCE
            and not marker.is_bullet
            and any(
                root.section == sections.STANCE and root.units and root.marker.signature != marker.signature
                for root in self.roots
            )
        ):
            section = self.section = None  # stances are one row: another row is no stance
            self.stack = [self.goal] if self.goal else []
        if section == sections.STANCE and any(
            root.section == sections.MEASURES and root.marker.signature == marker.signature
            for root in self.roots
        ):
            section = self.section = sections.MEASURES  # the row of pillars goes on behind the stances
        if self._is_office_pillar(unit):
            section = sections.ORGANISATION
        title = unit.text
        tags: list[str] = []
        if marker.style not in {"dot", "hyphen"}:
            tags, title = leading_tags(title)
        node = self._make(unit, title, marker, number=self._printed_number(marker))
        node.found.tags = tags + node.found.tags
        node.section = section
        self._place(node)
        if section != sections.GOAL:
            self._used_section = True if section == self.section else self._used_section

    def _ends_column(self, marker: Marker) -> bool:
        """A column ends where a row that was open before it goes on."""
        if marker.ordinal is None:
            return False
        return any(self._goes_on(node, marker) for node in reversed(self.stack))

    # -- unmarked headings, prose, attributes

    def _is_slogan(self, unit: Unit, title: str, following: list[Unit]) -> bool:
        """The first line under the document's title that is an aim: a short call, with all headings still to come."""
        if (
            self.roots
            or self.section
            or self.goal
            or self.loose
            or not following
            or not self.context.title_units
        ):
            return False
        return (
            8 <= len(title) <= 40
            and not _NO_ITEM.match(title)
            and bool(re.search(r"[ぁ-ん]", title))
            and bool(_SLOGAN.search(title))
            and not find_name_list(title)
        )

    def _heading(self, unit: Unit, following: list[Unit]) -> None:
        title = clean_title(unit.text)
        if self._is_slogan(unit, title, following):
            self._set_goal(unit, sections.unquote(title), None)
            self.section = None
            return
        names = find_name_list(unit.text)
        heads = len(names) == 1 and bool(following) and following[0].role == "marked"
        if heads and self.stack and self._is_item(unit, following, bracket=False):
            names = []  # a programme over what is done in it, not the list of a measure's programmes
        if names or (NOISE.search(title) and not unit.first.line.heading):
            self._prose(unit) if names and self.current else self.loose.append(unit)
            return
        if self.goal_wanted is not None and self.goal is None and len(title) >= 6:
            number = self._goal_number()
            self._set_goal(unit, sections.unquote(title), number)
            return
        issuer = (
            not self.roots
            and len(title) <= 30
            and (self.context.ward or "\0") in title
            and self.context.title_units
        )
        foot = bool(self.context.ward) and re.sub(r"[\s\d-]", "", title) == self.context.ward
        if _NO_ITEM.match(title) or (issuer and not unit.marker) or foot:
            self.loose.append(unit)
            return
        bracket = bool(re.fullmatch(r"【[^【】]+】|〔[^〔〕]+〕|\[[^\[\]]+\]", unit.text.strip()))
        if self.column is not None:
            self.column.body.append(unit)
            return
        if self.section == sections.BACKGROUND:
            larger = self.background_size and unit.first.emphasis >= self.background_size
            if not larger and not (self.greeting and unit.gap > 0):
                self.loose.append(unit)
                return
            self.section = None
        probe = Node(title, HEADING, [unit], self.section, Attributes(title))
        if twin := self._twin(probe):
            self._merge(twin, probe)
            return
        if not self._is_item(unit, following, bracket=bracket):
            self.loose.append(unit)
            return
        marker = BRACKET if bracket else self._heading_marker(unit)
        node = self._make(unit, unit.text.strip("【】〔〕[]") if bracket else unit.text, marker)
        node.section = self.section
        if self.pending and not self._used_section and sections.ORGANISATION in (*self.pending, self.section):
            node.section = sections.ORGANISATION
        if self._is_office_pillar(unit):
            node.section = sections.ORGANISATION
        if self.stack and node.section != self.stack[-1].section:
            self.stack = []
        self._place(node)

    def _is_item(self, unit: Unit, following: list[Unit], *, bracket: bool) -> bool:
        """Whether an unmarked heading is an item: it must head something, and not be a caption between marked headings."""
        nexts = [other for other in following[:4] if other.role not in {"attributes", "remark"}]
        if not nexts:
            return False
        after = nexts[0]
        has_content = after.role == "prose" or (after.role == "marked" and not self._continues_row(after))
        if after.role == "table" and not CAPTION.search(unit.text) and len(unit.text) <= 30:
            return self.over_tables[_form(unit)] > 1  # one of several tables, each with its heading
        if unit.first.line.heading or unit.first.emphasis or bracket:
            size = unit.first.emphasis
            heads_lower = after.role == "heading" and 0 < after.first.emphasis < size
            return has_content or (heads_lower and self.heading_sizes[size] > 1)
        if self.section in {sections.ORGANISATION, sections.STANCE}:
            return has_content
        if after.role == "prose":
            return len(after.text) >= 15
        return has_content and (not self.has_marked or WORK_NAME.search(clean_title(unit.text)) is not None)

    def _continues_row(self, unit: Unit) -> bool:
        marker = unit.marker
        return marker is not None and any(self._goes_on(node, marker) for node in self.stack)

    def _prose(self, unit: Unit) -> None:
        if (
            self.goal is None
            and not self.goal_wanted
            and not self.roots
            and (call := _CALL.search(unit.text))
        ):
            self._set_goal(unit, call["aim"], None)
            self.stack = []
            return
        if self.goal_wanted is not None and self.goal is None:
            quoted = re.match(r"^[「『]([^」』]{6,60})[」』]", unit.text)
            if quoted or (len(unit.text) <= 60 and not unit.text.endswith("。")):
                number = self._goal_number()
                self._set_goal(unit, quoted[1] if quoted else clean_title(unit.text), number)
                return
        node = self.current
        if FIELD_LINE.match(unit.text):  # what a report says of the item above: not of its last bullet
            while node is not None and node.parent is not None and node.marker.style in _LEAVES:
                node = node.parent
        if node is None and self.section == sections.STANCE and len(unit.text) <= 80:
            stance = self._make(unit, unit.text, HEADING)
            self.roots.append(stance)  # a sentence under 基本姿勢 is a stance of its own
            return
        if node is None or self.section == sections.BACKGROUND:
            self.loose.append(unit)
            return
        node.body.append(unit)

    def _attributes(self, unit: Unit) -> None:
        node = self.current
        while node is not None and node.marker.is_bullet and node.parent is not None:
            node = node.parent
        if node is None:
            self.loose.append(unit)
        else:
            node.extra.append(unit)

    def _heads_division(self, unit: Unit, before: list[Unit], following: list[Unit]) -> bool:
        """【総務課】 over its own text heads a division's statement; behind a heading it names who is responsible."""
        names = split_bodies(unit.text.strip("【】[]〔〕"))
        if len(names) != 1 or not re.fullmatch(r"[【\[〔].+[】\]〕]", unit.text) or not following:
            return False
        last = before[-1] if before else None
        free = (
            last is None
            or id(last) in self.context.title_units
            or last.role in {"prose", "remark", "table"}
            or (last.marker is not None and last.marker.is_bullet)
        )
        return free and unit.gap > 0 and following[0].role != "attributes"

    def _division(self, unit: Unit) -> None:
        name = unit.text.strip("【】[]〔〕")
        node = Node(name, BRACKET, [unit], "division", Attributes(name), pages={unit.first.line.page})
        self.stack = []
        self.column = None
        self.roots.append(node)
        self.stack.append(node)
