"""Files that people send in: kept at once, so that nothing is lost, and read in the background."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from kusei.documents.enums import DocumentStatus, DocumentVerb
from kusei.documents.models import SourceDocument, SourcePage
from kusei.documents.operations.keeping import READER_VERSION, read_document, storable
from kusei.documents.reading.model import ReadingError
from kusei.documents.targets import DocumentError
from kusei.files import operations as files
from kusei.files.models import StoredFile
from kusei.jobs import operations as jobs
from kusei.jobs.running import LeaseLost, Run
from kusei.plans.permissions import may_plan
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

logger = logging.getLogger(__name__)
WORK = "documents.read"


class FileRefused(DocumentError):
    """A file that is not even kept: too large, or empty."""


class FileKnown(DocumentError):
    """The same bytes are there already; `document` is what came of them."""

    def __init__(self, message: str, document: SourceDocument) -> None:
        super().__init__(message)
        self.document = document


def keep_file(
    *, ward: Ward, actor: Person, name: str, content: bytes, even_if_known: bool = False
) -> SourceDocument:
    """Keep a file as it came and have it read. Raises FileRefused, FileKnown (unless told otherwise), NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    largest = settings.KUSEI_UPLOAD_MEGABYTES
    if len(content) > largest * 1024 * 1024:
        raise FileRefused(
            _(
                "%(size)dMBあります。受け付けるのは%(largest)dMBまでです。必要な部分だけのファイルに分けてください。"
            )
            % {"size": -(-len(content) // (1024 * 1024)), "largest": largest}
        )
    if not content:
        raise FileRefused(_("中身が空です。正しいファイルかどうか確かめてください。"))
    name = (
        name.replace("\x00", "").replace("\\", "/").rsplit("/", 1)[-1].strip() or _("名前のないファイル")
    )[-255:]
    stored: StoredFile | None = None
    is_new = False
    try:
        with transaction.atomic():
            # Two requests with the same file (a double click) come here one after the other.
            Ward.objects.select_for_update().get(pk=ward.pk)
            stored, is_new = files.store_file(ward_id=ward.pk, name=name, content=content)
            if not even_if_known and (known := _known(stored)):
                raise FileKnown(_known_message(known), known)
            document = SourceDocument.objects.create(
                ward=ward,
                file=stored,
                status=DocumentStatus.READING,
                reader_version=READER_VERSION,
                brought_by=actor,
            )
            _have_it_read(document, actor)
            audit.record(ward=ward, actor=actor, verb=DocumentVerb.KEPT, target=document, label=name)
    except BaseException:
        if stored is not None and is_new:
            files.discard_content(stored)
        raise
    return document


@transaction.atomic
def read_again(*, document: SourceDocument, actor: Person) -> None:
    """Try once more to read what could not be read. Nothing happens where it waits or is read meanwhile.
    Raises NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), document.ward))
    taken = SourceDocument.objects.filter(pk=document.pk, status=DocumentStatus.FAILED).update(
        status=DocumentStatus.READING, problem=""
    )
    if not taken:
        return
    document.refresh_from_db()
    _have_it_read(document, actor)
    audit.record(
        ward=document.ward,
        actor=actor,
        verb=DocumentVerb.READ_AGAIN,
        target=document,
        label=document.file.name,
    )


def read_kept(run: Run) -> None:
    """The work in the background: read a kept file, and keep what was read. May be begun again after a crash."""
    document = (
        SourceDocument.objects.select_related("file", "ward", "brought_by")
        .filter(pk=run.arguments["document"], status=DocumentStatus.READING)
        .first()
    )
    if document is None:  # thrown away meanwhile, or read by a worker that was given up for lost
        return
    try:
        reading = _read(document.file, run)
    except ReadingError as error:
        _fail(document, run, error.message)
        return
    except (DatabaseError, LeaseLost, MemoryError):
        raise
    except FileNotFoundError:
        _fail(
            document,
            run,
            _("預かったファイルが保管場所に見つかりません。この文書を捨てて、もう一度送ってください。"),
        )
        return
    except Exception as error:  # whatever a broken file does to a library
        logger.exception("Document %s cannot be read", document.pk)
        _fail(
            document,
            run,
            _(
                "読み取りの途中で問題が起きました（%(error)s）。ファイルが壊れているかもしれません。元のソフトで開いて保存し直し、もう一度送ってください。"
            )
            % {"error": type(error).__name__},
        )
        return
    draft = storable(reading.draft)
    with transaction.atomic():
        if not _take(
            document, run, status=DocumentStatus.DRAFT, draft=draft, title=(draft.get("title") or "")[:300]
        ):
            return
        SourcePage.objects.filter(document=document).delete()
        SourcePage.objects.bulk_create(
            [
                SourcePage(ward=document.ward, document=document, number=number, lines=lines)
                for number, lines in reading.pages
            ],
            batch_size=200,
        )
        audit.record(
            ward=document.ward,
            actor=document.brought_by,
            verb=DocumentVerb.READ,
            target=document,
            label=draft.get("title") or document.file.name,
        )


def reading_given_up(arguments: dict[str, Any], why: str) -> None:
    """The worker died over this file again and again, or the database refused what was read."""
    document = SourceDocument.objects.filter(pk=arguments["document"], status=DocumentStatus.READING).first()
    if document is not None:
        _fail(document, None, why)


def _have_it_read(document: SourceDocument, actor: Person) -> None:
    document.job = jobs.enqueue(
        WORK,
        ward_id=document.ward_id,
        key=str(document.pk),
        arguments={"document": document.pk},
        asked_by_id=actor.pk,
    )
    document.save(update_fields=["job"])


def _read(stored: StoredFile, run: Run):  # type: ignore[no-untyped-def]
    """The reader wants a file with its own name: a copy, since originals may lie elsewhere than on this machine."""
    with tempfile.TemporaryDirectory(prefix="kusei-read-") as folder:
        name = stored.name if len(stored.name.encode()) <= 200 else f"document{Path(stored.name).suffix[:10]}"
        path = Path(folder) / name
        with stored.content.open("rb") as original, path.open("wb") as copy:
            while piece := original.read(1024 * 1024):
                copy.write(piece)
        return read_document(path, progress=run.tell)


def _take(document: SourceDocument, run: Run | None, **changes: Any) -> bool:
    """Write the outcome, unless another worker has the document now or somebody threw it away."""
    if run is not None and not run.is_mine():
        return False
    return bool(
        SourceDocument.objects.filter(pk=document.pk, status=DocumentStatus.READING).update(**changes)
    )


def _fail(document: SourceDocument, run: Run | None, why: str) -> None:
    with transaction.atomic():
        if _take(document, run, status=DocumentStatus.FAILED, problem=why):
            audit.record(
                ward=document.ward,
                actor=document.brought_by,
                verb=DocumentVerb.UNREADABLE,
                target=document,
                label=document.file.name,
                changes={"problem": ("", why)},
            )


def _known(stored: StoredFile) -> SourceDocument | None:
    return (
        SourceDocument.objects.filter(file__ward_id=stored.ward_id, file__sha256=stored.sha256)
        .select_related("file")
        .order_by("-read_at")
        .first()
    )


def _known_message(known: SourceDocument) -> str:
    name = known.title or known.file.name
    if known.status in {DocumentStatus.ACCEPTED, DocumentStatus.REPLACED}:
        return _(
            "同じ内容のファイルは「%(name)s」として取り込み済みです。もう一度読み取るときは、下の「同じファイルでももう一度読み取る」を選んで送ってください。"
        ) % {"name": name}
    return _("同じ内容のファイルは「%(name)s」として、もう受け取っています。一覧から開いてください。") % {
        "name": name
    }
