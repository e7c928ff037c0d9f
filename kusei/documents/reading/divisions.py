"""Statements of divisions: names of offices that stand alone, before or after the paragraph that is theirs."""

from __future__ import annotations

import re

from kusei.documents.reading.attributes import Attributes, is_body
from kusei.documents.reading.likeness import coverage
from kusei.documents.reading.nodes import HEADING, Built, Node, all_nodes, detach
from kusei.documents.reading.units import Unit

# What divisions of these names do in any municipality: tells a statement's owner where the layout does not.
_DUTIES = (
    (r"税", r"税|滞納"),
    (r"会計", r"会計|経理|出納"),
    (r"高齢|介護|長寿", r"高齢|介護"),
    (r"障害|障がい", r"障害|障がい"),
    (r"こども|子ども|子育て|家庭", r"こども|子ども|児童|子育て|妊娠"),
    (r"福祉保健|健康|保健", r"健康|地域福祉|生活習慣病|ワクチン"),
    (r"衛生|環境", r"衛生|食中毒|動物|ごみ|環境"),
    (r"地域振興|市民|協働", r"地域活動|商店街|自治会|町内会|スポーツ|にぎわい"),
    (r"区政推進|企画|政策|広報", r"広報|発信|区政|計画|声を|まちづくり"),
    (r"総務|防災|危機", r"防災|災害|選挙|統計|訓練"),
    (r"戸籍|住民|市民課|窓口", r"戸籍|住民票|転入|届|マイナンバー|証明"),
    (r"保険|年金|国保", r"保険|年金|給付|郵送申請"),
    (r"生活支援|保護", r"生活に困|生活保護|困窮|自立"),
    (r"土木|道路|建設|下水", r"道路|下水道|河川|公園"),
    (r"保育園|保育所|こども園", r"保育"),
    (r"消防", r"消防|救急|火災"),
)


def find_divisions(built: Built) -> None:
    """Make divisions of the names that stand alone (three or more), each with its statement."""
    nodes = all_nodes(built)
    names = [node for node in nodes if node.marker is HEADING and is_body(node.title) and not node.children]
    loose = [unit for unit in built.loose if unit.role == "heading" and is_body(unit.text)]
    if len(names) + len(loose) < 3:
        return
    for unit in loose:
        built.loose.remove(unit)
        names.append(
            Node(unit.text, HEADING, [unit], None, Attributes(unit.text), pages={unit.first.line.page})
        )
    names.sort(key=_position)
    groups = _paragraphs(_take_statements(built, names))
    for node in names:
        if node.parent is not None or node in built.roots:
            detach(built, node)
        node.section = "division"
        node.body = []
    built.roots += names
    for owner, group in _match(names, groups):
        if owner is None:
            built.loose += group
        else:
            owner.body += group


def _position(node: Node) -> tuple[int, int]:
    line = node.units[0].first.line
    return line.page or 0, line.number


def _take_statements(built: Built, names: list[Node]) -> list[Unit]:
    """The paragraphs around the names, taken from where the walk had put them."""
    page, first = _position(names[0])

    def is_near(unit: Unit) -> bool:
        line = unit.first.line
        return unit.role == "prose" and ((line.page or 0) > page or line.number >= first - 30)

    statements = [unit for node in names for unit in node.body]
    for node in all_nodes(built):
        if node not in names and node.units and _position(node) >= (page, first - 30):
            statements += [unit for unit in node.body if is_near(unit)]
            node.body = [unit for unit in node.body if not is_near(unit)]
    statements += [unit for unit in built.loose if is_near(unit)]
    built.loose = [unit for unit in built.loose if not is_near(unit)]
    return sorted(statements, key=lambda unit: (unit.first.line.page or 0, unit.first.line.number))


def _paragraphs(statements: list[Unit]) -> list[list[Unit]]:
    """Sentences printed right under each other are one statement."""
    groups: list[list[Unit]] = []
    for unit in statements:
        before = groups[-1][-1].title[-1].line if groups else None
        here = unit.first.line
        if (
            before is not None
            and before.page == here.page
            and here.number - before.number <= 2
            and unit.gap <= 1
        ):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return groups


def _match(names: list[Node], groups: list[list[Unit]]) -> list[tuple[Node | None, list[Unit]]]:
    """Names and statements one to one, the surest pairs first: same duties, same words, printed side by side."""
    scores = []
    for at, group in enumerate(groups):
        text = "".join(unit.text for unit in group)
        start, end = group[0].first.line, group[-1].title[-1].line
        for name in names:
            line = name.units[0].first.line
            beside = line.page == start.page and (
                0 < start.number - line.number <= 6 or 0 < line.number - end.number <= 6
            )
            score = _duties(name.title, text) + coverage(name.title, text) + (0.6 if beside else 0.0)
            scores.append((score, -at, -names.index(name), at, name))
    taken_names: set[int] = set()
    owner: dict[int, Node] = {}
    for score, _, _, at, name in sorted(scores, key=lambda one: one[:3], reverse=True):
        if score >= 0.5 and at not in owner and id(name) not in taken_names:
            owner[at] = name
            taken_names.add(id(name))
    return [(owner.get(at), group) for at, group in enumerate(groups)]


def _duties(name: str, text: str) -> float:
    return sum(
        min(len(set(re.findall(words, text))), 2) * 0.5
        for pattern, words in _DUTIES
        if re.search(pattern, name)
    )
