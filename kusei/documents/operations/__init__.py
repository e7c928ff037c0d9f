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
    accept_import,
    discard_draft,
    discard_import,
    publish_draft,
    settle,
    start_import,
)
from kusei.documents.operations.seeing import (
    WAYS_TO_PLACE,
    NotPlaceable,
    join_items,
    keep_body,
    look_at,
    place_text,
    results_in_import,
    retarget,
    reword_result,
    same_body,
)
from kusei.documents.operations.uploading import FileKnown, FileRefused, keep_file, read_again
from kusei.documents.targets import AlreadyAccepted, NotMendable

__all__ = [
    "WAYS_TO_PLACE",
    "Accepted",
    "AlreadyAccepted",
    "FileKnown",
    "FileRefused",
    "NotMendable",
    "NotPlaceable",
    "Preview",
    "Reading",
    "accept_document",
    "accept_import",
    "discard_draft",
    "discard_import",
    "import_file",
    "join_items",
    "keep_body",
    "keep_draft",
    "keep_file",
    "look_at",
    "place_text",
    "preview_draft",
    "publish_draft",
    "read_again",
    "read_document",
    "read_into_draft",
    "results_in_import",
    "retarget",
    "reword_result",
    "same_body",
    "settle",
    "start_import",
]
