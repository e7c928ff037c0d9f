"""Every change to plans: publishing versions, taking a sample away, proposing and deciding links."""

from kusei.plans.operations.bodies import NotOneBody, merge_body
from kusei.plans.operations.links import (
    LinkAlreadyDecided,
    LinkNotFound,
    confirm_link,
    open_proposals,
    preview_links,
    propose_links,
    refuse_link,
)
from kusei.plans.operations.versions import (
    AnotherDocument,
    EmptyPlan,
    NothingChanged,
    PlanChangedMeanwhile,
    PlanError,
    PublishedVersion,
    compare_with_force,
    delete_sample_plan,
    find_plan,
    publish_version,
    stored_entries,
    version_in_force,
)

__all__ = [
    "AnotherDocument",
    "EmptyPlan",
    "LinkAlreadyDecided",
    "LinkNotFound",
    "NotOneBody",
    "NothingChanged",
    "PlanChangedMeanwhile",
    "PlanError",
    "PublishedVersion",
    "compare_with_force",
    "confirm_link",
    "delete_sample_plan",
    "find_plan",
    "merge_body",
    "open_proposals",
    "preview_links",
    "propose_links",
    "publish_version",
    "refuse_link",
    "stored_entries",
    "version_in_force",
]
