"""Nodes: items in the making, with the units they were made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kusei.documents.reading.attributes import Attributes, read_attributes, trailing_tags
from kusei.documents.reading.levels import LevelOrder
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.model import Amount
from kusei.documents.reading.sections import Section
from kusei.documents.reading.units import Unit
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
        """Title, body and everything below but programmes of other budgets: for likeness."""
        return "\n".join(
            [
                self.title,
                self.found.programme or "",
                self.body_text(),
                *(child.whole_text() for child in self.children if child.kind != "related"),
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
    ward: str | None = None
    legend: dict[str, str] = field(default_factory=dict)
    """Marks that stand for a tag, as the document's legend says: {"★": "新規"}."""
    frame: dict[int, Section] = field(default_factory=dict)
    """The parts that the document's chapters open, by the id of the unit that heads each (see `frames`)."""


@dataclass(slots=True)
class Built:
    """Roots in order, the document's section headings, and units that found no place."""

    roots: list[Node]
    loose: list[Unit]
    section_units: list[Unit]
    aside_tables: set[int] = field(default_factory=set)


def make_node(
    unit: Unit,
    title: str,
    marker: Marker,
    context: Context,
    *,
    section: str | None = None,
    number: str | None = None,
) -> Node:
    """A node for a heading or bullet: what is printed around its title taken off and told apart."""
    title, labels = _inline_labels(title) if marker.is_bullet or marker.ordinal is not None else (title, [])
    found = read_attributes(
        title, unit=context.unit, bare_amounts=context.bare_amounts and not marker.is_bullet
    )
    if marker.style in {"dot", "arrow", "hyphen"} and not found.owners:
        found = Attributes(title) if not found.tags else found
    for mark, tag in context.legend.items():
        if mark in (found.title[:1], found.title[-1:]):
            found.title = found.title.strip(mark).strip()
            found.tags.append(tag)
    for text in unit.title:
        if text.tail is not None:
            _add_tail(found, text.tail, unit=context.unit)
    for label, value in labels:
        if _OWNER_LABEL.match(label):
            found.owners += [name for name in re.split(r"[、,，・/]\s*", value) if name]
        else:
            found.notes.append(f"{label}:{value}")
    if marker.is_bullet and (told := _NAME_AND_TEXT.match(found.title)):
        found.title = told["name"].strip()
        found.notes.append(told["text"])
    tags, rest = trailing_tags(found.title)
    found.tags += tags
    found.title = clean_title(rest)
    node = Node(found.title, marker, [unit], section, found, number=number)
    node.pages.add(unit.first.line.page)
    return node


def clean_title(title: str) -> str:
    """A heading without decoration: bold marks, a count of its parts, brackets around the whole."""
    title = title.strip().removeprefix("**").removesuffix("**")
    title = re.sub(r"\s*\(\d+\s*(?:事業|項目|施策|取組)\)$", "", title)
    if re.fullmatch(r"【[^【】]+】|《[^《》]+》", title):
        title = title[1:-1]
    return title.strip(" :")


_NAME_AND_TEXT = re.compile(r"^(?P<name>[^::。、]{2,30}(?:事業|プロジェクト))\s*[::]\s*(?P<text>\S.*。)$")
"""A bullet that names a programme and says what it is: `まちなか回遊事業：春と秋に開きます。`"""
_OWNER_LABEL = re.compile(r"^(?:だれが|誰が|主体|実施主体|実施者|担当(?:課|部署)?|所管(?:課)?|主管(?:課)?)$")
_INLINE_LABEL = re.compile(r"\s*[/|]\s*(?=[^/|:\s]{1,8}:)")


def _inline_labels(title: str) -> tuple[str, list[tuple[str, str]]]:
    """`買い物の代行 / だれが:協議会 / いつ:6月` → the title and its labelled pieces."""
    pieces = _INLINE_LABEL.split(title)
    if len(pieces) == 1:
        return title, []
    labels = [piece.partition(":") for piece in pieces[1:]]
    return pieces[0], [(label.strip(), value.strip()) for label, _, value in labels]


def _add_tail(found: Attributes, tail: Attributes, *, unit: str | None) -> None:
    """What stood in columns behind the heading; bare numbers take the unit stated for the document."""
    for name in ("amount", "previous"):
        amount = getattr(tail, name)
        if amount is not None and getattr(found, name) is None:
            setattr(found, name, Amount(amount.printed, amount.unit or unit))
    found.tags += [tag for tag in tail.tags if tag not in found.tags]
    found.owners += [owner for owner in tail.owners if owner not in found.owners]


def all_nodes(built: Built) -> list[Node]:
    return [node for root in built.roots for node in root.walk()]


def detach(built: Built, node: Node) -> None:
    """Take `node` out of the tree."""
    if node.parent is not None:
        node.parent.children.remove(node)
        node.parent = None
    else:
        built.roots.remove(node)
