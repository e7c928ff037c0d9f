"""What is refused, and how: a code, Japanese words, no crash, within time and memory."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from kusei.documents.reading.extract import extract
from kusei.documents.reading.model import ReadingError
from kusei.documents.reading.tests.extract_samples import typst_pdf

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def refusal(path: Path) -> str:
    """The code of the refusal; the message must be Japanese and say what to do."""
    with pytest.raises(ReadingError) as caught:
        list(extract(path).pages)
    assert caught.value.message.endswith("ください。")
    return caught.value.code


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typst_pdf(tmp_path_factory.mktemp("pdf") / "good.pdf", "本文です。#lorem(300)")


@pytest.fixture(scope="module")
def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["事業", "額"])
    book.active.append(["甲", 1])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", "　\n\r\n".encode(), "empty"),
        ("a.txt", b"\xff\xfe", "empty"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<", "damaged"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "unknown_format"),
        ("a.txt", bytes(random.Random(1).randbytes(20_000)), "unknown_format"),
        ("a.xls", _OLE + "Workbook".encode("utf-16-le"), "old_format"),
        ("a.doc", _OLE + "WordDocument".encode("utf-16-le"), "old_format"),
        ("a.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.zip", b"PK\x03\x04 cut off", "damaged"),
    ],
)
def test_refused_by_content(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path) == code


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.pdf") == "not_found"
    assert refusal(tmp_path) == "not_a_file"


def test_locked_pdf(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.open(good) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))

    assert refusal(path) == "encrypted"


def test_pdf_that_only_forbids_changes_is_read(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.open(good) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user=""))

    assert next(extract(path).pages).blocks


@pytest.mark.parametrize("linearize", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_pdf_cut_off(tmp_path: Path, good: Path, share: float, linearize: bool) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.open(good) as pdf:
        pdf.save(path, linearize=linearize)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert refusal(path) == "damaged"


def _scan() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    image = pdf.make_stream(bytes(range(256)) * 40)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 128, 80, 8
    image.ColorSpace = pikepdf.Name.DeviceGray
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    return pdf


def test_scan_is_refused_and_a_scanned_page_among_others_told(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "a.pdf"
    scan = _scan()
    scan.save(path)

    assert refusal(path) == "scan_without_text"

    with pikepdf.open(good) as pdf:
        pdf.pages.append(scan.pages[0])
        pdf.save(tmp_path / "b.pdf")
    extracted = extract(tmp_path / "b.pdf")
    assert [bool(page.blocks) for page in extracted.pages] == [True, False]
    assert [(warning.code, warning.page) for warning in extracted.warnings] == [("page_without_text", 2)]


def _office(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return path


@pytest.mark.slow
def test_zip_bomb(tmp_path: Path) -> None:
    path = _office(tmp_path / "a.xlsx", xl__workbook="<a/>", xl__sheet=" " * 60_000_000)

    assert refusal(path) == "too_large"


@pytest.mark.slow
def test_sizes_written_in_a_zip_are_not_believed(tmp_path: Path) -> None:
    path = _office(tmp_path / "a.docx", word__document=" " * 60_000_000)
    content = path.read_bytes()
    real, told = (60_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(content.replace(real, told))

    assert refusal(path) in ("too_large", "damaged")


@pytest.mark.slow
def test_pdf_with_a_stream_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1024**2) for _ in range(400)) + packer.flush()
    stream = pdf.make_stream(b"")
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    page.Contents = stream
    path = tmp_path / "a.pdf"
    pdf.save(path, compress_streams=False)

    assert refusal(path) == "too_large"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>'

    assert refusal(_office(tmp_path / "a.docx", word__document=laughs)) == "too_large"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_workbook_cut_off(tmp_path: Path, workbook: bytes, share: float) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook[: int(len(workbook) * share)])

    assert refusal(path) == "damaged"


def test_known_formats_under_wrong_names(tmp_path: Path, workbook: bytes, good: Path) -> None:
    for name, content, real in (
        ("a.pdf", workbook, "xlsx"),
        ("b.xlsx", good.read_bytes(), "pdf"),
        ("c.txt", b"<!DOCTYPE html><html><body><p>a</p></body></html>", "html"),
        ("d.docx", "本文だけ".encode(), "txt"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        extracted = extract(path)
        assert extracted.format == real
        assert any(page.blocks for page in extracted.pages)
        assert [warning.code for warning in extracted.warnings] == ["wrong_suffix"]


@pytest.mark.slow
def test_mutated_files_are_read_or_refused(tmp_path: Path, good: Path, workbook: bytes) -> None:
    """Bytes flipped, cut and doubled at random: pages or a ReadingError, nothing else."""
    outcomes = []
    pick = random.Random(7)
    samples = [
        good.read_bytes(),
        workbook,
        '番号,取組\n1,"甲\n乙"\n'.encode("cp932"),
        b"<html><table><tr><td rowspan=2>a<td>b",
    ]
    for number in range(120):
        content = bytearray(samples[number % len(samples)])
        for _ in range(pick.randint(1, 8)):
            at = pick.randrange(len(content))
            match pick.randrange(3):
                case 0:
                    content[at] = pick.randrange(256)
                case 1:
                    del content[at : at + pick.randint(1, 50)]
                    content = content or bytearray(b"x")
                case _:
                    content[at:at] = content[at : at + 40]
        path = tmp_path / f"{number}.bin"
        path.write_bytes(content)
        try:
            outcomes.append(f"{len(list(extract(path).pages))} pages")
        except ReadingError as error:
            outcomes.append(error.code)
    assert len(outcomes) == 120
