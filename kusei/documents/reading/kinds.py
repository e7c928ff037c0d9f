"""Kinds follow position, not the printed word (design.md, section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kusei.documents.reading import sections
from kusei.documents.reading.nodes import Built, Node
from kusei.documents.reading.rearrange import home_of_related

_WORK_NAME = re.compile(r"(?:事業|業務|交付金|補助金|負担金|プロジェクト|助成金|委託)(?:費|等|\(.*\))?$")
_ACTIVITY_NAME = re.compile(r"(?:事業|取組|プロジェクト)$")
_LETTERS = {"kana", "(kana)", "latin", "(latin)"}
_CHAPTER_STYLES = {"part", "chapter", "section"}


def assign_kinds(built: Built) -> None:
    """Give every node its kind, and put programmes of other budgets under their projects."""
    roots = [root for root in built.roots if root.kind != "goal"] + [
        child for root in built.roots if root.kind == "goal" for child in root.children
    ]
    plain = [
        node
        for node in roots
        if node.section in {None, sections.MEASURES, sections.NEUTRAL, sections.GOAL, sections.BACKGROUND}
    ]
    depth = _project_depth(plain)
    for root in roots:
        _assign(root, None, depth, 0)
    _place_related(built)


def _level_kind(node: Node) -> str | None:
    """The kind that a printed level word says (施策1 …, 重点事業2 …)."""
    if node.marker.style != "level":
        return None
    word = node.marker.word
    if word in {"基本目標", "目標", "まちづくりの目標", "基本理念", "重点目標"}:
        return "goal" if word == "基本目標" and node.children else "measure"
    if "行動計画" in word or "重点分野" in word:
        return "focus"
    if "事業" in word:
        return "project"
    if re.search(r"取組|アクション|プロジェクト", word):
        return None
    return "measure"


def _project_depth(roots: list[Node]) -> int:
    """At which depth (0 = top) the projects stand."""
    levels: list[list[Node]] = []
    layer = [node for node in roots if not node.marker.is_bullet]
    while layer:
        levels.append(layer)
        layer = [child for node in layer for child in node.children if not child.marker.is_bullet]
    for depth, nodes in enumerate(levels[:3]):
        worded = [_level_kind(node) for node in nodes]
        if worded and all(kind == "project" for kind in worded):
            return depth
        names = sum(
            1 for node in nodes if _WORK_NAME.search(node.title) or (node.found.owners and node.found.amount)
        )
        if names / len(nodes) >= 0.5:
            return depth
        if depth + 1 < len(levels) and nodes and all(node.marker.style in _CHAPTER_STYLES for node in nodes):
            below = levels[depth + 1]
            if all(node.marker.style in _CHAPTER_STYLES for node in below) and depth + 2 < len(levels):
                continue
            return depth + 1
        works_below = _share_of_works(levels[depth + 2]) if depth + 2 < len(levels) else 0.0
        if works_below >= 0.5 and _share_of_works(levels[depth + 1]) < 0.3 and len(levels[depth + 2]) > 2:
            return depth + 2
        if any(kind == "measure" or kind == "goal" for kind in worded):
            below = levels[depth + 1] if depth + 1 < len(levels) else []
            if below and all(_level_kind(node) in {"measure", "goal"} for node in below):
                continue
            return depth + 1
        return depth + 1 if len(levels) > depth + 1 or not names else depth
    return max(len(levels) - 1, 1)


def _share_of_works(nodes: list[Node]) -> float:
    return sum(
        1 for node in nodes if _WORK_NAME.search(node.title) or (node.found.owners and node.found.amount)
    ) / len(nodes)


@dataclass(slots=True)
class _Rows:
    """What holds for the rows of one heading's children, found once for all of them. Rows are told by their signature."""

    all_to_do: dict[str, bool]
    """Whether all of a row of marks are things to do."""
    divided: set[str]
    """Rows in which a bullet has bullets of its own."""
    staffed: set[str]
    """Rows in which one has a body or money."""
    bare: bool
    """Whether none of the children has text, parts, bodies, money or a programme's name."""

    @staticmethod
    def of(children: list[Node]) -> _Rows:
        rows = _Rows({}, set(), set(), True)
        for one in children:
            row = one.marker.signature
            rows.all_to_do[row] = rows.all_to_do.get(row, True) and _is_leaf_mark(one)
            if any(child.marker.is_bullet for child in one.children):
                rows.divided.add(row)
            if one.found.owners or one.found.amount:
                rows.staffed.add(row)
            if one.children or one.body or one.found.any or _WORK_NAME.search(one.title):
                rows.bare = False
        return rows


def _assign(
    node: Node, parent: Node | None, project_depth: int, depth: int, rows: _Rows | None = None
) -> None:
    """`rows`: those that `node` and its siblings make."""
    if not node.kind:
        node.kind = _kind_of(node, parent, project_depth, depth, rows or _Rows.of([node]))
    below = _Rows.of(node.children)
    for child in node.children:
        _assign(child, node, project_depth, depth + (0 if node.is_group else 1), below)


def _kind_of(node: Node, parent: Node | None, project_depth: int, depth: int, rows: _Rows) -> str:
    if node.section == "division":
        return "division"
    if node.section == sections.COLUMN:
        return "column"
    if node.section == sections.STANCE and (parent is None or (parent.kind == "stance" and not parent.units)):
        return "stance"
    if node.section == sections.ORGANISATION or (parent is not None and parent.kind == "organisation"):
        thing_to_do = _is_leaf_mark(node) and (node.marker.style == "triangle" or node.title.endswith("。"))
        return "action" if node.marker.is_bullet or (parent is not None and thing_to_do) else "organisation"
    if parent is not None and parent.kind == "division":
        return "action" if node.marker.is_bullet else "project"
    if parent is not None and parent.kind in {"stance", "column"}:
        return "action"
    if (
        node.found.budget_source
        and node.marker.style in {"circle", "diamond", "square", "triangle", "dot"}
        and depth > 0
    ):
        return "related"
    level = _level_kind(node)
    if node.marker.is_bullet:
        return _bullet_kind(node, parent, rows)
    if level and not (level == "measure" and parent is not None and parent.kind in {"project", "component"}):
        return level
    if parent is None or parent.kind in {"goal", "measure", "focus", "group"}:
        if (
            rows.bare
            and parent is not None
            and parent.marker.style == "level"
            and node.marker.style in _LETTERS
        ):
            return "action"  # ア, イ under a numbered 施策: the things that were done for it
        only_bullets = bool(node.children) and all(child.marker.is_bullet for child in node.children)
        if parent is not None and parent.kind == "measure" and depth < project_depth and only_bullets:
            return "project"
        return "measure" if depth < project_depth else "project"
    if parent.kind == "project":
        is_leaf = node.marker.style == "triangle" or rows.all_to_do.get(node.marker.signature, False)
        return "action" if is_leaf else "component"
    if parent.kind == "component":
        return "subcomponent" if node.is_numbered else "action"
    if parent.kind == "related":
        return "action"
    return "action"


def _is_leaf_mark(node: Node) -> bool:
    """A mark without number, text or parts under it: a thing to do, not a part of the project."""
    return (
        node.marker.style in {"diamond", "circle", "square", "triangle"}
        and not node.children
        and not node.body
        and not node.found.amount
    )


def _bullet_kind(node: Node, parent: Node | None, rows: _Rows) -> str:
    """A bullet right under a measure is a project if it, or one of its row, is named, staffed, paid or divided like one."""
    if parent is None:
        return "project" if _ACTIVITY_NAME.search(node.title) else "action"
    if parent.kind not in {"measure", "goal", "focus"}:
        return "action"
    if _ACTIVITY_NAME.search(node.title) or node.found.programme:
        return "project"
    row = node.marker.signature
    divided = row in rows.divided
    staffed = not node.title.endswith("。") and row in rows.staffed
    return "project" if divided or staffed else "action"


def _place_related(built: Built) -> None:
    """Programmes of other budgets are printed after a later project: each goes to the one it is most like among those
    printed since the last such group."""
    order = [node for root in built.roots for node in root.walk()]
    recent: list[Node] = []
    closed = False
    moves: list[tuple[Node, Node]] = []
    for node in order:
        if node.kind == "project":
            if closed:
                recent, closed = [], False
            recent.append(node)
        elif node.kind == "related":
            closed = True
            home = home_of_related(node, recent)
            if home is not None and node.parent is not home:
                moves.append((node, home))
    for node, home in moves:
        if node.parent is not None:
            node.parent.children.remove(node)
        else:
            built.roots.remove(node)
        home.add(node)
