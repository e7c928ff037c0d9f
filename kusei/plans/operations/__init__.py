"""Every change to plans: publishing versions, taking a sample away, proposing and deciding links, translating."""

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
from kusei.plans.operations.translations import (
    NotTranslatable,
    SheetRefused,
    TranslationRow,
    import_translations,
    translate_item,
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
    "NotTranslatable",
    "NothingChanged",
    "PlanChangedMeanwhile",
    "PlanError",
    "PublishedVersion",
    "SheetRefused",
    "TranslationRow",
    "compare_with_force",
    "confirm_link",
    "delete_sample_plan",
    "find_plan",
    "import_translations",
    "merge_body",
    "open_proposals",
    "preview_links",
    "propose_links",
    "publish_version",
    "refuse_link",
    "stored_entries",
    "translate_item",
    "version_in_force",
]
