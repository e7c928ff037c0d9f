"""What can go wrong in this room; the messages are Japanese and say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kusei.plans.drafting import Clash, Gap, Row


class PlanError(Exception):
    """A change to a plan that cannot be made."""


class DraftingError(PlanError):
    """A change that the tree of a draft does not allow."""


class EmptyPlan(PlanError):
    """The draft holds no item."""


class NothingChanged(PlanError):
    """The draft says what the version in force says."""


class AnotherDocument(PlanError):
    """The draft shares hardly an item with the plan it would correct."""


class PlanChangedMeanwhile(PlanError):
    """Somebody else published a version of the same plan at the same time."""


class NotEditable(PlanError):
    """The version is published or gone: it can be read, not changed."""


class DraftIsOpen(PlanError):
    """The plan has an open draft already."""


class NothingToUndo(PlanError):
    """No step is left to undo, or somebody else changed the same rows since."""


class ChangedSinceSeen(PlanError):
    """Items say something else than what was shown to whoever decides on them."""


class CommentNotFound(PlanError):
    """The ward has no such comment, or it is settled."""


class NotReady(PlanError):
    """The draft cannot be published yet; `gaps` tells what is missing, item by item."""

    def __init__(self, message: str, gaps: Sequence[Gap]) -> None:
        super().__init__(message)
        self.gaps = tuple(gaps)


class EditConflict(PlanError):
    """Somebody else changed the same fields meanwhile: a person has to choose.

    `theirs` is what is saved now; `clashes` the fields that differ; `mine` the changes that could not be saved. Where nobody
    knows what the person had seen (`is_base_known` is false), every field that differs is one.
    """

    def __init__(
        self,
        message: str,
        *,
        theirs: Row,
        clashes: Sequence[Clash],
        mine: dict[str, object],
        is_base_known: bool = True,
    ) -> None:
        super().__init__(message)
        self.is_base_known = is_base_known
        self.theirs = theirs
        self.clashes = tuple(clashes)
        self.mine = mine
