"""The flat list that a plan's page is drawn from, and the addresses its links get."""

from __future__ import annotations

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.queries import Node, Owner
from kusei.portal.addresses import Addresses
from kusei.portal.templatetags.outcomes import outcome_mark
from kusei.portal.tests.factories import make_item, make_version, make_ward
from kusei.portal.tree_rows import tree_rows
from kusei.results.enums import Outcome
from kusei.results.queries import Result


def node(name: str, *children: Node, depth: int = 0, **said: object) -> Node:
    values: dict[str, object] = {
        **dict.fromkeys(("number", "text", "programme", "budget_source"), ""),
        **dict.fromkeys(("plan_bullets", "tags", "owners", "amounts", "places"), ()),
        "item_id": hash(name), "public_id": uuid4(), "version_id": 1, "fiscal_year": 2021,
        "plan_kind": "action_plan", "kind": "action", "title": name, "source_page": None, "source_line": None,
        "depth": depth, "children": children, **said,
    }  # fmt: skip
    return Node(**values)  # type: ignore[arg-type]


def test_lists_end_after_the_last_item_of_each() -> None:
    tree = (
        node("a", node("b", node("c", depth=2), node("d", depth=2), depth=1), node("e", depth=1)),
        node("f"),
        node("g", node("h", node("i", depth=2), depth=1)),
    )
    rows = [(row.node.title, len(row.ends)) for row in tree_rows(tree, {})]
    # d ends the list under b; e the one under a; i those under h and g
    assert rows == [
        ("a", 0), ("b", 0), ("c", 0), ("d", 1), ("e", 1), ("f", 0), ("g", 0), ("h", 0), ("i", 2),
    ]  # fmt: skip


def test_no_items_are_no_rows() -> None:
    assert tree_rows((), {}) == []


def test_owners_stand_as_printed() -> None:
    both = (Owner(1, "地域振興課", "地域振興", "lead"), Owner(2, "総務課", "総務課", "shared"))
    assert [row.owners for row in tree_rows([node("a", owners=both), node("b")], {})] == [
        "地域振興、総務課",
        "",
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_addresses_are_those_of_the_url_tag_in_the_language_spoken(language: str) -> None:
    one, other = uuid4(), uuid4()
    with translation.override(language):
        addresses = Addresses("midori", 2021)
        found = [
            addresses.of_item(one),
            addresses.of_item(other),
            addresses.of_body(7),
            addresses.of_tag("新規"),
        ]
        assert found == [
            reverse("portal:item", args=["midori", one]),
            reverse("portal:item", args=["midori", other]),
            reverse("portal:body", args=["midori", 2021, 7]),
            reverse("portal:tag", args=["midori", 2021, "新規"]),
        ]


class _Outline(HTMLParser):
    """The names of the links in the tree with the number of lists they stand in; every element must be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["a"]:
            self.names.append((self.open.count("ul"), data))


@pytest.mark.django_db
def test_the_page_of_a_plan_nests_its_lists_and_escapes_what_documents_say(client: Client) -> None:
    version = make_version(make_ward(), 2021, PlanKind.ACTION_PLAN)
    top = make_item(version, ItemKind.FOCUS, "柱<b>1</b>", text="<script>1</script>")
    inner = make_item(version, ItemKind.MEASURE, "施策", parent=top, tags=("a&b",))
    make_item(version, ItemKind.ACTION, "取組1", parent=inner)
    make_item(version, ItemKind.ACTION, "取組2", parent=inner, programme='"引用"')
    make_item(version, ItemKind.FOCUS, "柱2")

    page = client.get(reverse("portal:plan", args=[version.ward.key, 2021, "action_plan"])).content.decode()

    tree = page[page.index('<ul class="tree tree--top">') : page.index("</main>")]
    outline = _Outline()
    outline.feed(tree[: tree.rindex("</ul>") + len("</ul>")])
    assert outline.open == []
    assert outline.names == [
        (1, "柱<b>1</b>"),
        (2, "施策"),
        (2, "a&b"),
        (3, "取組1"),
        (3, "取組2"),
        (1, "柱2"),
    ]
    assert "<script>1" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in tree
    assert "&quot;引用&quot;" in tree


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_mark_of_its_own_shape(outcome: Outcome) -> None:
    def mark(of: Outcome) -> str:
        return outcome_mark(Result(1, 1, "", of.value, "", None, None, ()))

    shape = mark(outcome).partition("<svg")[2]
    assert mark(outcome).endswith(f"</svg>{outcome.label}</span>")
    assert shape not in {mark(other).partition("<svg")[2] for other in Outcome if other is not outcome}
