"""Open headings: where a new one is put, and whether it was printed before."""

from __future__ import annotations

from kusei.documents.reading import sections
from kusei.documents.reading.attributes import Attributes
from kusei.documents.reading.markers import Marker
from kusei.documents.reading.nodes import HEADING, Context, Node
from kusei.documents.reading.units import Unit

_DEEPEST = 40
"""How many headings may stand under one another; no document means more, and a tree must stay walkable."""


class OpenHeadings:
    """The tree so far and its open headings, highest first."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.roots: list[Node] = []
        self.loose: list[Unit] = []
        self.section: str | None = None
        self.stack: list[Node] = []
        self.goal: Node | None = None
        self.by_key: dict[str, list[Node]] = {}
        self.has_marked = False

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
        row_is_open = any(one.marker.signature == node.marker.signature for one in self.stack)
        if node.marker.ordinal is not None and node.marker.ordinal > 1 and not row_is_open:
            # a row does not begin in the middle under a box: it belongs to what stands above the box
            while self.stack and self.stack[-1].marker is HEADING and self.stack[-1].kind != "goal":
                self.stack.pop()
        while (
            self.stack
            and not self._is_indented_under(self.stack[-1], node)
            and not order.is_above(self.stack[-1].marker, node.marker)
            and self.stack[-1].kind != "goal"
        ):
            self.stack.pop()
        if self._starts_again(node):
            if self.stack and self.stack[-1].is_group:
                self.stack.pop()
            group = Node("", HEADING, [], node.section, Attributes(""), is_group=True)
            self._attach(group)
            self.stack.append(group)
        self._attach(node)
        self.stack.append(node)

    @staticmethod
    def _is_indented_under(top: Node, node: Node) -> bool:
        """A bullet set further in than the bullet of the same mark above it is part of that one."""
        if not (
            top.marker.is_bullet
            and top.marker.signature == node.marker.signature
            and top.units
            and node.units
        ):
            return False
        step = 1.0 if node.marker.style == "hyphen" else 2.0
        return node.units[0].first.indent - top.units[0].first.indent >= step

    def _attach(self, node: Node) -> None:
        del self.stack[_DEEPEST:]
        self.by_key.setdefault(node.key, []).append(node)
        self.has_marked = self.has_marked or (not node.marker.is_bullet and node.marker.style != "heading")
        if self.stack:
            self.stack[-1].add(node)
        else:
            self.roots.append(node)

    def _starts_again(self, node: Node) -> bool:
        """A row that starts again at 1 without a heading between: its heading is printed elsewhere."""
        if node.marker.ordinal != 1 or node.marker.style not in {"digit", "digit."}:
            return False
        if self.stack and self.stack[-1].kind != "goal":
            siblings = self.stack[-1].children
        else:
            siblings = [*self.roots, *(self.goal.children if self.goal else [])]
        sections_here = {node.section, None} if node.section in {None, sections.MEASURES} else {node.section}
        return any(
            one.is_group
            or (
                one.marker.signature == node.marker.signature
                and one.marker.ordinal == 1
                and (
                    one.section in sections_here
                    or (one.section == sections.MEASURES and None in sections_here)
                )
            )
            for one in siblings
        )

    def _twin(self, node: Node) -> Node | None:
        """The same heading printed before (overview and detail)."""
        if (
            node.marker.is_bullet
            or len(node.key) < 4
            or node.marker.style in {"(digit)", "kana", "(kana)", "circled"}
        ):
            return None
        for other in self.by_key.get(node.key, ()):
            if other.kind == "goal" or other.marker.is_bullet or other.is_group:
                continue
            plain = other.marker.style == "heading" or node.marker.style == "heading"
            same = (
                other.marker.signature == node.marker.signature
                and other.marker.ordinal == node.marker.ordinal
            )
            on_top = other.parent is None or other.parent.kind == "goal"
            if not (plain or same) or (node.marker.style == "circle" and not on_top):
                continue
            if other.found.budget_source == node.found.budget_source is None:
                return other
        return None

    def _merge(self, twin: Node, node: Node) -> None:
        twin.extra += node.units
        twin.pages |= node.pages
        if twin.section == sections.MEASURES and (
            self.section in {sections.STANCE, sections.GOAL}
            or (self.section == sections.ORGANISATION and twin.is_numbered)
        ):
            self.section = twin.section
        for name in ("amount", "previous", "programme"):
            if getattr(twin.found, name) is None:
                setattr(twin.found, name, getattr(node.found, name))
        twin.found.tags += [tag for tag in node.found.tags if tag not in twin.found.tags]
        twin.found.owners += [owner for owner in node.found.owners if owner not in twin.found.owners]
        path = [twin]
        while path[0].parent is not None:
            path.insert(0, path[0].parent)
        self.stack = path
