"""What people do with a figure that they typed: put the live one in its place, keep it with a reason, count it, undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.enums import Adding
from kusei.ledger.errors import LedgerError
from kusei.ledger.models import Metric
from kusei.ledger.queries.metrics import metric_of
from kusei.ledger.rules import to_smallest
from kusei.results import live
from kusei.results.answering import OPEN
from kusei.results.claims import Claim, claims_in
from kusei.results.enums import AnswerState, ResultVerb
from kusei.results.errors import AnswerClosed, FigureRefused
from kusei.results.models import Answer, TypedFigure
from kusei.results.operations.answers import held_answer, record_answer, require_answering, write_answer
from kusei.results.operations.typed_records import post_typed
from kusei.results.permissions import may_collect
from kusei.results.proposals import Countable
from kusei.results.queries.answers import figures_told
from kusei.results.typed import LONGEST_WHY, fits, keyed
from kusei.wards import permissions
from kusei.wards.models import Person

_MOST_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class CountAs:
    """What a typed figure is counted as: a metric, or one of the body's own that is made for it. `month` 1 to 12, or None
    where only the year is known."""

    metric_id: int | None = None
    new_name: str = ""
    month: int | None = None


@transaction.atomic
def replace_typed(*, answer: Answer, key: str, actor: Person) -> Answer:
    """Put the ledger's figure in the place of a typed one that differs, live. Raises FigureRefused, AnswerClosed, NotAllowed."""
    answer = _writable(answer, actor)
    figures = _figures(answer)
    claim = _claim(answer, key, figures)
    if claim.against is None:
        raise FigureRefused(_("台帳に、この数に当たる実績がありません。ページを読み直してください。"))
    text = answer.text
    token = live.token_of(claim.against, figures)
    changed = text[: claim.found.begin] + token + text[claim.found.end :]
    return write_answer(
        answer=answer, was={"text": text}, mine={"text": changed}, actor=actor, way=answer.way
    )


@transaction.atomic
def keep_typed(*, answer: Answer, key: str, why: str, actor: Person) -> TypedFigure:
    """Leave a typed figure that differs from the ledger, with a word why. Raises FigureRefused, AnswerClosed, NotAllowed."""
    answer = _writable(answer, actor)
    why = why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise FigureRefused(
            _("台帳とちがう数を残すときは、理由を%(limit)d字までで書いてください。例: 申込みのない人を含む")
            % {"limit": LONGEST_WHY}
        )
    claim = _claim(answer, key, _figures(answer))
    if claim.against is None or claim.against.quantity is None:
        raise FigureRefused(_("台帳に、この数に当たる実績がありません。ページを読み直してください。"))
    kept = _decide(
        answer, key, claim, actor,
        metric_id=claim.against.metric_id, quantity=claim.against.quantity, on=None, body_id=None, why=why,
    )  # fmt: skip
    post_typed(answer, actor)  # one that was counted before is not any more
    _tell(answer, ResultVerb.TYPED_KEPT, actor, "", kept.printed, why)
    return kept


@transaction.atomic
def count_typed(*, answer: Answer, key: str, count_as: CountAs, actor: Person) -> TypedFigure:
    """Count a typed figure in the ledger, with the answer's text as its source; counted twice, it is counted once.

    A planner may do so while it is looked at. Raises FigureRefused (also what the ledger refuses), AnswerClosed, NotAllowed.
    """
    answer = _writable(answer, actor, while_looked_at=True)
    claim = _claim(answer, key, _figures(answer))
    try:
        metric = _metric(answer, claim, count_as, actor)
        _check_once(answer, key, claim, metric)
        year = answer.collection.plan.fiscal_year
        counted = _decide(
            answer, key, claim, actor,
            metric_id=metric.pk, quantity=_quantity(claim, metric), on=_day(year, count_as.month), body_id=answer.lead_id,
            why="",
        )  # fmt: skip
        post_typed(answer, actor)
    except LedgerError as error:
        raise FigureRefused(str(error)) from error
    _tell(answer, ResultVerb.TYPED_COUNTED, actor, "", counted.printed, str(metric))
    return counted


@transaction.atomic
def forget_typed(*, answer: Answer, key: str, actor: Person) -> None:
    """Undo `count_typed` or `keep_typed`; the second time nothing happens. Raises AnswerClosed, NotAllowed."""
    answer = _writable(answer, actor, while_looked_at=True)
    decided = answer.typed_figures.filter(key=key).first()
    if decided is None:
        return
    decided.delete()
    post_typed(answer, actor)
    verb = ResultVerb.TYPED_LEFT if decided.on else ResultVerb.TYPED_ASKED
    _tell(answer, verb, actor, decided.printed, "", "")


def _writable(answer: Answer, actor: Person, *, while_looked_at: bool = False) -> Answer:
    """The answer, held; whoever decides about its figures may write it."""
    answer = held_answer(answer)
    require_answering(answer, actor)
    looked_at = while_looked_at and answer.state == AnswerState.SUBMITTED
    if answer.state in OPEN or (looked_at and may_collect(permissions.rights_of(actor), answer.ward)):
        return answer
    raise AnswerClosed(
        _("この取組結果は「%(state)s」になっています。ページを読み直してください。")
        % {"state": AnswerState(answer.state).label}
    )


def _figures(answer: Answer) -> list[live.LiveFigure]:
    return figures_told([answer])[answer.item_id]


def _claim(answer: Answer, key: str, figures: list[live.LiveFigure]) -> Claim:
    found = dict(keyed(claims_in(answer.text, figures))).get(key)
    if found is None:
        raise FigureRefused(
            _("この数は、もう文の中にありません。ほかの人が文を直したかもしれません。文を確かめてください。")
        )
    return found


def _metric(answer: Answer, claim: Claim, count_as: CountAs, actor: Person) -> Metric:
    if count_as.new_name.strip():
        exponent = claim.value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        is_rate = claim.unit == "%"
        return ledger.add_metric(
            ward=answer.ward, name=count_as.new_name[:80], unit=claim.unit[:20],
            adding=Adding.LAST if is_rate else Adding.SUM, decimals=min(max(decimals, is_rate), _MOST_DECIMALS),
            actor=actor, is_vouched=True,
        )  # fmt: skip
    metric = metric_of(answer.ward, count_as.metric_id) if count_as.metric_id else None
    if metric is None or not fits(Countable.of(metric), claim):
        raise FigureRefused(_("何として数えるかを選ぶか、新しい名前を書いてください。"))
    return metric


def _check_once(answer: Answer, key: str, claim: Claim, metric: Metric) -> None:
    """Nothing is counted beside what the ledger says of it already."""
    before = answer.typed_figures.filter(key=key, on__isnull=False).select_related("metric").first()
    if before is not None and before.metric_id != metric.pk:
        raise FigureRefused(
            _("この数は、もう「%(metric)s」として実績に加えてあります（%(name)s）。変えるときは、先に外してください。")
            % {"metric": before.metric.name, "name": before.decided_by_name}
        )  # fmt: skip
    if before is None and claim.against is not None and claim.against.metric_id == metric.pk:
        raise FigureRefused(
            _("「%(metric)s」には、もう実績 %(printed)s があります。加えると二重になります。")
            % {"metric": metric.name, "printed": claim.against.printed}
        )


def _quantity(claim: Claim, metric: Metric) -> int:
    try:
        return to_smallest(claim.value, metric.decimals)
    except ValueError:
        raise FigureRefused(
            _("「%(metric)s」では、この数の小数を数えられません。ほかのものを選んでください。")
            % {"metric": metric.name}
        ) from None


def _day(fiscal_year: int, month: int | None) -> date:
    """A month is told by its first day, a year by its last."""
    if month is None:
        return date(fiscal_year + 1, 3, 31)
    return date(fiscal_year + (month < 4), month, 1)


def _decide(answer: Answer, key: str, claim: Claim, actor: Person, **values: object) -> TypedFigure:
    found, _is_new = TypedFigure.objects.update_or_create(
        answer=answer,
        key=key,
        defaults={
            "ward_id": answer.ward_id,
            "printed": answer.text[claim.found.begin : claim.found.end][:80],
            "decided_at": timezone.now(),
            "decided_by": actor,
            "decided_by_name": actor.display_name,
            **values,
        },
    )
    return found


def _tell(answer: Answer, verb: ResultVerb, actor: Person, before: str, after: str, reason: str) -> None:
    record_answer(answer, verb, actor, "", {"typed": (before, after)}, reason)
