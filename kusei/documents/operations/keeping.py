"""Keeping what came in: the original, its lines by page, and what the reader made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from kusei.documents.enums import DocumentVerb
from kusei.documents.models import SourceDocument, SourcePage
from kusei.documents.pictures import forget_pictures
from kusei.documents.source_lines import KeptLines
from kusei.files import operations as files
from kusei.files.models import StoredFile
from kusei.plans.permissions import may_plan
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

READER_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: the reader's draft, and its lines by page."""

    draft: dict[str, Any]
    pages: tuple[tuple[int, list[str]], ...]


def read_document(path: Path, *, progress: Callable[[int, int | None], None] | None = None) -> Reading:
    """Read a file; touches no database. Raises ReadingError."""
    from kusei.documents.reading.extract import extract  # slow to load; not every caller reads
    from kusei.documents.reading.reader import read_extract

    lines = KeptLines()
    draft = read_extract(extract(path, progress=progress), keep=lines.keep)
    return Reading(draft.to_json(), tuple(lines.pages()))


def read_into_draft(
    *,
    path: Path,
    ward: Ward,
    actor: Person,
    reading: Reading | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> SourceDocument:
    """Keep a file with its text by page and line and what the reader makes of it; nothing reaches a plan yet.

    `reading` is given where the file was read before. Raises ReadingError; then nothing is kept.
    """
    reading = reading or read_document(path, progress=progress)
    return keep_draft(
        ward=ward,
        actor=actor,
        name=path.name,
        content=path.read_bytes(),
        pages=reading.pages,
        draft=reading.draft,
    )


def keep_draft(
    *,
    ward: Ward,
    actor: Person,
    name: str,
    content: bytes,
    pages: Iterable[tuple[int, list[str]]],
    draft: dict[str, Any],
    is_sample: bool = False,
) -> SourceDocument:
    """Keep a draft with its original and the original's lines. `actor` is who brought the file in.
    Raises NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    stored: StoredFile | None = None
    is_new = False
    try:
        with transaction.atomic():
            stored, is_new = files.store_file(ward_id=ward.pk, name=name, content=content)
            document = SourceDocument.objects.create(
                ward=ward,
                file=stored,
                title=(draft.get("title") or "")[:300],
                draft=storable(draft),
                reader_version=READER_VERSION,
                is_sample=is_sample,
            )
            SourcePage.objects.bulk_create(
                [
                    SourcePage(ward=ward, document=document, number=number, lines=lines)
                    for number, lines in pages
                ],
                batch_size=200,
            )
            audit.record(
                ward=ward, actor=actor, verb=DocumentVerb.READ, target=document, label=document.title or name
            )
    except BaseException:
        if stored is not None and is_new:
            files.discard_content(stored)
        raise
    return document


def throw_away(document: SourceDocument) -> None:
    """Delete a document that is not needed, and its original where no other document has it."""
    stored = document.file
    document.delete()
    transaction.on_commit(lambda: forget_pictures(stored))
    if not stored.documents.exists():
        files.delete_stored_file(stored)


def storable(value: Any) -> Any:
    """A draft without NUL characters, which PostgreSQL's JSON cannot hold."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {key: storable(each) for key, each in value.items()}
    return value
