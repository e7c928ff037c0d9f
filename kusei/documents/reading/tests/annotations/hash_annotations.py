"""Turn an annotation in clear text into the one that is stored: places, kinds, figures and hashes, no text.

    python -m kusei.documents.reading.tests.annotations.hash_annotations CLEAR.json [CLEAR.json …] [--to FOLDER]

The annotated documents are not part of this repository and none of their sentences may be. What is kept of an item: where it
stands, its kind, its parent, its number, its amounts, how many owners and tags it has, the hash of its title, and for a row of
an action plan the hashes of each planned bullet and of the result. Of the document: the hash of its title, its ward, year and kind.

How the documents were read, where more than one reading is possible:

- Measures, stances and what nests in them stand under the goal; headings of 組織運営, divisions and columns are roots.
- An item printed twice is one item, at the first place where it has a text of its own; `also_lines` names the others.
- A count of programmes beside a heading is no part of its title. Ornaments such as ～ … ～ are.
- Bullets directly under a measure or a related programme are actions; bullets inside a column belong to its body.
- A division's statement has no owner beside the division itself, which is its title, so the count is 0.
- 区 and 局 before a programme are tags, not owners and not budget sources.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from kusei.documents.reading.tests.scoring import title_hash

AS_THEY_ARE = ("id", "line", "also_lines", "kind", "parent", "number", "amount", "previous")


def hash_annotation(clear: dict[str, Any]) -> dict[str, Any]:
    """The annotation without its text; `parent_line` is added, so that a person can follow it in the source."""
    document = clear["document"]
    line_of = {item["id"]: item["line"] for item in clear["items"]}
    return {
        "document": {
            "title_hash": title_hash(document["title"]) if document["title"] else None,
            **{field: document[field] for field in ("ward", "fiscal_year", "kind")},
        },
        "items": [_hash_item(item, line_of) for item in clear["items"]],
    }


def _hash_item(item: dict[str, Any], line_of: dict[object, int]) -> dict[str, Any]:
    hashed = {field: item[field] for field in AS_THEY_ARE if field in item}
    hashed["parent_line"] = line_of.get(item["parent"])
    hashed["owners"] = len(item["owners"])
    hashed["tags"] = len(item["tags"])
    hashed["hash"] = title_hash(item["title"])
    if item.get("plan") or item.get("result"):
        hashed["plan"] = [title_hash(bullet) for bullet in item["plan"]]
        hashed["result"] = title_hash(item["result"]) if item["result"] else None
    return hashed


def as_json(annotation: dict[str, Any]) -> str:
    """JSON with one item a line, so that a change to one item shows as one line."""
    items = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in annotation["items"])
    document = json.dumps(annotation["document"], ensure_ascii=False)
    return f'{{\n "document": {document},\n "items": [\n{items}\n ]\n}}\n'


def main(arguments: list[str] | None = None) -> int:
    """Write one file of the same name for each annotation in clear text."""
    parser = argparse.ArgumentParser(description="Store annotations without their text.")
    parser.add_argument("clear", type=Path, nargs="+")
    parser.add_argument(
        "--to", type=Path, default=Path(__file__).parent, help="folder (default: beside this file)"
    )
    options = parser.parse_args(arguments)
    for path in options.clear:
        hashed = hash_annotation(json.loads(path.read_text(encoding="utf-8")))
        (options.to / path.name).write_text(as_json(hashed), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
