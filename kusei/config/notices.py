"""`kusei notices`: what was not sent, sending it again, and deleting contacts whose time is over. For cron, daily."""

from __future__ import annotations

import argparse
import sys

from django.utils import timezone

from kusei.documents.commands.acting import acting_person
from kusei.notices import operations as notices
from kusei.notices.permissions import may_keep_notices
from kusei.notices.queries import waiting_notices
from kusei.services.activities import operations as activities
from kusei.services.activities.operations import meetings
from kusei.services.activities.operations.visiting import forget_visits
from kusei.services.questions import operations as questions
from kusei.wards import permissions
from kusei.wards.operations import WardError


def run(options: argparse.Namespace) -> int:
    """List what waits; with --send try it again (1 where something was not sent), with --purge delete what is old."""
    try:
        actor = acting_person(options.username)
    except WardError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    failed = 0
    if options.purge:
        addresses = notices.forget_addresses(actor=actor)
        contacts = questions.purge_contacts(actor=actor)
        applicants = activities.forget_applicants(actor=actor)
        texts = activities.forget_texts(actor=actor)
        visits = forget_visits(actor=actor)
        envoys = activities.forget_envoys(actor=actor)
        cards = activities.forget_cards(actor=actor)
        attendees = meetings.forget_attendees(actor=actor)
        _say(
            f"通知の宛先 {addresses}件、質問した人の連絡先 {contacts}件、"
            f"講座・催しに申し込んだ人の個人情報 {applicants}件、アンケートの自由記述 {texts}件、"
            f"出前講座を申し込んだ団体の連絡先 {visits}件、派遣者 {envoys}人の個人情報、"
            f"会議に出た人の名前 {attendees}件、スタンプカード {cards}枚を消しました。"
        )
    if options.send:
        sent, failed = notices.send_waiting(actor=actor)
        _say(f"{sent}件を送りました。送れなかったもの {failed}件")
    if failed or not (options.purge or options.send):
        _list()
    return 1 if failed else 0


def _list() -> None:
    waiting = waiting_notices()
    for each in waiting:
        made = timezone.localtime(each.made_at)
        _say(f"{made:%Y-%m-%d %H:%M}\t{each.ward}\t{each.subject}\t{each.tries}回\t{each.failed}")
    if not waiting:
        _say("送れていない通知はありません。")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
