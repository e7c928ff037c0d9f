"""Mend what the layout tore apart: rows without their heading, projects under the wrong measure, boxes, statements."""

from __future__ import annotations

import re

from kusei.documents.reading import sections
from kusei.documents.reading.attributes import Attributes, is_body
from kusei.documents.reading.divisions import find_divisions
from kusei.documents.reading.likeness import best_assignment, coverage, pairs, rarity
from kusei.documents.reading.nodes import HEADING, Built, Node, all_nodes, detach
from kusei.documents.reading.units import find_name_list
from kusei.japanese.folding import fold_name

# Words of an office about itself: a box with them is about how the office is run, not about the town.
_OFFICE_WORDS = re.compile(
    r"窓口|職員|人材育成|働き方|職場|組織|区役所|市役所|役場|庁内|庁舎|業務|行政サービス|お客様|接遇|コンプライアンス|事務|チーム|改革|信頼|歳出|経費"
)


def rearrange(built: Built) -> None:
    """All mending steps, in order. Works on `built` in place."""
    _assign_groups(built)
    _move_listed_projects(built)
    _find_stances(built)
    _fill_boxes(built)
    _sort_boxes(built)
    find_divisions(built)
    _give_lead_to_goal(built)


def _assign_groups(built: Built) -> None:
    """Numbered rows whose headings are printed elsewhere go under the childless headings that they are most like."""
    groups = [node for node in all_nodes(built) if node.is_group]
    if not groups:
        return
    rows = {child.marker.signature for group in groups for child in group.children if child.is_numbered}
    pool = [
        node
        for node in all_nodes(built)
        if not node.is_group and not node.marker.is_bullet and node.section != sections.ORGANISATION and node.kind != "goal"
        and node.marker.signature in rows and not (node.parent and node.parent.is_group)
        and not any(child.marker.is_bullet for child in node.children)
    ]  # fmt: skip
    # A heading that took the row right after it may have taken a stranger's: all rows of these headings are dealt anew.
    texts: list[str] = []
    holders: list[list[Node]] = []
    for heading in pool:
        own = [
            child
            for child in heading.children
            if child.marker.signature in rows or not child.marker.is_bullet
        ]
        if own:
            holders.append(own)
            texts.append("\n".join(child.whole_text() for child in own))
    for group in groups:
        holders.append(list(group.children))
        texts.append("\n".join(child.whole_text() for child in group.children))
    if not pool:
        for group in groups:
            _dissolve(built, group)
        return
    chosen = best_assignment([heading.title for heading in pool], texts)
    for row, column in zip(holders, chosen, strict=True):
        for child in row:
            detach(built, child)
            pool[column].add(child)
    for group in groups:
        if not group.children:
            detach(built, group)


def _dissolve(built: Built, group: Node) -> None:
    parent = group.parent
    siblings = parent.children if parent else built.roots
    index = siblings.index(group)
    for child in group.children:
        child.parent = parent
    siblings[index : index + 1] = group.children


def _move_listed_projects(built: Built) -> None:
    """A project that one measure's overview names belongs to that measure, wherever it is printed."""
    listed: dict[str, Node] = {}
    for node in all_nodes(built):
        for unit in node.body:
            for name in find_name_list(unit.text):
                listed.setdefault(fold_name(name), node)
    if not listed:
        return
    for node in all_nodes(built):
        names = [name for name in (node.found.programme, node.title) if name]
        home = next((listed[fold_name(name)] for name in names if fold_name(name) in listed), None)
        if home is None or node.parent is home or node is home or home in node.walk():
            continue
        if node.parent is not None and node.parent.marker.signature == home.marker.signature:
            detach(built, node)
            home.add(node)


def _find_stances(built: Built) -> None:
    """Boxes that a sentence names together (「A」「B」「C」の３つの視点) are stances."""
    quoted: set[str] = set()
    texts = [unit.text for unit in built.loose] + [
        unit.text for node in all_nodes(built) for unit in node.body
    ]
    for text in texts:
        if re.search(r"視点|姿勢|キーワード|柱", text) and len(re.findall(r"「([^「」]{3,30})」", text)) >= 2:
            quoted |= {fold_name(name) for name in re.findall(r"「([^「」]{3,30})」", text)}
    for node in all_nodes(built):
        if node.key in quoted and node.marker.style == "heading":
            node.section = sections.STANCE


def _fill_boxes(built: Built) -> None:
    """Headings that lost their text, and paragraphs without a heading: those alike are one box."""
    headings = [
        unit
        for unit in built.loose
        if unit.role == "heading" and 8 <= len(unit.text) <= 40 and not is_body(unit.text)
    ]
    paragraphs = [unit for unit in built.loose if unit.role == "prose" and len(unit.text) >= 25]
    for node in all_nodes(built):
        if node.marker.style == "heading" and node.kind == "goal":
            paragraphs += [unit for unit in node.body if len(unit.text) >= 25]
    for heading in headings:
        near = [
            unit
            for unit in paragraphs
            if unit.first.line.page == heading.first.line.page
            and 0 < unit.first.line.number - heading.first.line.number < 60
        ]
        best = max(near, key=lambda unit: coverage(heading.text, unit.text), default=None)
        if best is None or coverage(heading.text, best.text) < 0.22:
            continue
        built.loose.remove(heading)
        if best in built.loose:
            built.loose.remove(best)
        for node in all_nodes(built):
            if best in node.body:
                node.body.remove(best)
        paragraphs.remove(best)
        box = Node(
            heading.text,
            HEADING,
            [heading],
            sections.MEASURES,
            Attributes(heading.text),
            body=[best],
            pages={heading.first.line.page},
        )
        built.roots.append(box)


def _sort_boxes(built: Built) -> None:
    """Unmarked boxes beside marked pillars cut across them: about the office itself, or stances for all work."""
    nodes = all_nodes(built)
    has_office = any(
        (
            section.first.text
            and sections.section_of(section.text, section.text) == sections.Section(sections.ORGANISATION)
        )
        or "組織運営" in section.text
        for section in built.section_units
    )
    pillars = [
        node
        for node in nodes
        if node.marker.ordinal is not None
        and node.section in {sections.MEASURES, None}
        and (node.parent is None or node.parent.kind == "goal")
    ]
    if not has_office or len(pillars) < 2:
        return
    boxes = [
        node
        for node in nodes
        if node.marker.style == "heading" and node.marker.word == "plain" and not node.children and node.section in {sections.MEASURES, sections.ORGANISATION} and node.body and node.kind != "goal" and not is_body(node.title)
    ]  # fmt: skip
    if not any(node.section == sections.MEASURES for node in boxes):
        return
    for node in boxes:
        office = len(_OFFICE_WORDS.findall(node.title)) * 2 + len(
            set(_OFFICE_WORDS.findall(node.body_text()))
        )
        node.section = sections.ORGANISATION if office >= 2 else sections.STANCE
        detach(built, node)
        built.roots.append(node)


def _give_lead_to_goal(built: Built) -> None:
    """Paragraphs printed before any item, in a document with one aim, are the lead text of the aim."""
    goals = [root for root in built.roots if root.kind == "goal"]
    if len(goals) != 1 or not goals[0].units:
        return
    goal = goals[0]
    lines = [node.line for node in all_nodes(built) if node is not goal and node.units]
    first = min(lines, default=0)
    page = goal.units[0].first.line.page
    lead = [
        unit
        for unit in built.loose
        if unit.role == "prose"
        and unit.first.line.page == page
        and unit.first.line.number < min(first, goal.line)
        and len(unit.text) >= 25
    ]
    for unit in lead:
        built.loose.remove(unit)
    goal.body[:0] = lead


def home_of_related(node: Node, candidates: list[Node]) -> Node | None:
    """The project that a programme of another budget belongs to: the one most like it among those printed before it."""
    if not candidates:
        return None
    weights = rarity([candidate.whole_text() for candidate in candidates])
    own = pairs(node.title) | pairs(node.body_text())

    def score(candidate: Node) -> float:
        title = coverage(candidate.title, node.whole_text(), weights)
        shared = own & pairs(candidate.whole_text())
        text = sum(weights.get(pair, 1.0) for pair in shared) / (
            1 + sum(weights.get(pair, 1.0) for pair in own)
        )
        return title + text

    return max(candidates, key=score)
