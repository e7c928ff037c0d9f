"""The parts of a document while its tree is built: which one is open, its aim, and headings that open or close one."""

from __future__ import annotations

import re

from kusei.documents.reading import sections
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.nodes import HEADING, Context, Node, clean_title, make_node
from kusei.documents.reading.sidebars import NOISE
from kusei.documents.reading.stack import OpenHeadings
from kusei.documents.reading.units import Unit, in_brackets

WORK_NAME = re.compile(r"(?:事業|プロジェクト)$")
"""A heading that names a programme."""


class OpenParts(OpenHeadings):
    """The open headings together with the part of the document they stand in."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.section_units: list[Unit] = []
        self.pending: list[str] = []
        self.column: Node | None = None
        self.goal_wanted: Unit | None = None
        self.background_marker: Marker | None = None
        self.background_size = 0.0
        self.greeting = False
        """The open part is はじめに: the next heading ends it."""
        self.aside = False
        self._used_section = True
        self.bracketed_parts = False
        """The parts of the document have their names in brackets: 【予算の概要】 is another one, not a note in a measure."""
        self.aside_tables: set[int] = set()
        """Tables under a heading that is no item's (スケジュール, 資料), by index."""

    @property
    def current(self) -> Node | None:
        return self.column or (self.stack[-1] if self.stack else None)

    def _section(self, unit: Unit) -> sections.Section | None:
        if (
            self.column is not None
            and not (unit.marker and unit.marker.style in {"roman", "chapter", "item_no"})
            and not re.match(r"コラム|主な取組", unit.text)
        ):
            return None
        opened = sections.section_of(
            unit.text if not unit.marker else unit.first.text,
            unit.first.raw,
        )
        opened = self.context.frame.get(id(unit), opened)
        if opened and opened.name == sections.ORGANISATION and self._goes_on_with_items(unit):
            return None
        if unit.role == "prose" and not (opened and opened.name == sections.GOAL and opened.title):
            return None
        if (
            opened
            and opened.name in {sections.MEASURES, sections.BACKGROUND, sections.NEUTRAL}
            and unit.marker
        ):
            top = self.stack[0] if self.stack else None
            nested = (
                top is not None
                and self.context.order.is_above(top.marker, unit.marker)
                and self.section != sections.BACKGROUND
            )
            if nested and opened.name == sections.BACKGROUND and unit.marker.style != "section":
                return None
        return opened

    def _goes_on_with_items(self, unit: Unit) -> bool:
        """A heading of the office that goes on with a row of pillars is an item like these, not the name of a part."""
        marker = unit.marker
        if marker is None:
            last = self.roots[-1] if self.roots else None
            return (
                unit.role == "heading"
                and last is not None
                and last.marker.signature == self._heading_marker(unit).signature
                and bool(last.body)
                and last.kind != "goal"
                and last.section != sections.STANCE
                and not last.children
            )
        return any(
            node.marker.signature == marker.signature
            and (marker.style == "announced" or self._goes_on(node, marker))
            for node in (*self.stack, *self.roots[-2:], *(self.goal.children[-2:] if self.goal else ()))
        )

    def _is_office_pillar(self, unit: Unit) -> bool:
        """省の仕事の進め方 after the pillars of a policy. What is announced as a pillar (柱) stays one."""
        return (
            not (unit.marker and (unit.marker.is_bullet or "柱" in unit.marker.word))
            and "の柱" not in unit.first.line.text
            and sections.is_about_office(unit.text)
            and self._goes_on_with_items(unit)
        )

    def _open_section(
        self, opened: sections.Section, unit: Unit, before: list[Unit], following: list[Unit]
    ) -> None:
        self.section_units.append(unit)
        self.column = None
        if opened.name == sections.COLUMN:
            node = self._make(unit, opened.title or unit.text, HEADING, number=opened.number)
            node.section = sections.COLUMN
            self.roots.append(node)
            self.column = node
            return
        nested = (
            opened.name == sections.MEASURES
            and unit.marker is None
            and self.stack
            and self.section in {None, sections.MEASURES}
            and self.stack[0].kind != "goal"
        )
        self.aside = False
        self.bracketed_parts = self.bracketed_parts or (not self.stack and in_brackets(unit.text))
        if (
            opened.name == sections.BACKGROUND
            and unit.marker is None
            and not unit.first.emphasis
            and self.stack
            and self.section in {None, sections.MEASURES}
            and not sections.is_end(unit.text)
            and not (self.bracketed_parts and in_brackets(unit.text))
        ):
            self.aside = True  # 【現状と課題】 inside a measure: its text is the measure's
            return
        if opened.name == sections.NEUTRAL and unit.marker is not None:
            if self.section == sections.BACKGROUND and self._ends_background(unit.marker):
                self.section = None
            while self.stack and not self.context.order.is_above(self.stack[-1].marker, unit.marker):
                self.stack.pop()
        if opened.name == sections.NEUTRAL or nested:
            if self.section == sections.BACKGROUND and unit.first.emphasis >= self.background_size > 0:
                self.section = None
            return
        if self.section and not self._used_section:
            self.pending.append(self.section)
        else:
            self.pending = []
        self.section = opened.name
        self.background_marker = unit.marker
        self.background_size = unit.first.emphasis
        self.greeting = sections.is_frame_word(unit.text) and not sections.is_end(unit.text)
        self._used_section = False
        if opened.name == sections.GOAL:
            if opened.title:
                self._set_goal(unit, opened.title, opened.number)
            elif not self._goal_before(unit, before, following):
                self.goal_wanted = unit
            self.stack = [self.goal] if self.goal else []
            return
        self.stack = []

    def _ends_background(self, marker: Marker) -> bool:
        """A part about reasons and terms ends with the next heading of its own row, or one above it."""
        if marker.is_bullet or marker.style == "announced":
            return marker.style == "announced"
        if self.background_size and marker.size:
            return marker.size >= self.background_size
        opened = self.background_marker
        if opened is not None and not opened.is_bullet:
            if opened.ordinal is None and marker.style in {"part", "chapter", "roman", "item_no", "level"}:
                return True
            return marker.signature == opened.signature or self.context.order.is_above(marker, opened)
        return marker.style in {"part", "chapter", "roman", "item_no", "level", "square", "diamond"}

    def _goal_before(self, unit: Unit, before: list[Unit], following: list[Unit]) -> bool:
        """In a leaflet the aim may be printed before the words 基本目標: take it, if nothing that could be it follows."""
        after = next((one for one in following if id(one) not in self.context.title_units), None)
        if (
            after is not None
            and after.role in {"heading", "prose"}
            and after.first.line.number - unit.first.line.number <= 4
            and not NOISE.search(after.text)
            and id(following[0]) not in self.context.title_units
        ):
            return False
        if not before or before[-1].role != "heading" or id(before[-1]) in self.context.title_units:
            return False
        aim = before[-1]
        if unit.first.line.page != aim.first.line.page or unit.first.gap > 4 or len(aim.text) < 8:
            return False
        if aim in self.loose:
            self.loose.remove(aim)
        for node in [node for root in self.roots for node in root.walk()]:
            if node.units == [aim] and not node.children and not node.body:
                (node.parent.children if node.parent else self.roots).remove(node)
                self.by_key[node.key] = [one for one in self.by_key.get(node.key, []) if one is not node]
        self._set_goal(aim, clean_title(aim.text), self._printed_number(unit.marker) if unit.marker else None)
        return True

    def _set_goal(self, unit: Unit, title: str, number: str | None) -> None:
        node = self._make(unit, title, HEADING, number=number)
        node.kind = "goal"
        node.section = sections.GOAL
        self.goal = node
        self.goal_wanted = None
        self.roots.append(node)
        self.stack = [node]

    def _goal_number(self) -> str | None:
        assert self.goal_wanted is not None
        marker = self.goal_wanted.marker
        return self._printed_number(marker) if marker else None

    def _printed_number(self, marker: Marker) -> str | None:
        if marker.number is None:
            return None
        if marker.style in {"chapter", "section", "part"}:
            return f"第{marker.number}{marker.word}"
        if marker.style == "item_no" and marker.word == "第":
            return f"第{marker.number}"
        return marker.number

    def _heading_marker(self, unit: Unit) -> Marker:
        if unit.first.emphasis:
            return Marker("heading", None, None, "", word="type", size=unit.first.emphasis)
        numbered = any(node.is_numbered for node in self.stack)
        if numbered and WORK_NAME.search(clean_title(unit.text)):
            return Marker(
                "bracket", None, None, "", glyph="事業"
            )  # a programme's name stands under the numbered headings
        return HEADING

    def _make(self, unit: Unit, title: str, marker: Marker, *, number: str | None = None) -> Node:
        return make_node(unit, title, marker, self.context, section=self.section, number=number)
