"""The ruler itself: what counts as the same title, what as missing, wrong or invented. Every text here is invented."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kusei.documents.reading.tests.annotations.hash_annotations import as_json, hash_annotation
from kusei.documents.reading.tests.scoring import (
    Amounts,
    Difference,
    Extra,
    Miss,
    Overlap,
    Ratio,
    main,
    normalise_title,
    report,
    score,
    title_hash,
)

STORED = sorted((Path(__file__).parent / "annotations").glob("*.json"))
KINDS = {
    *("goal", "stance", "measure", "project", "component", "subcomponent"),
    *("action", "organisation", "division", "column", "related", "focus"),
}


def item(id: int, title: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": id,
        "line": id * 10,
        "kind": "project",
        "parent": None,
        "number": None,
        "title": title,
        "amount": None,
        "previous": None,
        "owners": [],
        "tags": [],
        **fields,
    }


def annotation(*items: dict[str, Any], **document: Any) -> dict[str, Any]:
    stated = {"title": None, "ward": None, "fiscal_year": None, "kind": None}
    return {"document": stated | document, "items": list(items)}


def drafted(title: str, line: int | None, *children: dict[str, Any], **fields: Any) -> dict[str, Any]:
    source = {"page": fields.pop("page", None), "line": line}
    return {
        "kind": "project",
        "number": None,
        "title": title,
        "source": source,
        "children": list(children),
        **fields,
    }


def draft(*items: dict[str, Any], **document: Any) -> dict[str, Any]:
    return {
        "title": None,
        "ward": None,
        "fiscal_year": None,
        "kind": "other",
        "items": list(items),
        **document,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("花いっぱい　運動", "花いっぱい運動"),  # ideographic space
        ("花いっ\nぱい運動 ", "花いっぱい運動"),  # a word broken over two lines
        ("ＩＣＴ講座（１２回）", "ict講座(12回)"),  # full width
        ("ｺﾐｭﾆﾃｨ", "コミュニティ"),  # half-width katakana
        ("⻭と⼝", "歯と口"),  # a radical that NFKC leaves alone, and one that it folds
        ("⺠生委員", "民生委員"),
        ("サ―ビス", "サービス"),  # U+2015 in place of the long vowel mark
        ("サｰビス", "サービス"),
        ("花･緑·水•土", "花・緑・水・土"),
        ("a-b", "a-b"),  # the ASCII hyphen is no dash
        ("", ""),
    ],
)
def test_normalise_title_folds_what_only_looks_different(text: str, expected: str) -> None:
    assert normalise_title(text) == expected


def test_title_hash_is_the_start_of_the_digest() -> None:
    # printf abc | sha256sum
    assert title_hash(" ＡＢＣ") == "ba7816bf8f01cfea"


def test_score_of_a_draft_that_says_the_same_is_perfect() -> None:
    told = annotation(
        item(1, "緑のまち", kind="measure", number="１", amount=300, previous=200),
        item(2, "花壇を増やす", parent=1, owners=["公園課", "総務課"], tags=["新規"], amount=300),
        title="令和８年度 方針",
        ward="架空区",
        fiscal_year=2026,
        kind="policy",
    )
    read = draft(
        drafted(
            "緑の まち",
            10,
            drafted("花壇を増やす", 20, owners=["公園課", "総務課"], tags=["新規"], amount_thousand_yen=300),
            kind="measure",
            number="1",
            amount_thousand_yen=300,
            previous_amount_thousand_yen=200,
        ),
        title="令和8年度方針",
        ward="架空区",
        fiscal_year=2026,
        kind="policy",
    )

    result = score(told, read)

    assert result.titles == Overlap(2, 2, 2)
    assert (result.kinds, result.parents, result.numbers) == (Ratio(2, 2), Ratio(2, 2), Ratio(2, 2))
    assert (result.owners, result.tags) == (Ratio(1, 1), Ratio(1, 1))
    assert result.amounts == Amounts(right=3)
    assert result.document == Ratio(4, 4)
    assert (result.misses, result.extras, result.differences) == ((), (), ())


def test_score_of_an_empty_draft_misses_everything() -> None:
    result = score(annotation(item(1, "花壇", amount=5), item(2, "水路")), draft())

    assert (result.titles.precision, result.titles.recall, result.titles.f1) == (0.0, 0.0, 0.0)
    assert result.amounts == Amounts(missing=1)
    assert result.misses == (
        Miss(10, "project", title_hash("花壇"), "花壇"),
        Miss(20, "project", title_hash("水路"), "水路"),
    )


def test_titles_count_as_a_multiset() -> None:
    result = score(
        annotation(item(1, "花壇"), item(2, "花壇"), item(3, "水路")),
        draft(
            drafted("花壇", 10), drafted("花壇", 20), drafted("花壇", 40), drafted("道", 50, kind="measure")
        ),
    )

    assert result.titles == Overlap(matched=2, expected=3, found=4)
    assert result.titles.precision == 0.5
    assert result.titles.recall == pytest.approx(2 / 3)
    assert result.titles.f1 == pytest.approx(4 / 7)
    assert [miss.line for miss in result.misses] == [30]
    assert result.extras == (Extra(40, "project", "花壇"), Extra(50, "measure", "道"))


def test_equal_titles_match_by_the_nearest_line() -> None:
    told = annotation(item(1, "案内", line=10, amount=1), item(2, "案内", line=20, amount=2))
    read = draft(drafted("案内", 21, amount_thousand_yen=2), drafted("案内", 12, amount_thousand_yen=1))

    assert score(told, read).amounts == Amounts(right=2)


def test_equal_titles_match_by_another_place_where_the_item_is_printed() -> None:
    told = annotation(
        item(1, "案内", line=10, number="1", also_lines=[90]), item(2, "案内", line=60, number="2")
    )
    read = draft(drafted("案内", 61, number="2"), drafted("案内", 89, number="1"))

    assert score(told, read).numbers == Ratio(2, 2)


def test_equal_titles_match_in_reading_order_when_the_draft_counts_lines_by_page() -> None:
    told = annotation(item(1, "案内", line=5, number="1"), item(2, "案内", line=60, number="2"))
    read = draft(drafted("案内", 6, page=2, number="2"), drafted("案内", 50, page=1, number="1"))

    assert score(told, read).numbers == Ratio(2, 2)


def test_equal_titles_at_the_same_distance_match_by_kind() -> None:
    told = annotation(item(1, "案内", line=10), item(2, "案内", line=10, kind="component"))
    read = draft(drafted("案内", 10, kind="component"), drafted("案内", 10))

    assert score(told, read).kinds == Ratio(2, 2)


def test_parents_compare_by_title_and_roots_with_roots() -> None:
    told = annotation(
        item(1, "緑", kind="measure"), item(2, "花壇", parent=1), item(3, "並木", parent=1), item(4, "水路")
    )
    read = draft(
        drafted("緑", 10, drafted("花壇", 20), drafted("水路", 40), kind="measure"),  # 水路 should be a root
        drafted("並木", 30),  # should not
    )

    result = score(told, read)

    assert result.parents == Ratio(2, 4)
    assert result.differences == (
        Difference(30, "parent", title_hash("緑"), None, "並木"),
        Difference(40, "parent", None, title_hash("緑"), "水路"),
    )


def test_kind_and_number_are_judged_over_matched_items_only() -> None:
    told = annotation(item(1, "花壇", number="(1)"), item(2, "並木", number="ア"), item(3, "水路"))
    read = draft(drafted("花壇", 10, number="（１）", kind="component"), drafted("並木", 20))

    result = score(told, read)

    assert (result.kinds, result.numbers) == (Ratio(1, 2), Ratio(1, 2))


def test_other_kinds_and_parents_that_a_careful_reader_might_name_are_right_too() -> None:
    expected = annotation(
        item(1, "海のまち", kind="goal"),
        item(2, "港をひらく", kind="measure", parent=1, parent_also=[None]),
        item(3, "朝市", kind="action", parent=2, kind_also=["project"], parent_also=[1]),
        item(4, "灯台", kind="action", parent=2, kind_also=["project"]),
    )
    found = draft(
        drafted("海のまち", 10, drafted("朝市", 30), kind="goal"),
        drafted("港をひらく", 20, drafted("灯台", 40, kind="component"), kind="measure"),
    )

    result = score(expected, found)

    assert result.parents == Ratio(4, 4)
    assert result.kinds == Ratio(3, 4)


def test_amounts_are_right_missing_wrong_or_invented() -> None:
    told = annotation(
        item(1, "合う", amount=1.5, previous=2),
        item(2, "抜ける", amount=3),
        item(3, "違う", amount=4),
        item(4, "ない"),
        item(5, "題名ごと抜ける", amount=6),
    )
    read = draft(
        drafted("合う", 10, amount_thousand_yen=1.5, previous_amount_thousand_yen=2),
        drafted("抜ける", 20, amount_thousand_yen=None),
        drafted("違う", 30, amount_thousand_yen=40),
        drafted("ない", 40, previous_amount_thousand_yen=0),  # nought is a figure too
        drafted("余分", 50, amount_thousand_yen=7),
    )

    result = score(told, read)

    assert result.amounts == Amounts(right=2, missing=2, wrong=1, invented=2)
    assert [(d.line, d.field, d.expected, d.found) for d in result.differences] == [
        (20, "amount", 3, None),
        (30, "amount", 4, 40),
        (40, "previous", None, 0),
        (50, "amount", 6, None),
        (50, "amount", None, 7),
    ]


def test_owners_are_judged_where_either_side_names_any() -> None:
    told = annotation(
        item(1, "花壇", owners=["甲", "乙"]), item(2, "並木", owners=1), item(3, "水路"), item(4, "道")
    )
    read = draft(
        drafted("花壇", 10, owners=["丙", "丁"]),  # two are two: only the count is stored
        drafted("並木", 20, owners=["甲", "乙"]),
        drafted("水路", 30, owners=["甲"]),
        drafted("道", 40, owners=[]),
    )

    assert score(told, read).owners == Ratio(1, 3)


def test_rows_compare_their_bullets_and_results_the_row_they_hang_on() -> None:
    told = annotation(
        item(1, "苗を配る", plan=["苗を配る"], result="300本を配った。"),
        item(2, "講座", plan=["講座", "見学会"], result="中止した。"),
        item(3, "清掃", plan=["清掃"], result="雨天のため延期した。"),
        item(4, "巡回", plan=["巡回"], result=None),
        item(5, "ただの取組"),
    )
    read = draft(
        drafted("苗を配る", 10, plan=["苗を配る"], result="雨天のため延期した。"),  # the results of these two
        drafted("清掃", 30, plan=["清掃"], result="300本を配った。"),  # changed places
        drafted("講座", 20, plan=["講座"], result="中止した。"),  # a bullet lost
        drafted("巡回", 40, plan=["巡回"], result=None),
        drafted("ただの取組", 50, plan=[], result=None),
    )

    result = score(told, read)

    assert result.rows == Overlap(matched=3, expected=4, found=4)
    assert result.results == Overlap(matched=1, expected=3, found=3)


def test_document_compares_only_what_the_annotation_states() -> None:
    told = annotation(title="令和８年度 予算", fiscal_year=2026)
    read = draft(title="令和8年度予算", ward="架空区", fiscal_year=2025)

    result = score(told, read)

    assert result.document == Ratio(1, 2)
    assert result.differences == (Difference(None, "document fiscal_year", 2026, 2025),)


def test_hashed_annotation_scores_as_the_clear_one_does() -> None:
    clear = annotation(
        item(1, "緑", kind="measure", amount=3),
        item(2, "花壇", parent=1, owners=["甲"], tags=["新規"], plan=["花壇"], result="作った。"),
        item(3, "水路", also_lines=[70]),
        title="緑の計画",
        ward="架空区",
    )
    hashed = json.loads(as_json(hash_annotation(clear)))
    read = draft(
        drafted("緑", 10, drafted("花壇", 20, owners=["乙"], plan=["花壇"], result="作った。")),
        title="緑の計画",
    )

    of_clear, of_hashed = score(clear, read), score(hashed, read)

    assert of_hashed.misses == (Miss(30, "project", title_hash("水路")),)
    for field in (
        "titles",
        "kinds",
        "parents",
        "numbers",
        "owners",
        "tags",
        "amounts",
        "rows",
        "results",
        "document",
    ):
        assert getattr(of_hashed, field) == getattr(of_clear, field), field


def test_hashed_annotation_holds_no_text() -> None:
    clear = annotation(
        item(1, "花壇", owners=["公園課"], tags=["新規"], plan=["花壇"], result="作った"), title="計画"
    )

    text = as_json(hash_annotation(clear))

    assert json.loads(text)["items"][0]["owners"] == 1
    assert not re.search("花壇|公園課|新規|作った|計画", text)


def test_report_names_what_differs() -> None:
    result = score(
        annotation(item(1, "花壇"), item(2, "並木")),
        draft(drafted("並木", 20, kind="action"), drafted("道", 30)),
    )

    lines = report(result).splitlines()

    assert "missed     line 10: project 花壇" in lines
    assert "extra      line 30: project 道" in lines
    assert "differs    line 20: kind 'action', expected 'project' 並木" in lines


def test_main_prints_the_report_of_the_draft_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told, read = annotation(item(1, "花壇")), [draft(), draft(drafted("花壇", 10))]
    (tmp_path / "told.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "read.json").write_text(json.dumps(read), encoding="utf-8")

    status = main([str(tmp_path / "told.json"), str(tmp_path / "read.json"), "--index", "1"])

    assert status == 0
    assert capsys.readouterr().out.startswith(report(score(told, read[1])))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_stored_annotation_is_a_tree_without_text(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    seen: set[int] = set()
    for entry in stored["items"]:
        hashes = [entry["hash"], *entry.get("plan", []), entry.get("result") or "0" * 16]
        assert all(re.fullmatch("[0-9a-f]{16}", value) for value in hashes), entry["id"]
        assert entry["kind"] in KINDS
        assert len(entry["number"] or "") <= 4
        assert isinstance(entry["owners"], int)
        assert isinstance(entry["tags"], int)
        seen.add(entry["id"])
    assert len(seen) == len(stored["items"])
    assert {entry["parent"] for entry in stored["items"]} <= seen | {None}


def stored(number: str) -> list[dict[str, Any]]:
    path = Path(__file__).parent / "annotations" / f"{number}.json"
    items: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["items"]
    return items


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (
            "000",
            {
                "goal": 1,
                "stance": 3,
                "measure": 4,
                "project": 12,
                "organisation": 8,
                "action": 15,
                "column": 1,
            },
        ),
        ("001", {"goal": 1, "measure": 8, "project": 19 + 3, "organisation": 4 + 2, "action": 36 + 3}),
        (
            "002",
            {
                "measure": 1,
                "project": 12,
                "component": 27,
                "subcomponent": 18,
                "related": 11,
                "action": 2,
                "column": 1,
            },
        ),
        (
            "004",
            {
                "goal": 1,
                "stance": 2,
                "measure": 4,
                "project": 19,
                "action": 32,
                "organisation": 3,
                "division": 14,
            },
        ),
    ],
)
def test_stored_annotation_has_the_known_counts(number: str, expected: dict[str, int]) -> None:
    assert Counter(entry["kind"] for entry in stored(number)) == expected


def test_stored_budget_adds_up() -> None:
    """26,397 千円 for the measure, 23,967 the year before; 5,833 of 統合事業費 stand outside that sum."""
    items = stored("002")
    amount_of = {entry["id"]: entry["amount"] for entry in items}
    of_kind = {kind: [entry for entry in items if entry["kind"] == kind] for kind in KINDS}

    assert sum(1 for entry in items if entry["amount"] is not None) == 43
    assert [(entry["amount"], entry["previous"]) for entry in of_kind["measure"]] == [(26397, 23967)]
    assert sum(entry["amount"] for entry in of_kind["project"]) == 26397
    assert sum(entry["amount"] or 0 for entry in of_kind["related"]) == 5833
    components: Counter[int] = Counter()
    for entry in of_kind["component"]:
        components[entry["parent"]] += entry["amount"]
    assert len(components) == 11  # the twelfth project has none
    assert all(amount_of[project] == total for project, total in components.items())
