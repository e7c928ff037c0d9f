"""Typed figures that were counted, as a kind of record: an answer says them for as long as its text does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.plans.queries import latest_nodes
from kusei.results.claims import claims_in
from kusei.results.models import Answer, TypedFigure
from kusei.results.typed import keyed
from kusei.wards.models import Person, Ward

SOURCE_KIND = "results.typed"


def follow_text(answer: Answer, actor: Person | None) -> None:
    """Forget what was decided about figures that the text says no longer; counted ones go out of the ledger with it."""
    decided = list(answer.typed_figures.all())
    if not decided:
        return
    said = {key for key, _claim in keyed(claims_in(answer.text, ()))}
    gone = [each for each in decided if each.key not in said]
    answer.typed_figures.filter(pk__in=[each.pk for each in gone]).delete()
    if any(each.on is not None for each in gone):
        post_typed(answer, actor)


def post_typed(answer: Answer, actor: Person | None) -> None:
    """Make the ledger agree with what of an answer's text is counted."""
    ledger.post(
        ward=answer.ward,
        source=Source(SOURCE_KIND, answer.pk),
        lines=[
            line_of(answer.item_id, answer.collection.plan.fiscal_year, each)
            for each in answer.typed_figures.filter(on__isnull=False)
        ],
        actor=actor,
    )


def line_of(item: int, fiscal_year: int, figure: TypedFigure) -> Line:
    """What a counted figure means for the ledger."""
    assert figure.on is not None
    return Line(
        slot=figure.key,
        metric_id=figure.metric_id,
        item_id=item,
        quantity=figure.quantity,
        on=figure.on,
        body_id=figure.body_id,
        fiscal_year=fiscal_year,
    )


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What the texts of all answers of a ward's year say, answer by answer."""
    lines: dict[int, list[Line]] = defaultdict(list)
    counted = TypedFigure.objects.filter(
        ward=ward, on__isnull=False, answer__collection__plan__fiscal_year=fiscal_year
    )
    for figure in counted.select_related("answer").iterator():
        lines[figure.answer_id].append(line_of(figure.answer.item_id, fiscal_year, figure))
    yield from lines.items()


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """「健康教室」の取組結果の文 …, by answer."""
    items = dict(Answer.objects.filter(ward=ward, pk__in=numbers).values_list("pk", "item"))
    nodes = latest_nodes(ward, items.values())
    return {
        answer: _("「%(title)s」の取組結果の文") % {"title": nodes[item].title}
        for answer, item in items.items()
        if item in nodes
    }
