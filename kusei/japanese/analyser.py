"""The one morphological analyser of the process: its dictionary takes 200 MB and is opened when first needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sudachipy import Tokenizer

_lock = threading.Lock()
_tokenizer: Tokenizer | None = None


@contextmanager
def analyser() -> Iterator[Tokenizer]:
    """The tokenizer, for one thread at a time: it is not safe to share while it runs, nor while its answer is read."""
    global _tokenizer
    with _lock:
        if _tokenizer is None:
            from sudachipy import (
                Dictionary,
            )  # Loading it takes 50 ms that a command without search should not pay.

            _tokenizer = Dictionary().tokenizer()
        yield _tokenizer
