"""How fast PDFs are read, compared with pdfplumber's `extract_words` and `find_tables` alone on the same pages.

    python benchmarks/reading.py [--pages N] [--runs N] [FILE.pdf ...]

Without files it makes a PDF of tables itself. Where KUSEI_SEEDS names the folder of the real documents, it also times one
process that reads all of them, start-up included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from kusei.documents.reading.extract import extract
from kusei.documents.reading.tests.extract_samples import known_table, typst_pdf, typst_table

_ROWS_PER_PAGE = 10


def main() -> None:
    """Prints the ratio for each file: above 1 the reader is faster than pdfplumber alone."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=30, help="about how many pages the made PDF has")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = options.files or [_made(Path(folder), options.pages)]
        for path in files:
            _compare(path, options.runs)
    if seeds := os.environ.get("KUSEI_SEEDS"):
        _time_seeds(Path(seeds), options.runs)


def _made(folder: Path, pages: int) -> Path:
    table = typst_table(known_table(pages * _ROWS_PER_PAGE))
    return typst_pdf(folder / "tables.pdf", table, page='paper: "a4", numbering: "1"')


def _compare(path: Path, runs: int) -> None:
    alone, ours = [], []
    for _ in range(runs):  # in turns, so that a busy machine slows both
        alone.append(_seconds(_read_with_pdfplumber, path))
        ours.append(_seconds(_read_with_kusei, path))
    ratio = median(alone) / median(ours)
    print(
        f"{path.name}: pdfplumber {median(alone):.2f} s, kusei {median(ours):.2f} s, ratio {ratio:.2f} (at least 0.6)"
    )


def _seconds(read: object, path: Path) -> float:
    start = time.perf_counter()
    read(path)  # type: ignore[operator]
    return time.perf_counter() - start


def _read_with_pdfplumber(path: Path) -> None:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.find_tables()
            page.close()


def _read_with_kusei(path: Path) -> None:
    for _ in extract(path).pages:
        pass


def _time_seeds(folder: Path, runs: int) -> None:
    files = [str(path) for path in sorted(folder.glob("*.txt"))]
    start_up = "import sys; from kusei.config.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start_up, "read", "--json", *files]
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)
        times.append(time.perf_counter() - start)
        if done.returncode:
            print(f"kusei read: {done.stderr.decode(errors='replace').strip()[-300:]}")
            return
    print(f"kusei read, {len(files)} texts in one process: {median(times):.2f} s (at most 3)")


if __name__ == "__main__":
    main()
