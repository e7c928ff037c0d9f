"""`kusei read` as a person runs it, with files that cannot be read: told in Japanese, exit code 2, the good ones read all the same."""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kusei.documents.reading.tests.extract_samples import typst_pdf

pytestmark = pytest.mark.slow

MEMORY = 1024**3
SECONDS = 20.0
_COMMAND = [sys.executable, "-c", "import sys; from kusei.config.cli import main; sys.exit(main())"]
GOOD = "令和３年度　花川区運営方針\n\n１　見守りの輪を広げる\n・相談窓口を設けます。\n"


@dataclass(frozen=True)
class Run:
    """What one call of `kusei read` printed and used; `memory` is the most it ever held, in bytes."""

    code: int
    out: str
    error: str
    seconds: float
    memory: int


def kusei_read(folder: Path, *arguments: str | Path) -> Run:
    """Run the command in a process of its own."""
    out, error = folder / "stdout.txt", folder / "stderr.txt"
    started = time.monotonic()
    with out.open("wb") as out_file, error.open("wb") as error_file:
        process = subprocess.Popen(
            [*_COMMAND, "read", *map(str, arguments)], stdout=out_file, stderr=error_file
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        process.returncode,
        out.read_text(encoding="utf-8"),
        error.read_text(encoding="utf-8"),
        time.monotonic() - started,
        usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    )


# --- files that cannot be read -------------------------------------------------------------------------------------------


def _pdf(folder: Path) -> bytes:
    return typst_pdf(folder / "source.pdf", "本文です。" * 400).read_bytes()


def _encrypted_pdf(folder: Path) -> bytes:
    pikepdf = pytest.importorskip("pikepdf")
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(_pdf(folder))) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user="secret"))
    return file.getvalue()


def _scan(_: Path) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    page = Image.effect_noise((600, 800), 60)
    page.save(file, "PDF", save_all=True, append_images=[page])
    return file.getvalue()


def _workbook(_: Path) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for number in range(400):
        book.active.append([f"見守り{number}", number, "相談窓口"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _letter(_: Path) -> bytes:
    import docx

    document = docx.Document()
    for number in range(400):
        document.add_paragraph(f"{number} 見守りの輪を広げます。")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _bomb(make: Callable[[Path], bytes], member: str) -> Callable[[Path], bytes]:
    """An Office file with one part that unpacks to 600 MB."""

    def made(folder: Path) -> bytes:
        file = io.BytesIO(make(folder))
        with (
            zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
            archive.open(member, "w", force_zip64=True) as part,
        ):
            for _ in range(600):
                part.write(b"<a/>" * (1024**2 // 4))
        return file.getvalue()

    return made


def _half(make: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
    def made(folder: Path) -> bytes:
        data = make(folder)
        return data[: len(data) // 2]

    return made


def _fixed(data: bytes) -> Callable[[Path], bytes]:
    return lambda _: data


BAD: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    "encrypted.pdf": ("パスワード", _encrypted_pdf),
    "scan.pdf": ("文字", _scan),
    "empty.txt": ("空です", _fixed(b"")),
    "empty.pdf": ("空です", _fixed(b"")),
    "blank.csv": ("空です", _fixed(" \r\n　\r\n".encode())),
    "bomb.xlsx": ("極端に大きく|超えます|多すぎます", _bomb(_workbook, "xl/worksheets/sheet9.xml")),
    "bomb.docx": ("極端に大きく|超えます|多すぎます", _bomb(_letter, "word/more.xml")),
    "half.pdf": ("壊れ", _half(_pdf)),
    "half.xlsx": ("壊れ", _half(_workbook)),
    "half.docx": ("壊れ", _half(_letter)),
    "binary.dat": ("読める形式ではありません", _fixed(random.Random(7).randbytes(300_000))),
    "binary.txt": ("読める形式ではありません", _fixed(random.Random(8).randbytes(300_000))),
    "picture.pdf": (
        "読める形式ではありません",
        _fixed(b"\x89PNG\r\n\x1a\n" + random.Random(9).randbytes(50_000)),
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("limits")


def _told(run: Run, words: str) -> None:
    assert re.search(words, run.error), run.error
    assert re.search(r"ください", run.error), f"says what is wrong, not what to do: {run.error}"
    assert "Traceback" not in run.error
    # A process begins with the peak of the one that started it: a test run that has grown large says nothing below its own.
    assert run.memory < max(MEMORY, 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + 1)
    assert run.seconds < SECONDS


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_told_and_the_good_file_is_read(name: str, folder: Path) -> None:
    words, make = BAD[name]
    bad, good = folder / name, folder / "good.txt"
    bad.write_bytes(make(folder))
    good.write_text(GOOD, encoding="utf-8")

    run = kusei_read(folder, "--json", bad, good)

    assert run.code == 2
    _told(run, words)
    assert name in run.error
    (draft,) = json.loads(run.out)
    assert draft["title"] == "令和3年度 花川区運営方針"
    assert draft["items"][0]["title"] == "見守りの輪を広げる"


def test_a_missing_file_and_a_folder(folder: Path) -> None:
    good = folder / "good.txt"
    good.write_text(GOOD, encoding="utf-8")

    run = kusei_read(folder, folder / "none.pdf", good, folder)

    assert run.code == 2
    _told(run, "見つかりません")
    assert "フォルダ" in run.error
    assert "見守り" in run.out or "花川区" in run.out


def test_a_good_file_says_nothing_on_stderr(folder: Path) -> None:
    good = folder / "good.txt"
    good.write_text(GOOD, encoding="utf-8")

    run = kusei_read(folder, good)

    assert run.code == 0
    assert run.error == ""
    assert "令和3年度 花川区運営方針" in run.out


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode("cp932"), id="Shift_JIS"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="BOM"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR"),
    ],
)
def test_odd_text_is_read_all_the_same(encode: Callable[[str], bytes], folder: Path) -> None:
    path = folder / "odd.pdf"  # the name is wrong, too
    path.write_bytes(encode(GOOD))

    run = kusei_read(folder, "--json", path)

    assert run.code == 0
    draft = json.loads(run.out)
    assert draft["title"] == "令和3年度 花川区運営方針"
    assert "wrong_suffix" in {warning["code"] for warning in draft["warnings"]}
