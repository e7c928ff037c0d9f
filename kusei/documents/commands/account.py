"""`kusei account`: the way back in for whoever lost the phone or forgot the password; the last administrator, too."""

from __future__ import annotations

import argparse

from django.conf import settings

from kusei.documents.commands.acting import acting_person
from kusei.documents.commands.console import complain
from kusei.press.formats import moment_ja
from kusei.wards import operations as wards
from kusei.wards.models import Person
from kusei.wards.operations import WardError
from kusei.wards.queries import wards_acted_in


def run(options: argparse.Namespace) -> int:
    """Take the second factor back and make a link, as asked; without either say how things are. 1 where that could not be."""
    try:
        actor = acting_person(options.username)
        person = wards.find_person(options.person)
        if options.take_second_factor:
            ended = wards.take_second_factor(person=person, actor=actor, reason=options.reason)
            print(f"{person.display_name}さんの二段階認証を外しました（ログアウトした端末 {ended}台）。")
        if options.password_link:
            issued = wards.make_password_link(
                person=person, actor=actor, reason=options.reason, site=settings.KUSEI_SITE_URL
            )
            print("次のリンクを、本人だと確かめてから、本人だけに伝わる方法で渡してください。")
            print(issued.link)
            print(f"{moment_ja(issued.expires_at)} まで、1回だけ使えます。ここに出るのは今だけです。")
        if not (options.take_second_factor or options.password_link):
            _tell(person)
    except WardError as error:
        complain(str(error))
        return 1
    return 0


def _tell(person: Person) -> None:
    names = "、".join(ward.full_name for ward in wards_acted_in(person)) or "なし"
    seen = moment_ja(person.last_login) if person.last_login else "まだ"
    print(f"{person.display_name}（{person.username}）\t役割のある区: {names}\t最後のログイン: {seen}")
