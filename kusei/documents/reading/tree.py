"""Units → nodes: what stands under what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kusei.documents.reading import sections
from kusei.documents.reading.attributes import Attributes, leading_tags, read_attributes, trailing_tags
from kusei.documents.reading.levels import LevelOrder
from kusei.documents.reading.lines import Text
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.units import Unit, find_name_list
from kusei.japanese.folding import fold_name

HEADING = Marker("heading", None, None, "", word="plain")
BRACKET = Marker("bracket", None, None, "", glyph="【】")


@dataclass(slots=True)
class Node:
    """An item in the making. `section` is the part of the document it stands in; `kind` is set last."""

    title: str
    marker: Marker
    units: list[Unit]
    section: str | None
    found: Attributes
    kind: str = ""
    number: str | None = None
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    body: list[Unit] = field(default_factory=list)
    extra: list[Unit] = field(default_factory=list)
    """Attribute lines, and other places where the same item is printed."""
    is_group: bool = False
    """A numbered row whose heading is printed elsewhere."""
    pages: set[int | None] = field(default_factory=set)
    anchors: list[int] = field(default_factory=list)
    """Indexes of the tables printed under this heading."""

    def add(self, child: Node) -> None:
        child.parent = self
        self.children.append(child)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def key(self) -> str:
        return fold_name(self.title)

    @property
    def line(self) -> int:
        return self.units[0].first.line.number if self.units else 0

    @property
    def is_numbered(self) -> bool:
        return self.marker.ordinal is not None

    def body_text(self) -> str:
        return "\n".join(unit.text if not unit.marker else unit.first.text for unit in self.body)

    def whole_text(self) -> str:
        """Title, body and everything below: for likeness."""
        return "\n".join(
            [
                self.title,
                self.found.programme or "",
                self.body_text(),
                *(child.whole_text() for child in self.children),
            ]
        )


@dataclass(slots=True)
class Context:
    """What holds for the whole document while its tree is built."""

    order: LevelOrder
    unit: str | None
    bare_amounts: bool
    title_units: set[int]
    """ids of the units that make the document's title."""


@dataclass(slots=True)
class Built:
    """Roots in order, the document's section headings, and units that found no place."""

    roots: list[Node]
    loose: list[Unit]
    section_units: list[Unit]


_NOISE = re.compile(
    r"マスコット|キャラクター|イメージ図?$|写真|^(?:主な取組|取組|事業名?|事業概要|内容|担当|項目|区分|備考)$|の様子$|^(?:図|表|写真)\s?\d*|事\s*業\s*項\s*目"
)


class TreeBuilder:
    """Walks the units once. The stack holds the open headings, highest first."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.roots: list[Node] = []
        self.loose: list[Unit] = []
        self.section_units: list[Unit] = []
        self.section: str | None = None
        self.pending: list[str] = []
        self.stack: list[Node] = []
        self.column: Node | None = None
        self.goal: Node | None = None
        self.goal_wanted: Unit | None = None
        self.background: bool = False

    # -- the walk

    def build(self, units: list[Unit]) -> Built:
        for index, unit in enumerate(units):
            following = units[index + 1 :]
            if id(unit) in self.context.title_units:
                self.section_units.append(unit)
                continue
            if unit.role == "remark":
                self.loose.append(unit)
            elif unit.role == "table":
                if self.current is not None:
                    self.current.anchors.append(int(unit.text[1:]))
            elif unit.role == "attributes":
                self._attributes(unit)
            elif unit.role in {"marked", "heading"} and (opened := self._section(unit)):
                self._open_section(opened, unit)
            elif unit.role == "marked":
                self._marked(unit)
            elif unit.role == "heading":
                self._heading(unit, following)
            else:
                self._prose(unit)
        return Built(self.roots, self.loose, self.section_units)

    @property
    def current(self) -> Node | None:
        return self.column or (self.stack[-1] if self.stack else None)

    # -- sections

    def _section(self, unit: Unit) -> sections.Section | None:
        if self.column is not None and unit.marker and unit.marker.style.startswith("digit"):
            return None
        opened = sections.section_of(
            unit.text if not unit.marker else unit.first.text,
            unit.first.line.text if not unit.first.joined else unit.first.text,
        )
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

    def _open_section(self, opened: sections.Section, unit: Unit) -> None:
        self.section_units.append(unit)
        self.column = None
        if opened.name == sections.COLUMN:
            node = self._node(unit, opened.title or unit.text, HEADING, number=opened.number)
            node.section = sections.COLUMN
            self.roots.append(node)
            self.column = node
            return
        if opened.name == sections.NEUTRAL:
            return
        if self.section and not self._used_section:
            self.pending.append(self.section)
        else:
            self.pending = []
        self.section = opened.name
        self._used_section = False
        if opened.name == sections.GOAL:
            if opened.title:
                self._set_goal(unit, opened.title, opened.number)
            else:
                self.goal_wanted = unit
            self.stack = [self.goal] if self.goal else []
            return
        self.stack = []

    _used_section = True

    def _set_goal(self, unit: Unit, title: str, number: str | None) -> None:
        node = self._node(unit, title, HEADING, number=number)
        node.kind = "goal"
        node.section = sections.GOAL
        self.goal = node
        self.goal_wanted = None
        self.roots.append(node)
        self.stack = [node]

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
        if self.section == sections.BACKGROUND and marker.style not in {"level", "diamond", "square"}:
            self.loose.append(unit)
            return
        if (
            self.goal_wanted is not None
            and marker.is_bullet is False
            and len(unit.text) <= 60
            and self.goal is None
            and marker.style not in {"level"}
            and marker.ordinal is None
        ):
            number = self._goal_number()
            self._set_goal(unit, self._clean_title(unit.text), number)
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
        title = unit.text
        tags: list[str] = []
        if marker.style not in {"dot", "arrow", "hyphen"}:
            tags, title = leading_tags(title)
        node = self._node(unit, title, marker, number=self._printed_number(marker))
        node.found.tags = tags + node.found.tags
        node.section = section
        self._place(node)
        if section != sections.GOAL:
            self._used_section = True if section == self.section else self._used_section

    def _printed_number(self, marker: Marker) -> str | None:
        if marker.number is None:
            return None
        if marker.style in {"chapter", "section", "part"}:
            return f"第{marker.number}{marker.word}"
        if marker.style == "item_no" and marker.word == "第":
            return f"第{marker.number}"
        return marker.number

    def _ends_column(self, marker: Marker) -> bool:
        """A column ends where a row that was open before it goes on."""
        if marker.ordinal is None:
            return False
        return any(self._goes_on(node, marker) for node in reversed(self.stack))

    def _goes_on(self, node: Node, marker: Marker) -> bool:
        return (
            node.marker.signature == marker.signature
            and node.marker.ordinal is not None
            and marker.ordinal == node.marker.ordinal + 1
        )

    def _place(self, node: Node) -> None:
        """Put `node` under the lowest open heading that stands above it."""
        if twin := self._twin(node):
            self._merge(twin, node)
            return
        order = self.context.order
        while (
            self.stack
            and not order.is_above(self.stack[-1].marker, node.marker)
            and self.stack[-1].kind != "goal"
        ):
            top = self.stack.pop()
            if self._starts_again(top, node):
                group = Node("", HEADING, [], node.section, Attributes(""), is_group=True)
                self._attach(group)
                self.stack.append(group)
                break
        self._attach(node)
        self.stack.append(node)

    def _attach(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].add(node)
        else:
            self.roots.append(node)

    def _starts_again(self, top: Node, node: Node) -> bool:
        """A row that starts again at 1 without a heading between: its heading is printed elsewhere."""
        if (
            top.marker.signature != node.marker.signature
            or node.marker.ordinal != 1
            or top.marker.style not in {"digit", "digit."}
        ):
            return False
        siblings = top.parent.children if top.parent else self.roots
        return any(
            (
                s.marker.signature == node.marker.signature
                and s.marker.ordinal == 1
                and s.section == node.section
            )
            or s.is_group
            for s in siblings
        )

    def _twin(self, node: Node) -> Node | None:
        """The same heading printed before (overview and detail)."""
        if (
            node.marker.is_bullet
            or len(node.key) < 4
            or node.marker.style in {"(digit)", "kana", "(kana)", "circled", "circle"}
        ):
            return None
        for root in self.roots:
            for other in root.walk():
                if other.key != node.key or other.kind == "goal" or other.marker.is_bullet or other.is_group:
                    continue
                plain = other.marker.style == "heading" or node.marker.style == "heading"
                same = (
                    other.marker.signature == node.marker.signature
                    and other.marker.ordinal == node.marker.ordinal
                )
                if (plain or same) and other.found.budget_source == node.found.budget_source is None:
                    return other
        return None

    def _merge(self, twin: Node, node: Node) -> None:
        twin.extra += node.units
        twin.pages |= node.pages
        for name in ("amount", "previous", "programme"):
            if getattr(twin.found, name) is None:
                setattr(twin.found, name, getattr(node.found, name))
        twin.found.tags += [tag for tag in node.found.tags if tag not in twin.found.tags]
        twin.found.owners += [owner for owner in node.found.owners if owner not in twin.found.owners]
        path = [twin]
        while path[0].parent is not None:
            path.insert(0, path[0].parent)
        self.stack = path

    # -- unmarked headings, prose, attributes

    def _heading(self, unit: Unit, following: list[Unit]) -> None:
        title = self._clean_title(unit.text)
        if find_name_list(unit.text) or (_NOISE.search(title) and not unit.first.line.heading):
            self._prose(unit) if find_name_list(unit.text) and self.current else self.loose.append(unit)
            return
        if self.goal_wanted is not None and self.goal is None and len(title) >= 6:
            number = self._goal_number()
            self._set_goal(unit, title.strip('「」『』"'), number)
            return
        bracket = bool(re.fullmatch(r"【[^【】]+】", unit.text.strip()))
        if self.column is not None:
            self.column.body.append(unit)
            return
        if self.section == sections.BACKGROUND:
            self.loose.append(unit)
            return
        probe = Node(title, HEADING, [unit], self.section, Attributes(title))
        if twin := self._twin(probe):
            self._merge(twin, probe)
            return
        if not self._is_item(unit, following, bracket=bracket):
            self.loose.append(unit)
            return
        marker = BRACKET if bracket else self._heading_marker(unit)
        node = self._node(unit, unit.text.strip("【】") if bracket else unit.text, marker)
        node.section = self.section
        if self.pending and not self._used_section and sections.ORGANISATION in (*self.pending, self.section):
            node.section = sections.ORGANISATION
        if self.stack and node.section != self.stack[-1].section:
            self.stack = []
        self._place(node)

    def _heading_marker(self, unit: Unit) -> Marker:
        level = unit.first.line.heading
        if level:
            return Marker("heading", None, None, "", word=f"h{level}")
        return HEADING

    def _is_item(self, unit: Unit, following: list[Unit], *, bracket: bool) -> bool:
        """Whether an unmarked heading is an item: it must head something, and not be a caption between marked headings."""
        nexts = [other for other in following[:4] if other.role not in {"attributes", "remark"}]
        if not nexts:
            return False
        after = nexts[0]
        has_content = after.role == "prose" or (after.role == "marked" and not self._continues_row(after))
        if unit.first.line.heading or bracket:
            return has_content
        if self.section in {sections.ORGANISATION, sections.STANCE}:
            return has_content
        if after.role == "prose":
            return len(after.text) >= 15
        marked_above = any(
            not node.marker.is_bullet and node.marker.style != "heading"
            for root in self.roots
            for node in root.walk()
        )
        return has_content and not marked_above

    def _continues_row(self, unit: Unit) -> bool:
        return bool(unit.marker) and any(self._goes_on(node, unit.marker) for node in self.stack)

    def _prose(self, unit: Unit) -> None:
        if self.goal_wanted is not None and self.goal is None:
            quoted = re.match(r"^[「『]([^」』]{6,60})[」』]", unit.text)
            if quoted or (len(unit.text) <= 60 and not unit.text.endswith("。")):
                number = self._goal_number()
                self._set_goal(unit, quoted[1] if quoted else self._clean_title(unit.text), number)
                return
        node = self.current
        if node is None or self.section == sections.BACKGROUND:
            self.loose.append(unit)
            return
        node.body.append(unit)

    def _goal_number(self) -> str | None:
        assert self.goal_wanted is not None
        marker = self.goal_wanted.marker
        return self._printed_number(marker) if marker else None

    def _attributes(self, unit: Unit) -> None:
        node = self.current
        while node is not None and node.marker.is_bullet and node.parent is not None:
            node = node.parent
        if node is None:
            self.loose.append(unit)
        else:
            node.extra.append(unit)

    # -- nodes

    def _node(self, unit: Unit, title: str, marker: Marker, *, number: str | None = None) -> Node:
        found = read_attributes(
            title, unit=self.context.unit, bare_amounts=self.context.bare_amounts and not marker.is_bullet
        )
        if marker.style in {"dot", "arrow", "hyphen"} and not found.owners:
            found = Attributes(title) if not found.tags else found
        tags, rest = trailing_tags(found.title)
        found.tags += tags
        found.title = self._clean_title(rest)
        node = Node(found.title, marker, [unit], self.section, found, number=number)
        node.pages.add(unit.first.line.page)
        return node

    @staticmethod
    def _clean_title(title: str) -> str:
        title = title.strip().removeprefix("**").removesuffix("**")
        title = re.sub(r"\s*\(\d+\s*(?:事業|項目|施策|取組)\)$", "", title)
        if re.fullmatch(r"【[^【】]+】|《[^《》]+》", title):
            title = title[1:-1]
        return title.strip(" :")


def texts_of(node: Node) -> list[Text]:
    """Every printed line of a node (title, body, attributes)."""
    return [text for unit in (*node.units, *node.extra, *node.body) for text in unit.all_texts()]
