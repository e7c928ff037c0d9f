"""Opening a plan's collection, its deadline, and asking those who have not answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.notices import operations as notices
from kusei.plans.models import Plan
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries import latest_nodes
from kusei.plans.queries.drafts import tree_of
from kusei.results.enums import AnswerState, ResultVerb
from kusei.results.errors import CannotMail, CollectionExists, DeadlinePassed, NothingToCollect, ResultError
from kusei.results.models import Answer, Collection, Contribution, Reminder
from kusei.results.permissions import may_collect
from kusei.results.queries.answers import answered_rows, responsible
from kusei.wards import audit, permissions
from kusei.wards.models import Body, Person
from kusei.wards.post import can_send
from kusei.wards.queries import acting_for, heirs_of


@transaction.atomic
def open_collection(*, plan: Plan, due_on: date, actor: Person, note: str = "") -> Collection:
    """Ask every responsible body what it did about its actions, as the version in force names them.

    The lead is the body named first; the others contribute. Raises NothingToCollect, CollectionExists, DeadlinePassed,
    NotAllowed.
    """
    permissions.require(may_collect(permissions.rights_of(actor), plan.ward))
    _check_deadline(due_on)
    force = version_in_force(plan)
    tree = tree_of(force) if force else None
    rows = answered_rows(tree, plan.kind) if tree else []
    if tree is None or not rows:
        raise NothingToCollect(
            _("この計画には、公開された版か取組がありません。先に計画を公開してください。")
        )
    try:
        with transaction.atomic():
            collection = Collection.objects.create(
                ward=plan.ward,
                plan=plan,
                due_on=due_on,
                note=note.strip(),
                opened_at=timezone.now(),
                opened_by=actor,
            )
    except IntegrityError:
        raise CollectionExists(
            _("%(plan)sの取りまとめは、もう始まっています。") % {"plan": plan_label(plan)}
        ) from None
    _add_answers(collection, {row.item: responsible(tree, row.item) for row in rows})
    audit.record(
        ward=plan.ward, actor=actor, verb=ResultVerb.COLLECTION_OPENED, target=collection, label=plan_label(plan),
        changes={"due_on": (None, due_on), "items": (None, len(rows))},
    )  # fmt: skip
    return collection


def _add_answers(collection: Collection, named: Mapping[int, Sequence[int]]) -> None:
    """An answer for each item. Who has ended since is asked no more: whoever acts for it today is."""
    acting = heirs_of(collection.ward_id).in_year(fiscal_year_of(timezone.localdate()))
    bodies = {
        item: list(dict.fromkeys(acting.get(body, body) for body in printed))
        for item, printed in named.items()
    }
    answers = Answer.objects.bulk_create(
        [
            Answer(
                ward_id=collection.ward_id,
                collection=collection,
                item_id=item,
                lead_id=named[0] if named else None,
            )
            for item, named in bodies.items()
        ],
        batch_size=500,
    )
    Contribution.objects.bulk_create(
        [
            Contribution(ward_id=collection.ward_id, answer=answer, body_id=body)
            for answer in answers
            for body in dict.fromkeys(bodies[answer.item_id][1:])
            if body != answer.lead_id
        ],
        batch_size=500,
    )


@transaction.atomic
def take_in_new_actions(*, collection: Collection, actor: Person) -> int:
    """Ask for what the version in force names and the collection does not have yet; returns how many.

    Nothing is taken out: an action that the plan no longer has keeps what was answered. Raises NotAllowed.
    """
    permissions.require(may_collect(permissions.rights_of(actor), collection.ward))
    force = version_in_force(collection.plan)
    if force is None:
        return 0
    tree = tree_of(force)
    known = set(collection.answers.values_list("item", flat=True))
    new = {
        row.item: responsible(tree, row.item)
        for row in answered_rows(tree, collection.plan.kind)
        if row.item not in known
    }
    _add_answers(collection, new)
    if new:
        audit.record(
            ward=collection.ward, actor=actor, verb=ResultVerb.ACTIONS_TAKEN_IN, target=collection,
            label=plan_label(collection.plan), changes={"items": (None, len(new))},
        )  # fmt: skip
    return len(new)


@transaction.atomic
def move_due(*, collection: Collection, due_on: date, actor: Person, reason: str = "") -> None:
    """Another deadline. Raises DeadlinePassed, NotAllowed."""
    permissions.require(may_collect(permissions.rights_of(actor), collection.ward))
    _check_deadline(due_on)
    before, collection.due_on = collection.due_on, due_on
    collection.save(update_fields=["due_on"])
    audit.record(
        ward=collection.ward, actor=actor, verb=ResultVerb.DUE_MOVED, target=collection,
        label=plan_label(collection.plan), changes={"due_on": (before, due_on)}, reason=reason,
    )  # fmt: skip


def _check_deadline(due_on: date) -> None:
    if due_on < timezone.localdate():
        raise DeadlinePassed(_("しめきりが過ぎた日になっています。今日より後の日を選んでください。"))


@transaction.atomic
def remind(
    *, collection: Collection, actor: Person, site: str, bodies: Iterable[int] | None = None
) -> list[Reminder]:
    """Mail everybody whose body has something left to send in: one mail a person, one a day, whatever is pressed twice.

    `site` is the address under which people reach Kusei; `bodies` narrows whom to ask (ids). Returns what was sent now.
    Raises CannotMail where mails reach nobody, NotAllowed.
    """
    ward = collection.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    if not can_send():
        raise CannotMail(
            _(
                "いまはメールを送れない設定です。電話などでお願いしてください。メールの設定は機械の管理者に頼めます。"
            )
        )
    # Two who press at once wait for each other: the second then sees to whom the first one wrote.
    Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    today = timezone.localdate()
    open_items = _open_items(collection)
    if bodies is not None:
        wanted = set(bodies)
        open_items = {body: items for body, items in open_items.items() if body in wanted}
    people = _people_of(collection, set(open_items))
    reminded = set(Reminder.objects.filter(collection=collection, day=today).values_list("person", flat=True))
    asked = {
        person: len(set().union(*(open_items[body] for body in theirs)))
        for person, theirs in people.items()
        if person.pk not in reminded and person.email
    }
    mails = notices.send_notices(
        ward=ward,
        letters=[_letter(collection, person, count, site) for person, count in asked.items()],
    )
    sent = Reminder.objects.bulk_create(
        [
            Reminder(ward=ward, collection=collection, person=person, day=today, answers=count, notice=notice)
            for (person, count), notice in zip(asked.items(), mails, strict=True)
        ]
    )
    if sent:
        audit.record(
            ward=ward, actor=actor, verb=ResultVerb.REMINDED, target=collection, label=plan_label(collection.plan),
            changes={"people": (None, len(sent))},
        )  # fmt: skip
    return sent


def _letter(collection: Collection, person: Person, count: int, site: str) -> notices.Letter:
    ward, plan = collection.ward, collection.plan
    day = f"{collection.due_on:%-m月%-d日}"
    return notices.Letter(
        to=person.email,
        subject=_("取組結果の提出のお願い（しめきり %(date)s）") % {"date": day},
        text=_(
            "%(name)s 様\n\n%(plan)sの取組結果で、まだ提出されていないものが%(count)d件あります。\n"
            "しめきりは%(date)sです。次のページから書けます。\n\n%(url)s\n\n%(ward)s"
        )
        % {
            "name": person.display_name,
            "plan": plan_label(plan),
            "count": count,
            "date": day,
            "url": f"{site.rstrip('/')}/office/{ward.key}/",
            "ward": ward.full_name,
        },
    )


def _open_items(collection: Collection) -> dict[int, set[int]]:
    """By body, the actions that wait for it."""
    waiting = (AnswerState.WAITING, AnswerState.WRITING, AnswerState.RETURNED)
    found: dict[int, set[int]] = defaultdict(set)
    for lead, item in collection.answers.filter(state__in=waiting).values_list("lead", "item"):
        if lead is not None:
            found[lead].add(item)
    shared = Contribution.objects.filter(
        answer__collection=collection, answer__state__in=waiting, is_done=False
    )
    for body, item in shared.values_list("body", "answer__item"):
        found[body].add(item)
    return found


def _people_of(collection: Collection, bodies: set[int]) -> dict[Person, set[int]]:
    """Who acts for these bodies today, with the bodies each acts for."""
    found: dict[int, set[int]] = defaultdict(set)
    for body, members in acting_for(collection.ward, bodies).items():
        for person in members:
            found[person].add(body)
    people = Person.objects.in_bulk(list(found))
    return {people[pk]: found[pk] for pk in sorted(found)}


@transaction.atomic
def change_lead(*, answer: Answer, body: Body | None, actor: Person) -> None:
    """Another body answers from now on; the one before contributes. Raises ResultError for a body of another ward,
    NotAllowed."""
    ward = answer.ward
    permissions.require(may_collect(permissions.rights_of(actor), ward))
    if body is not None and body.ward_id != ward.pk:
        raise ResultError(_("この区の課・団体から選んでください。"))
    before = answer.lead
    if before == body:
        return
    if body is not None:
        answer.contributions.filter(body=body, text="").delete()
    if before is not None:
        Contribution.objects.get_or_create(ward=ward, answer=answer, body=before)
    Answer.objects.filter(pk=answer.pk).update(lead=body)
    answer.lead = body
    node = latest_nodes(ward, [answer.item_id]).get(answer.item_id)
    audit.record(
        ward=ward, actor=actor, verb=ResultVerb.LEAD_CHANGED, target=answer.item, label=node.title if node else "",
        changes={"lead": (before, body)},
    )  # fmt: skip
