"""What does not add up in a draft: said, with page and line, never mended silently."""

from __future__ import annotations

import re
from decimal import Decimal

from kusei.documents.reading.amounts import to_yen
from kusei.documents.reading.model import Amount, Draft, DraftItem, Warning

_JUDGED = re.compile(r"^(?:.{0,6}評価|判定|達成度|(?:今後の|事業の)?方向性?)[:：]", re.MULTILINE)
"""A cell of a verdict, as the body of a row keeps it: 評価:A."""


def check(draft: Draft) -> None:
    """Add warnings to `draft`: sums, unknown units, rows without owner or result, unplaced text; and settle its kind."""
    owners_told = _others_have_owners(draft)
    for item in draft.walk():
        _check_sum(draft, item)
        _check_unit(draft, item)
        if item.plan and not item.owners and owners_told:
            _warn(draft, "row_without_owner", f"実施主体が読み取れません：「{_short(item.title)}」", item)
    lost = [text for text in draft.unplaced if text.reason is None]
    if lost:
        first = lost[0]
        message = f"どの項目にも入らなかった文字が{len(lost)}行あります。「置き場所のない文」で一つずつ確かめてください。"
        draft.warnings.append(Warning("unplaced_text", message, first.page, first.line))
    if not any(True for _ in draft.walk()):
        draft.warnings.append(
            Warning(
                "no_items", "計画の項目が見つかりませんでした。文書の種類を確かめてください。", None, None
            )
        )
    if draft.kind == "other":
        draft.kind = _kind_from_items(draft)
    elif draft.kind == "action_plan" and _reviews_a_plan(draft):
        draft.kind = "evaluation"
    for name, code, label in (
        ("title", "title_unknown", "題名"),
        ("ward", "ward_unknown", "団体名"),
        ("fiscal_year", "year_unknown", "年度"),
    ):
        if getattr(draft, name) is None:
            draft.warnings.append(
                Warning(
                    code, f"{label}が文書に書かれていません。取り込むときに指定してください。", None, None
                )
            )


def _others_have_owners(draft: Draft) -> bool:
    rows = [item for item in draft.walk() if item.plan]
    return sum(1 for item in rows if item.owners) > len(rows) / 2


def _check_sum(draft: Draft, item: DraftItem) -> None:
    own = _yen(item.amount)
    parts = [
        _yen(child.amount) for child in item.children if child.kind != "related" and not child.budget_source
    ]
    known = [part for part in parts if part is not None]
    if own is None or not known or len(known) < len(parts) / 2 or (len(known) == 1 and len(parts) > 1):
        return
    total = sum(known, Decimal(0))
    if total != own and len(known) == len(parts):
        unit = item.amount.unit if item.amount else ""
        message = f"内訳の合計が合いません：「{_short(item.title)}」は{own:,.0f}円、内訳の合計は{total:,.0f}円（単位：{unit}）"
        _warn(draft, "sum_differs", message, item)


def _check_unit(draft: Draft, item: DraftItem) -> None:
    for amount in (item.amount, item.previous_amount):
        if amount is not None and amount.unit is None:
            _warn(
                draft,
                "unit_unknown",
                f"金額の単位がどこにも書かれていません：「{_short(item.title)}」{amount.printed}",
                item,
            )
            return


def _yen(amount: Amount | None) -> Decimal | None:
    return to_yen(amount.printed, amount.unit) if amount else None


def _short(title: str) -> str:
    return title if len(title) <= 30 else title[:29] + "…"


def _warn(draft: Draft, code: str, message: str, item: DraftItem) -> None:
    source = item.source
    draft.warnings.append(
        Warning(code, message, source.page if source else None, source.line if source else None)
    )


def _reviews_a_plan(draft: Draft) -> bool:
    """Whether a document on the progress of a plan (進捗状況) prints nothing that was planned for its year: it looks back only."""
    if not draft.title or not re.search(r"(?:進捗|達成)状況", draft.title):
        return False
    return not any(item.plan and item.plan != [item.title] for item in draft.walk())


def _kind_from_items(draft: Draft) -> str:
    items = list(draft.walk())
    if not items:
        return "other"
    judged = sum(bool(_JUDGED.search(item.body or "")) for item in items)
    if judged >= 2 and judged * 2 >= sum(not item.children for item in items):
        return "evaluation"
    if sum(1 for item in items if item.plan or item.result) >= len(items) / 2:
        return "action_plan"
    if sum(1 for item in items if item.amount) >= max(3, len(items) * 0.3):
        return "budget"
    if any(item.kind == "goal" for item in items) and any(item.kind == "measure" for item in items):
        return "policy"
    return "other"
