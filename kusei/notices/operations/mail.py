"""Mail: written down in the transaction of what it tells of, sent after it, sent again where that failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.jobs.operations import enqueue, enqueue_many
from kusei.notices import rules
from kusei.notices.enums import NoticeVerb
from kusei.notices.errors import NoticeNotSendable
from kusei.notices.models import Notice
from kusei.notices.permissions import may_keep_notices
from kusei.notices.posting import ADDRESS as _ADDRESS
from kusei.notices.posting import TEXT as _TEXT
from kusei.notices.posting import Fate, post
from kusei.notices.sealing import seal
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

if TYPE_CHECKING:
    from kusei.jobs.running import Run

KEEP_ADDRESS = timedelta(days=90)
WORK = "notices.send"


@transaction.atomic
def send_notice(
    *,
    ward: Ward,
    to: str,
    subject: str,
    text: str,
    subject_key: str = "",
    told: Callable[[bool], None] | None = None,
) -> Notice:
    """Write a message down and send it as soon as the caller's change is sure. A failure is kept, with its reason, and tried
    again in the background after ever longer pauses (`rules.PAUSES`).

    `subject_key` names what it is about (invitation:12): an earlier message about the same that has not gone out is given up.
    `told` hears whether the first try, right after the commit, went well.

    ASSUMPTION: the operation that calls has asked whether its actor may write to this address.
    """
    if subject_key:
        before = Notice.objects.filter(
            ward=ward, subject_key=subject_key, sent_at__isnull=True, begun_at=None
        )
        before.update(next_try_at=None, to_sealed="", text_sealed="", failed=_("新しいメールに替えました。"))
    first = timezone.now() + rules.PAUSES[0]
    notice = _written(ward, to, subject, text, subject_key, first)
    notice.save()
    # Should this process die before it comes to sending, the job does it.
    _try_later(notice, first)

    def first_try() -> None:
        sent = _send(notice.pk, 0)
        if told is not None:
            told(sent)

    transaction.on_commit(first_try)
    return notice


@dataclass(frozen=True, slots=True)
class Letter:
    """One of many messages. After `useless_after` it is sent no more, however often it was tried."""

    to: str
    subject: str
    text: str
    useless_after: datetime | None = None


def send_notices(*, ward: Ward, letters: Sequence[Letter], by_worker: bool = False) -> list[Notice]:
    """`send_notice` for many messages that each stand for themselves, in the same few statements for one and for hundreds.
    Each is still sent by itself after the commit: what happens to one happens to no other. `by_worker`: the worker makes the
    first try, too, so that nobody waits for the mail server where many apply at once or a thousand are told."""
    first = timezone.now() + (timedelta(0) if by_worker else rules.PAUSES[0])
    notices = Notice.objects.bulk_create(
        [
            _written(ward, letter.to, letter.subject, letter.text, "", first, letter.useless_after)
            for letter in letters
        ]
    )
    enqueue_many(
        WORK,
        ward_id=ward.pk,
        jobs=[(_key(notice, first), _arguments(notice)) for notice in notices],
        not_before=first,
    )
    if not by_worker:
        for notice in notices:
            transaction.on_commit(partial(_send, notice.pk, 0))
    return notices


def _written(
    ward: Ward,
    to: str,
    subject: str,
    text: str,
    subject_key: str,
    next_try_at: datetime,
    useless_after: datetime | None = None,
) -> Notice:
    return Notice(
        ward=ward,
        to_sealed=seal(to.strip(), purpose=_ADDRESS),
        subject=" ".join(subject.split())[:200],
        text_sealed=seal(text, purpose=_TEXT),
        subject_key=subject_key,
        next_try_at=next_try_at,
        useless_after=useless_after,
    )


def carry(
    *, ward: Ward, to: str, subject: str, text: str, subject_key: str, told: Callable[[bool], None]
) -> None:
    """What `wards.post` hands over."""
    send_notice(ward=ward, to=to, subject=subject, text=text, subject_key=subject_key, told=told)


def withdraw(*, ward: Ward, subject_key: str) -> None:
    """What is about `subject_key` and has not gone out will not: it was taken back, or a newer message takes its place."""
    Notice.objects.filter(ward=ward, subject_key=subject_key, sent_at__isnull=True, begun_at=None).update(
        next_try_at=None,
        to_sealed="",
        text_sealed="",
        failed=_("送る前に、取り消されたか新しいメールに替わりました。"),
    )


@transaction.atomic
def send_again(*, notice: Notice, actor: Person) -> None:
    """Send a message that did not go out, or of which nobody knows whether it did, at once. An administrator of its ward, or
    the operator. Raises NoticeNotSendable, NotAllowed."""
    permissions.require(permissions.may_administer(permissions.rights_of(actor), notice.ward))
    now = timezone.now()
    ready = _unsent().filter(pk=notice.pk).filter(_not_on_its_way(now))
    if not ready.update(begun_at=None, next_try_at=now):
        raise NoticeNotSendable(
            _("このメールはもう送ったか、いま送っているか、宛先を消してあります。もう一度送るには、元の画面から作り直してください。")
        )  # fmt: skip
    notice.refresh_from_db()
    audit.record(
        ward=notice.ward, actor=actor, verb=NoticeVerb.SENT_AGAIN, target=notice, label=notice.subject,
        changes={"tries": (None, notice.tries)},
    )  # fmt: skip
    _try_later(notice, now + rules.PAUSES[0])
    transaction.on_commit(lambda: _send(notice.pk, notice.tries))


def send_waiting(*, actor: Person) -> tuple[int, int]:
    """Try again what was not sent, in all wards; how many were sent and how many were not. What may have gone out already
    is left to a person (`send_again`). Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    waiting = list(_unsent().filter(begun_at=None).order_by("made_at").values_list("pk", "tries"))
    sent = sum(_send(pk, tries) for pk, tries in waiting)
    return sent, len(waiting) - sent


def try_again(run: Run) -> None:
    """The job: one more try of one message, unless another was made meanwhile."""
    _send(run.arguments["notice"], run.arguments["tries"])


def trying_given_up(arguments: dict[str, Any], why: str) -> None:
    """The job's worker vanished time and again: what it was at is told as it stands."""
    Notice.objects.filter(pk=arguments["notice"], sent_at__isnull=True, begun_at=None).update(
        next_try_at=None, failed=why[:300]
    )


def forget_addresses(*, actor: Person, now: datetime | None = None) -> int:
    """Delete the addresses (and texts that were never sent) of notices older than 90 days, in all wards; how many.

    Raises NotAllowed.
    """
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    limit = (now or timezone.now()) - KEEP_ADDRESS
    done = 0
    for ward in Ward.objects.filter(pk__in=_old(limit).values("ward")):
        with transaction.atomic():
            old = _old(limit).filter(ward=ward)
            count = old.update(to_sealed="", text_sealed="", next_try_at=None)
            audit.record(
                ward=ward, actor=actor, verb=NoticeVerb.ADDRESSES_FORGOTTEN, target=ward,
                changes={"notices": (None, count)},
            )  # fmt: skip
            done += count
    return done


def _old(limit: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(made_at__lte=limit).exclude(to_sealed="")


def _unsent() -> QuerySet[Notice]:
    return Notice.objects.filter(sent_at__isnull=True).exclude(to_sealed="")


def _not_on_its_way(now: datetime) -> Q:
    return Q(begun_at=None) | Q(begun_at__lt=now - rules.UNSURE_AFTER)


def _try_later(notice: Notice, moment: datetime) -> None:
    enqueue(
        WORK,
        ward_id=notice.ward_id,
        key=_key(notice, moment),
        arguments=_arguments(notice),
        not_before=moment,
    )


def _key(notice: Notice, moment: datetime) -> str:
    return f"{notice.pk}:{notice.tries}:{moment:%Y%m%d%H%M%S}"


def _arguments(notice: Notice) -> dict[str, Any]:
    return {"notice": notice.pk, "tries": notice.tries}


def _send(pk: int, tries: int) -> bool:
    """Make one try of a message of which `tries` were made; True where it went out. Of two that try at once, one sends.

    That the try has begun is committed before the mail server hears of it, and its outcome after. A process that dies in
    between leaves it begun, and nothing sends it again by itself: a message goes out at most once for each time that a
    person asked for it. What the server surely refused, or what never reached it, is tried again.
    """
    begun = _unsent().filter(pk=pk, tries=tries, begun_at=None)
    now = timezone.now()
    in_time = begun.filter(Q(useless_after=None) | Q(useless_after__gt=now))
    if not in_time.update(begun_at=now, tries=F("tries") + 1, next_try_at=None):
        begun.filter(useless_after__lte=now).update(
            next_try_at=None,
            to_sealed="",
            text_sealed="",
            failed=_("知らせる時が過ぎたので、送りませんでした。"),
        )
        return False
    notice = Notice.objects.get(pk=pk)
    outcome = post(notice)
    now = timezone.now()
    mine = Notice.objects.filter(pk=pk, tries=notice.tries, sent_at__isnull=True)
    if outcome.fate is Fate.SENT:
        mine.update(sent_at=now, begun_at=None, failed="", text_sealed="")
        return True
    if outcome.fate is Fate.UNSURE:  # begun_at stays
        mine.update(failed=outcome.problem[:300])
        return False
    again = rules.next_try(notice.tries, now) if outcome.fate is Fate.LATER else None
    with transaction.atomic():
        mine.update(begun_at=None, next_try_at=again, failed=outcome.problem[:300])
        if again is not None:
            _try_later(notice, again)
    return False
