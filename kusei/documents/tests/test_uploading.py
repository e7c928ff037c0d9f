"""Files sent in: kept at once, read in the background, told in words where they cannot be read."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from kusei.documents import operations
from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument, SourcePage
from kusei.documents.operations import uploading
from kusei.files.models import StoredFile
from kusei.jobs import rules
from kusei.jobs.models import Job
from kusei.jobs.running import work_off
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.slow

PAPERS = Path(uploading.__file__).parents[1] / "sample" / "papers"


def keep(cast: Cast, name: str = "方針.txt", content: bytes | None = None, **words: bool) -> SourceDocument:
    if content is None:
        content = (PAPERS / "mirai_policy_2026.txt").read_bytes()
    return operations.keep_file(ward=cast.ward, actor=cast.planner, name=name, content=content, **words)


def test_a_file_is_kept_at_once_and_read_later(cast: Cast) -> None:
    document = keep(cast)
    assert (document.status, StoredFile.objects.get().name, document.job.status) == (
        "reading",
        "方針.txt",
        "waiting",
    )

    assert work_off() == 1

    document.refresh_from_db()
    assert document.status == DocumentStatus.DRAFT
    assert len(document.draft["items"]) > 0
    assert document.pages.get(number=1).lines[0].strip() != ""
    assert list(
        AuditEntry.objects.filter(target_type="documents.sourcedocument")
        .order_by("pk")
        .values_list("verb", "way")
    ) == [
        ("documents.keep", "command"),
        ("documents.read", "job"),
    ]
    assert AuditEntry.objects.get(verb="documents.read").actor == cast.planner


@pytest.mark.parametrize("name", ["administrator", "clerk", "partner", "resident", "former", "stranger"])
def test_only_planners_send_files_in(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        operations.keep_file(ward=cast.ward, actor=getattr(cast, name), name="a.txt", content=b"x")
    assert (StoredFile.objects.count(), SourceDocument.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_the_same_file_is_told_and_kept_twice_only_when_asked(cast: Cast) -> None:
    first = keep(cast)
    with pytest.raises(operations.FileKnown) as told:
        keep(cast, name="別の名前.txt")
    assert told.value.document == first
    assert "もう受け取っています" in str(told.value)
    assert (SourceDocument.objects.count(), StoredFile.objects.count()) == (1, 1)
    stored = StoredFile.objects.get()
    assert stored.content.storage.exists(stored.content.name)  # the refused copy took nothing with it
    keep(cast, even_if_known=True)
    assert (SourceDocument.objects.count(), StoredFile.objects.count()) == (2, 1)


@override_settings(KUSEI_UPLOAD_MEGABYTES=1)
def test_too_large_and_empty_files_are_refused_in_words(cast: Cast) -> None:
    with pytest.raises(operations.FileRefused, match="1MBまで"):
        keep(cast, content=b"x" * (1024 * 1024 + 1))
    with pytest.raises(operations.FileRefused, match="空です"):
        keep(cast, content=b"")
    assert StoredFile.objects.count() == 0


def encrypted_pdf() -> bytes:
    import pikepdf

    out = BytesIO()
    with pikepdf.open(PAPERS / "mirai_budget_2026.pdf") as paper:
        paper.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("予算.pdf", encrypted_pdf, "パスワード"),
        ("予算.pdf", lambda: (PAPERS / "mirai_budget_2026.pdf").read_bytes()[:3000], "壊れて"),
        ("写真.pdf", lambda: b"\x89PNG\r\n\x1a\n" + os.urandom(400), "読める形式ではありません"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_is_still_there(
    cast: Cast, name: str, content, why: str
) -> None:
    document = keep(cast, name, content())
    work_off()
    document.refresh_from_db()
    assert (document.status, why in document.problem) == (DocumentStatus.FAILED, True), document.problem
    assert document.file.content.storage.exists(document.file.content.name)

    operations.read_again(document=document, actor=cast.planner)
    assert document.status == DocumentStatus.READING
    operations.read_again(document=document, actor=cast.planner)  # a second click changes nothing
    assert work_off() == 1
    document.refresh_from_db()
    assert document.status == DocumentStatus.FAILED

    operations.discard_import(document=document, actor=cast.planner)
    assert (SourceDocument.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_wrong_suffix_is_read_all_the_same(cast: Cast) -> None:
    document = keep(cast, "予算.txt", (PAPERS / "mirai_budget_2026.pdf").read_bytes())
    work_off()
    document.refresh_from_db()
    assert document.status == DocumentStatus.DRAFT
    assert document.draft["items"]


def test_a_worker_that_dies_over_a_file_is_told_after_the_last_attempt(cast: Cast, monkeypatch) -> None:
    def out_of_memory(*_words: object, **_more: object) -> None:
        raise MemoryError

    monkeypatch.setattr(uploading, "read_document", out_of_memory)
    document = keep(cast)
    for _attempt in range(rules.ATTEMPTS):
        document.refresh_from_db()
        assert document.status == DocumentStatus.READING
        assert work_off() == 1
        Job.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    document.refresh_from_db()
    assert (document.status, "途中で止まった" in document.problem) == (DocumentStatus.FAILED, True)


def test_a_worker_that_comes_back_late_writes_nothing(cast: Cast, monkeypatch) -> None:
    """While the first worker reads, its lease runs out and a second one reads the file: only that one's text stays."""
    document = keep(cast)
    real = uploading.read_document
    depth = []

    def slow(path: Path, **words: object):
        reading = real(path, **words)
        if not depth:
            depth.append(1)
            Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
            assert work_off() == 1
        return reading

    monkeypatch.setattr(uploading, "read_document", slow)
    work_off()
    document.refresh_from_db()
    assert (document.status, SourcePage.objects.filter(document=document).count() > 0) == ("draft", True)
    assert AuditEntry.objects.filter(verb="documents.read").count() == 1


def test_a_document_thrown_away_while_it_waits_is_not_read(cast: Cast) -> None:
    document = keep(cast)
    operations.discard_import(document=document, actor=cast.planner)
    assert work_off() == 1
    assert (SourceDocument.objects.count(), StoredFile.objects.count()) == (0, 0)
