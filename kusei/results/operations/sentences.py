"""Keeping a ward's own forms of sentences."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger.queries.metrics import usable_metrics
from kusei.plans.rules import clean_text
from kusei.results import sentences
from kusei.results.enums import ResultVerb
from kusei.results.errors import SentenceRefused
from kusei.results.models import SentenceForm
from kusei.results.permissions import may_collect
from kusei.results.sentences import LONGEST_NAME
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def keep_sentence(
    *, ward: Ward, name: str, text: str, actor: Person, form: SentenceForm | None = None
) -> SentenceForm:
    """Add a form of a sentence, or change one. Raises SentenceRefused with what is wrong in it, NotAllowed."""
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    name, text = clean_text(name).strip(), " ".join(clean_text(text).split())
    if not name or len(name) > LONGEST_NAME:
        raise SentenceRefused(
            [_("呼び名を%(limit)d字までで書いてください。") % {"limit": LONGEST_NAME}], "name"
        )
    others = SentenceForm.objects.filter(ward=ward, name=name)
    if (others.exclude(pk=form.pk) if form else others).exists():
        raise SentenceRefused([_("「%(name)s」という呼び名は、もう使っています。") % {"name": name}], "name")
    wrong = sentences.problems(text, [(each.name, each.unit) for each in usable_metrics(ward)])
    if wrong:
        raise SentenceRefused(wrong, "text")
    before = form.text if form else ""
    kept = form or SentenceForm(ward=ward)
    kept.name, kept.text = name, text
    kept.save()
    audit.record(
        ward=ward, actor=actor, verb=ResultVerb.SENTENCE_KEPT, target=kept, label=name, changes={"sentence": (before, text)},
    )  # fmt: skip
    return kept


@transaction.atomic
def remove_sentence(*, form: SentenceForm, actor: Person) -> None:
    """Offer a form no longer; what was written with it stays. Raises NotAllowed."""
    permissions.require(may_collect(permissions.rights_of(actor), form.ward))
    audit.record(
        ward=form.ward, actor=actor, verb=ResultVerb.SENTENCE_REMOVED, target=form, label=form.name,
        changes={"sentence": (form.text, "")},
    )  # fmt: skip
    form.delete()
