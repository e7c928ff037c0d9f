"""`kusei reindex`: the search index anew."""

from __future__ import annotations

import argparse
import sys

from kusei.search import operations as search


def run(options: argparse.Namespace) -> int:
    """Build the whole index again; the site can be searched meanwhile."""
    show = sys.stderr.isatty()

    def progress(kind: str, written: int) -> None:
        if show:
            print(f"\r{kind}: {written}", end="", file=sys.stderr, flush=True)

    counts = search.rebuild(progress=progress)
    if show:
        print(file=sys.stderr)
    for kind, count in counts.items():
        print(f"{kind}: {count}件")
    return 0
