"""`kusei read`: what a document says, without a database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from kusei.documents.commands.console import (
    KIND_NAMES,
    PLAN_NAMES,
    beside_items,
    complain,
    in_fiscal_year,
    progress_of,
    where,
)
from kusei.documents.reading.model import ReadingError
from kusei.documents.reading.reader import read_file

_SHOWN = 10


def run(options: argparse.Namespace) -> int:
    """Read the files and print what they hold; 2 if one of them cannot be read (the others are read all the same)."""
    drafts: list[dict[str, Any]] = []
    failed = False
    for name in options.files:
        draft = read_or_complain(Path(name))
        if draft is None:
            failed = True
            continue
        drafts.append(draft)
        if not options.json:
            print("\n".join(summary(Path(name).name, draft)))
    if options.json and drafts:
        result: Any = drafts[0] if len(options.files) == 1 else drafts
        json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
        print()
    return 2 if failed else 0


def read_or_complain(path: Path) -> dict[str, Any] | None:
    """The draft of one file, or None after saying on stderr why it cannot be read."""
    try:
        return read_file(path, progress=progress_of(path.name)).to_json()
    except ReadingError as error:
        complain(f"{path.name}: {error.message}")
    except OSError as error:
        complain(
            f"{path.name}: ファイルを開けません（{error.strerror or error}）。場所と権限を確かめてください。"
        )
    except ImportError:  # our own mistake, not the file's
        raise
    except Exception as error:
        # Whatever a broken file does to a library, the user gets a message and the other files are read.
        if os.environ.get("KUSEI_DEBUG"):
            raise
        complain(
            f"{path.name}: 読み取りの途中で問題が起きました（{type(error).__name__}）。ファイルが壊れているかもしれません。"
        )
    return None


def summary(name: str, draft: dict[str, Any]) -> list[str]:
    """What a person wants to know of a draft at a glance."""
    items = list(_walk(draft["items"]))
    counts: dict[str, int] = {}
    for item in items:
        counts[item["kind"]] = counts.get(item["kind"], 0) + 1
    lines = [
        f"■ {name}",
        f"  {draft['title'] or '題名なし'}（{draft['ward'] or '区不明'}、{in_fiscal_year(draft['fiscal_year'])}、"
        f"{PLAN_NAMES.get(draft['kind'], draft['kind'])}）",
        f"  項目 {len(items)}件: "
        + "、".join(f"{KIND_NAMES.get(kind, kind)} {count}" for kind, count in counts.items()),
    ]
    amounts = [item for item in items if item["amount_printed"] is not None]
    if amounts:
        unknown = sum(1 for item in amounts if item["amount_thousand_yen"] is None)
        note = f"（うち単位不明 {unknown}件）" if unknown else ""
        lines.append(f"  金額 {len(amounts)}件{note}")
        lines.extend(
            f"    {item['title']}: {item['amount_thousand_yen']:,}千円{_previous(item)}"
            for item in draft["items"]
            if item["amount_thousand_yen"] is not None
        )
    results = sum(1 for item in items if item["result"])
    if results:
        lines.append(f"  実施結果 {results}件、数値 {sum(len(item['figures']) for item in items)}件")
    lines.extend(_listed("注意", [_warning(each) for each in draft["warnings"]]))
    lost = [piece for piece in draft["unplaced"] if not piece.get("reason")]
    lines.extend(_listed("置き場所が決まらない文", [_piece(each) for each in lost]))
    lines.extend(beside_items(draft["unplaced"]))
    return lines


def _walk(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for item in items:
        found.append(item)
        found.extend(_walk(item["children"]))
    return found


def _previous(item: dict[str, Any]) -> str:
    previous = item["previous_amount_thousand_yen"]
    return f"（前年度 {previous:,}千円）" if previous is not None else ""


def _listed(heading: str, texts: list[str]) -> list[str]:
    if not texts:
        return []
    more = [f"    ほか {len(texts) - _SHOWN}件（--json ですべて表示）"] if len(texts) > _SHOWN else []
    return [f"  {heading} {len(texts)}件", *(f"    {text}" for text in texts[:_SHOWN]), *more]


def _warning(warning: dict[str, Any]) -> str:
    place = where(warning["page"], warning["line"])
    return f"{place + ': ' if place else ''}{warning['message']}（{warning['code']}）"


def _piece(piece: dict[str, Any]) -> str:
    text = piece["text"] if len(piece["text"]) <= 40 else f"{piece['text'][:39]}…"
    return f"{where(piece['page'], piece['line'])}: {text}"
