"""A ward's own forms of sentences."""

from __future__ import annotations

from kusei.results.models import SentenceForm
from kusei.results.sentences import Form
from kusei.wards.models import Ward


def sentence_forms(ward: Ward) -> list[Form]:
    """As drafting takes them, in the order of their names."""
    found = SentenceForm.objects.filter(ward=ward)
    return [Form(name, text) for name, text in found.values_list("name", "text")]
