"""Every change to documents: read, kept, mended beside their source, accepted; and publishing with all that follows."""

from kusei.documents.operations.accepting import (
    Accepted,
    Preview,
    accept_document,
    import_file,
    preview_draft,
)
from kusei.documents.operations.keeping import Reading, keep_draft, read_document, read_into_draft
from kusei.documents.operations.mending import (
    NotMendable,
    accept_import,
    discard_import,
    publish_draft,
    settle,
    start_import,
)
from kusei.documents.operations.uploading import FileKnown, FileRefused, keep_file, read_again
from kusei.documents.targets import AlreadyAccepted

__all__ = [
    "Accepted",
    "AlreadyAccepted",
    "FileKnown",
    "FileRefused",
    "NotMendable",
    "Preview",
    "Reading",
    "accept_document",
    "accept_import",
    "discard_import",
    "import_file",
    "keep_draft",
    "keep_file",
    "preview_draft",
    "publish_draft",
    "read_again",
    "read_document",
    "read_into_draft",
    "settle",
    "start_import",
]
