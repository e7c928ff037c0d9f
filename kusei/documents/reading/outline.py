"""Step 3 of reading: lines → plan tree, by marker grammar and layout."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from kusei.documents.reading.announcements import with_announced
from kusei.documents.reading.attributes import (
    TAG_WORDS,
    UNIT,
    labelled_owners,
    money_line,
    read_attributes,
    split_bodies,
    tags_in_line,
)
from kusei.documents.reading.frames import find_frame
from kusei.documents.reading.kinds import assign_kinds
from kusei.documents.reading.levels import LevelOrder
from kusei.documents.reading.lines import Prepared, Text
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.model import DraftItem, Line, Place, Unplaced
from kusei.documents.reading.nodes import HEADING, Built, Context, Node
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.rearrange import rearrange
from kusei.documents.reading.tails import read_columns
from kusei.documents.reading.tree import TreeBuilder
from kusei.documents.reading.units import Unit, build_units

_STATED_UNIT = re.compile(rf"[単單]位\s*[:：;]?\s*[(（]?\s*({UNIT})")


@dataclass(slots=True)
class OutlineRead:
    """The outline as read: root items, text without a place, the unit stated for the document, and the item that each
    table (by index) is printed under."""

    items: list[DraftItem] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    unit: str | None = None
    anchors: dict[int, DraftItem] = field(default_factory=dict)
    aside_tables: set[int] = field(default_factory=set)
    """Tables printed under a heading that is no item's (スケジュール, 資料)."""


def stated_unit(texts: list[Text]) -> str | None:
    """The unit of money stated once for the document: 単位：千円, or in a line that is a total (26,397千円)."""
    for text in texts:
        if match := _STATED_UNIT.search(text.text):
            return match[1]
    units: Counter[str] = Counter()
    for text in texts:
        pair = money_line(text.text)
        if pair and pair[0].unit:
            units[pair[0].unit] += 1
    return units.most_common(1)[0][0] if len(units) == 1 else None


def _prints_bare_amounts(texts: list[Text]) -> bool:
    """Whether the document prints amounts as bare numbers in brackets: 【６，５８８】, （５７０）."""
    bare = [
        match[1]
        for text in texts
        if (match := re.search(r"[【(\[]\s*([\d,]{2,12})\s*[】)\]](?:\s*[<【(].{1,6}[>】)])?$", text.text))
    ]
    return len(bare) >= 2 and any("," in number for number in bare)


_LEGEND = re.compile(rf"(?P<mark>[★☆◎○●◇◆□■※▲△▼])\s*(?:\.{{2,3}}|[:：=＝-]|は|印は?)\s*(?P<tag>{TAG_WORDS})")


def _legend(texts: list[Text]) -> dict[str, str]:
    """Marks and their tags from a line like 凡例　★…新規　☆…拡充."""
    return {
        match["mark"]: match["tag"]
        for text in texts
        if text.width < 60 and (len(_LEGEND.findall(text.text)) >= 2 or "凡例" in text.text)
        for match in _LEGEND.finditer(text.text)
    }


def read_outline(prepared: Prepared, *, ward: str | None = None) -> OutlineRead:
    """Read prepared lines (already split by `split_inline`); those of the document's title are no items."""
    unit = stated_unit(prepared.texts)
    units = with_announced(build_units(prepared))
    title_ids = {id(text) for text in prepared.title}
    title_units = {id(one) for one in units if all(id(text) in title_ids for text in one.title)}
    context = Context(
        order=LevelOrder(_markers(units)),
        unit=unit,
        bare_amounts=_prints_bare_amounts(prepared.texts),
        ward=ward,
        legend=_legend(prepared.texts),
        title_units=title_units,
        frame=find_frame(units, title_units),
    )
    builder = TreeBuilder(context)
    built = builder.build(units)
    rearrange(built)
    assign_kinds(built)
    read = OutlineRead(unit=unit, aside_tables=built.aside_tables)
    writer = _Writer(context)
    _attach_top_level(built)
    read.items = [writer.item(root) for root in built.roots]
    writer.place_tags(built)
    read.unplaced = _unplaced(prepared, built, title_ids)
    for node, item in writer.pairs:
        for index in node.anchors:
            read.anchors[index] = item
    return read


def _markers(units: list[Unit]) -> list[Marker]:
    return [
        unit.marker if unit.marker else HEADING
        for unit in units
        if unit.marker or (unit.role == "heading" and (unit.first.line.heading or unit.first.emphasis))
    ]


def _attach_top_level(built: Built) -> None:
    """Pillars and stances stand under the goal, if there is exactly one."""
    goals = [root for root in built.roots if root.kind == "goal"]
    if len(goals) != 1:
        return
    for root in list(built.roots):
        if root.kind in {"measure", "stance", "focus", "project"} and root is not goals[0]:
            built.roots.remove(root)
            goals[0].add(root)


_WHEN = re.compile(r"(?:いつ|時期|実施時期|期間|期限|日程)[::]")


def _printed(text: Text) -> str:
    """The words of a line, with the columns that were taken off it."""
    return clean(text.raw) if text.tail is not None else text.text


def _unplaced(prepared: Prepared, built: Built, title: set[int]) -> list[Unplaced]:
    """Everything printed that is no part of an item, in order."""
    found: list[tuple[Line, str, str | None]] = [
        (line, line.text.strip(), reason) for line, reason in prepared.apart
    ]
    for unit in built.loose:
        reason = "remark" if unit.role == "remark" else None
        found += [
            (text.line, _printed(text), "unit" if _STATED_UNIT.search(text.text) else reason)
            for text in unit.all_texts()
        ]
    used = {
        id(text.line)
        for root in built.roots
        for node in root.walk()
        for unit in node.units
        for text in unit.title
    }
    for unit in built.section_units:
        found += [
            (text.line, text.text, "section")
            for text in unit.all_texts()
            if id(text) not in title and id(text.line) not in used
        ]
    found.sort(key=lambda one: (one[0].page or 0, one[0].number))
    return [Unplaced(text, line.page, line.number, reason) for line, text, reason in found if text]


class _Writer:
    """Nodes → draft items, with the place of every piece."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pairs: list[tuple[Node, DraftItem]] = []
        self._by_node: dict[int, DraftItem] = {}

    def item(self, node: Node) -> DraftItem:
        """The item of `node` with its children."""
        found = node.found
        item = DraftItem(
            kind=node.kind,
            title=node.title or (node.units[0].first.text if node.units else ""),
            number=node.number,
            amount=found.amount,
            previous_amount=found.previous,
            tags=list(dict.fromkeys(found.tags)),
            owners=list(dict.fromkeys(found.owners)),
            programme=found.programme,
            budget_source=found.budget_source,
        )
        for unit in node.units:
            item.places.append(_place("title", unit.title))
        self._extra(item, node)
        body = []
        for unit in node.body:
            body.append(self._printed(unit))
            item.places.append(_place("body", unit.title))
        body += found.notes
        item.body = "\n".join(text for text in body if text) or None
        if item.kind == "action" and item.owners and any(_WHEN.match(note) for note in found.notes):
            item.plan = [item.title]  # who does what by when: the row of a plan, printed as a line
        self.pairs.append((node, item))
        self._by_node[id(node)] = item
        item.children = [self.item(child) for child in node.children]
        return item

    @staticmethod
    def _printed(unit: Unit) -> str:
        if unit.marker is None:
            return unit.text
        return (
            unit.first.text
            if len(unit.title) == 1
            else "".join([unit.first.text, *(text.text for text in unit.title[1:])])
        )

    def _extra(self, item: DraftItem, node: Node) -> None:
        for unit in node.extra:
            if unit.role != "attributes":
                item.places.append(_place("title", unit.title))
                continue
            text = unit.text
            if tags_in_line(text):
                continue  # a line of tags belongs to the project before it: see place_tags
            if pair := money_line(text):
                if item.amount is None:
                    item.amount, item.previous_amount = pair
                item.places.append(_place("amount", unit.title))
                continue
            labelled = labelled_owners(text)
            if labelled and labelled[1] and item.amount is None and (pair := money_line(labelled[1])):
                item.amount, item.previous_amount = pair
            if owners := labelled[0] if labelled else split_bodies(text):
                item.owners += [owner for owner in owners if owner not in item.owners]
                item.places.append(_place("owner", unit.title))
                continue
            found = read_columns(text) or read_attributes(
                "＿" + text, unit=self.context.unit, bare_amounts=True
            )
            item.amount = item.amount or found.amount
            item.previous_amount = item.previous_amount or found.previous
            item.tags += [tag for tag in found.tags if tag not in item.tags]
            item.owners += [owner for owner in found.owners if owner not in item.owners]
            item.programme = item.programme or found.programme
            item.budget_source = item.budget_source or found.budget_source
            name = (
                "amount"
                if found.amount
                else "owner"
                if found.owners
                else "tag"
                if found.tags
                else "programme"
            )
            item.places.append(_place(name, unit.title))

    def place_tags(self, built: Built) -> None:
        """A line of tags alone (重点, 拡充) belongs to the last project printed before it."""
        nodes = [node for root in built.roots for node in root.walk()]
        projects = sorted((node for node in nodes if node.kind in {"project", "measure"}), key=_position)
        for node in nodes:
            for unit in node.extra:
                tags = tags_in_line(unit.text) if unit.role == "attributes" else []
                if not tags:
                    continue
                here = (unit.first.line.page or 0, unit.first.line.number)
                before = [
                    project for project in projects if project.kind == "project" and _position(project) < here
                ]
                home = self._by_node[id(before[-1] if before else node)]
                home.tags += [tag for tag in tags if tag not in home.tags]
                home.places.append(_place("tag", unit.title))


def _position(node: Node) -> tuple[int, int]:
    line = node.units[0].first.line if node.units else None
    return (line.page or 0, line.number) if line else (0, 0)


def _place(name: str, texts: list[Text]) -> Place:
    lines = [line for text in texts for line in (text.line, *text.joined)]
    first, last = lines[0], lines[-1]
    boxes = [line.box for line in lines if line.box and line.page == first.page]
    box = (
        (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )
        if boxes
        else None
    )
    return Place(
        name, first.page, first.number, last.number if last.page == first.page else first.number, box
    )
