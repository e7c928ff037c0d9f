"""Set the sample's PDF anew."""

from kusei.documents.sample.papers import BUDGET, set_budget

BUDGET.write_bytes(set_budget())
