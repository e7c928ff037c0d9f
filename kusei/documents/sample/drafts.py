"""The sample's data files → drafts as the reader makes them, with a text file in which every item has its line.

A data file is the reader's JSON with everything left out that is empty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

_MARKS = {
    "stance": "● ", "project": "◆ ", "action": "・", "related": "○ ", "organisation": "◇ ", "division": "■ ",
    "column": "コラム ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """A draft with the text that its places point into, and a name for its file."""

    name: str
    draft: dict[str, Any]
    lines: tuple[str, ...]


def sample_document(name: str) -> SampleDocument:
    """The document of `data/<name>.json`."""
    data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    lines: list[str] = [
        data["title"],
        "（サンプル: 公表された計画の事実と数値に、独自の短い説明を付けたもの）",
        "",
    ]
    items = [_item(each, lines, 0) for each in data["items"]]
    draft = {**data, "items": items, "unplaced": [], "warnings": []}
    return SampleDocument(f"{name}.txt", draft, tuple(lines))


def _item(data: dict[str, Any], lines: list[str], depth: int) -> dict[str, Any]:
    """One item as the reader gives it; its lines are added to `lines`."""
    places: list[dict[str, Any]] = []
    indent = "　" * depth

    def write(field: str, text: str) -> None:
        lines.append(f"{indent}{text}")
        at = len(lines)
        places.append({"field": field, "page": None, "line": at, "end_line": at, "box": None, "cell": None})

    amount = data.get("amount_thousand_yen")
    if depth == 0 or data["kind"] in ("measure", "focus", "project"):
        lines.append("")
    write("title", _heading(data))
    if amount is not None:
        places.append({**places[0], "field": "amount"})
    if data.get("body"):
        write("body", f"　{data['body']}")
    for bullet in data.get("plan", ())[1:]:
        write("plan", f"・{bullet}")
    if data.get("result"):
        write("result", f"　→ {data['result']}")
    if data.get("owners"):
        write("owner", f"　担当: {'、'.join(data['owners'])}")
    return {
        "kind": data["kind"],
        "number": data.get("number"),
        "title": data["title"],
        "body": data.get("body"),
        "amount_thousand_yen": amount,
        "previous_amount_thousand_yen": data.get("previous_amount_thousand_yen"),
        "amount_printed": str(amount) if amount is not None else None,
        "amount_unit": "千円" if amount is not None else None,
        "tags": data.get("tags", []),
        "owners": data.get("owners", []),
        "programme": data.get("programme"),
        "budget_source": data.get("budget_source"),
        "plan": data.get("plan", []),
        "result": data.get("result"),
        "figures": [{"label": None, **figure} for figure in data.get("figures", ())],
        "source": {"page": None, "line": places[0]["line"]},
        "places": places,
        "children": [_item(child, lines, depth + 1) for child in data.get("children", ())],
    }


def _heading(data: dict[str, Any]) -> str:
    number = data.get("number")
    parts = [f"{number} " if number else _MARKS.get(data["kind"], ""), data["title"]]
    if data.get("programme"):
        parts.append(f"【{data['programme']}】")
    if data.get("budget_source"):
        parts.append(f"【{data['budget_source']}】")
    if data.get("amount_thousand_yen") is not None:
        previous = data.get("previous_amount_thousand_yen")
        before = f"、前年度{previous:,}千円" if previous is not None else ""
        parts.append(f"（{data['amount_thousand_yen']:,}千円{before}）")
    parts.extend(f"＜{tag}＞" for tag in data.get("tags", ()))
    return "".join(parts)
