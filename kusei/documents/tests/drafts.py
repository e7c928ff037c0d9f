"""The smallest drafts, as the reader's JSON gives them."""

from __future__ import annotations

from typing import Any


def item(kind: str, title: str, *children: dict[str, Any], **said: Any) -> dict[str, Any]:
    """One item; what is not said is empty."""
    return {
        "kind": kind,
        "number": None,
        "title": title,
        "body": None,
        "amount_thousand_yen": None,
        "previous_amount_thousand_yen": None,
        "amount_printed": None,
        "amount_unit": None,
        "tags": [],
        "owners": [],
        "programme": None,
        "budget_source": None,
        "plan": [],
        "result": None,
        "figures": [],
        "source": {"page": None, "line": 1},
        "places": [],
        "children": list(children),
        **said,
    }


def row(title: str, result: str | None, *owners: str, **said: Any) -> dict[str, Any]:
    """A row of an action plan: what was planned, what was done, by whom."""
    return item("action", title, plan=[title], result=result, owners=list(owners), **said)


def draft(*items: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A policy of 泉区 for 2021 unless said otherwise."""
    return {
        "title": "令和3年度 泉区運営方針",
        "ward": "横浜市泉区",
        "fiscal_year": 2021,
        "kind": "policy",
        "items": list(items),
        "unplaced": [],
        "warnings": [],
        **said,
    }
