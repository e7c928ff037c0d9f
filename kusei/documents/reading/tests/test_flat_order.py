"""Flattened tables whose cells stand in order: numbered groups, then plan, result and bodies."""

from __future__ import annotations

import pytest

from kusei.documents.reading.flattened import looks_flattened, read_flattened
from kusei.documents.reading.model import DraftItem, Line

ROWS = """月見市環境計画　令和６年度の取組状況

施策 取組 令和６年度の計画 令和６年度の実績 実施主体

{one}　ごみを減らす

{two}　食べ残しを
減らす

{bullet}小盛りの運動

協力店は46店と
なった。

資源循環課
月見駅前商店街

{bullet}食品を持ち寄る日

年４回開いた。

資源循環課

{two2}　資源を集める

{bullet}古着の回収
{bullet}古本の回収

18トンを集めた。

資源循環課

{one2}　緑を育てる

{two}　里山を守る

{bullet}下草刈り

のべ260人が参加した。

みどり課
里山に親しむ会
"""
MARKS = [("１", "２", "(1)", "(2)", "・"), ("Ⅰ", "Ⅱ", "１", "２", "○"), ("第１", "第２", "①", "②", "◆")]


def lines_of(text: str) -> list[Line]:
    return [Line(line, n) for n, line in enumerate(text.splitlines(), 1)]


def table(marks: tuple[str, ...]) -> list[Line]:
    one, one2, two, two2, bullet = marks
    return lines_of(ROWS.format(one=one, one2=one2, two=two, two2=two2, bullet=bullet))


def shape(items: list[DraftItem]) -> list[tuple[str, list]]:
    return [(item.title, shape(item.children)) for item in items]


@pytest.mark.parametrize("marks", MARKS)
def test_numbers_of_two_rows_are_two_levels(marks: tuple[str, ...]) -> None:
    lines = table(marks)

    assert looks_flattened(lines)
    assert shape(read_flattened(lines).items) == [
        (
            "ごみを減らす",
            [
                ("食べ残しを減らす", [("小盛りの運動", []), ("食品を持ち寄る日", [])]),
                ("資源を集める", [("古着の回収", [])]),
            ],
        ),
        ("緑を育てる", [("里山を守る", [("下草刈り", [])])]),
    ]


def test_names_beside_a_body_are_bodies() -> None:
    items = [item for root in read_flattened(table(MARKS[0])).items for item in root.walk()]

    rows = [(row.plan, row.result, row.owners) for row in items if row.kind == "action"]
    assert rows == [
        (["小盛りの運動"], "協力店は46店となった。", ["資源循環課", "月見駅前商店街"]),
        (["食品を持ち寄る日"], "年4回開いた。", ["資源循環課"]),
        (["古着の回収", "古本の回収"], "18トンを集めた。", ["資源循環課"]),
        (["下草刈り"], "のべ260人が参加した。", ["みどり課", "里山に親しむ会"]),
    ]
    assert [item.number for item in items if item.kind == "measure"] == ["1", "(1)", "(2)", "2", "(1)"]


def test_headings_of_the_next_page_come_again() -> None:
    head = "施策 取組 令和６年度の計画 令和６年度の実績 実施主体"
    text = "\n".join(line.text for line in table(MARKS[0])).replace(
        "２　緑を育てる", f"{head}\n\n２　緑を育てる"
    )

    read = read_flattened(lines_of(text))
    assert [item.title for item in read.items] == ["ごみを減らす", "緑を育てる"]
    assert sum(one.text.startswith("施策 取組") for one in read.unplaced) == 2


def test_numbers_that_do_not_count_on_are_weighed_as_before() -> None:
    """A cell out of its place: order alone tells nothing, and nothing may be lost."""
    text = "\n".join(line.text for line in table(MARKS[0])).replace("２　緑を育てる", "５　緑を育てる")

    read = read_flattened(lines_of(text))
    kept = "".join(item.title for root in read.items for item in root.walk()) + "".join(
        one.text for one in read.unplaced
    )
    assert "緑を育てる" in kept
