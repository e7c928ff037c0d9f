"""The watched folder: filled forms that are laid into a ward's subfolder are taken in by the worker.

A file that is taken goes to `done/`, one that is refused to `refused/` with a text beside it that says why. It is taken
when two looks in a row found it unchanged, so one that is still being written is left alone. A worker that dies between
taking a file in and moving it finds it again: the same bytes are kept once.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from kusei.config.filled_forms import NotTaken, take
from kusei.documents.commands.acting import acting_person
from kusei.ledger.enums import FormWay
from kusei.wards.models import Ward
from kusei.wards.queries import all_wards

logger = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
DONE, REFUSED = "done", "refused"
_LONGEST_NAME = 240
"""A folder keeps names of 255 bytes: 85 letters of Japanese."""
_UNFINISHED = (".tmp", ".part", ".crdownload", ".partial")


class Inbox:
    """The folder, and what the last look saw in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[int, int]] = {}

    def look(self) -> int:
        """Take in what lies there complete; returns how many files were moved away."""
        moved, seen = 0, {}
        for ward in all_wards():
            try:
                (self._folder / ward.key).mkdir(parents=True, exist_ok=True)
                files = sorted(self._folder.joinpath(ward.key).iterdir())
            except OSError as error:
                logger.warning("The inbox of %s cannot be read: %s", ward.key, error)
                continue
            for path in files:
                state = _state(path)
                if state is None:
                    continue
                if self._seen.get(path) != state:
                    seen[path] = state
                elif _take(path, ward):
                    moved += 1
                else:
                    seen[path] = state
        self._seen = seen
        return moved


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of a file that somebody laid there; None for folders, links and what programs leave behind."""
    name = path.name
    if name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED) or path.is_symlink():
        return None
    try:
        found = path.stat()
    except OSError:  # another worker was first
        return None
    return (found.st_size, found.st_mtime_ns) if path.is_file() else None


def _take(path: Path, ward: Ward) -> bool:
    """Whether the file was dealt with. What goes wrong in the house itself leaves it where it is, for the next look."""
    try:
        take(path, ward=ward, way=FormWay.FOLDER, actor=acting_person(None))
    except NotTaken as error:
        return _move(path, REFUSED, str(error))
    except FileNotFoundError:  # another worker was first
        return True
    except Exception:  # one file must not keep the others waiting
        logger.exception("A form in the inbox of %s could not be taken in", ward.key)
        return False
    return _move(path, DONE)


def _move(path: Path, where: str, why: str = "") -> bool:
    folder = path.parent / where
    try:
        folder.mkdir(exist_ok=True)
        target = _free(folder, path.name)
        if why:
            target.with_name(f"{target.name}.txt").write_text(f"{path.name}\n{why}\n", encoding="utf-8")
        os.replace(path, target)
    except FileNotFoundError:
        return True
    except OSError as error:
        logger.warning("%s could not be moved to %s: %s", path.name, where, error)
        return False
    return True


def _free(folder: Path, name: str) -> Path:
    """A name that no file of the folder has yet, and that leaves room for what is added to it."""
    stem, suffix = Path(name).stem, Path(name).suffix
    if len(os.fsencode(name)) > _LONGEST_NAME:
        stem, suffix = stem[:60], suffix[:10]
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path = folder / f"{stem}-{number}{suffix}"
        number += 1
    return path
