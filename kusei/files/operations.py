"""Keeping originals: the same bytes under the same name are kept once for each ward."""

from __future__ import annotations

import hashlib
import mimetypes

from django.core.files.base import ContentFile
from django.db import transaction

from kusei.files.models import StoredFile

_NAME_LENGTH = 255


def store_file(*, ward_id: int, name: str, content: bytes) -> tuple[StoredFile, bool]:
    """Keep `content` for a ward; the second value tells whether it is new, or the same file was kept already.

    The bytes are written before the caller's transaction ends; if that fails, `discard_content` takes them away again.
    """
    name = name[-_NAME_LENGTH:]
    digest = hashlib.sha256(content).hexdigest()
    kept = StoredFile.objects.filter(ward_id=ward_id, sha256=digest, name=name).first()
    if kept is not None:
        return kept, False
    stored = StoredFile(
        ward_id=ward_id,
        sha256=digest,
        name=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=len(content),
    )
    suffix = name.rpartition(".")[2].lower() if "." in name else "bin"
    suffix = suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= 5 else "bin"
    stored.content.save(f"{digest[:24]}.{suffix}", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            stored.save()
    except BaseException:
        discard_content(stored)
        raise
    return stored, True


def discard_content(stored: StoredFile) -> None:
    """Take the bytes of a file away whose row did not come to stay."""
    if stored.content.name:
        stored.content.storage.delete(stored.content.name)


def delete_stored_file(stored: StoredFile) -> None:
    """Delete a kept file that no document needs any more; its bytes go once the transaction has ended."""
    storage, name = stored.content.storage, stored.content.name
    stored.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
