"""Who may run which command, and as whom: one stated rule for each. The parser makes no command without one.

`--as USER` names the account that acts, with the rights that it holds today. Without it the operator of the machine acts,
who holds every right: whoever has a shell there has the database, too.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kusei.wards.models import Person, Ward


class Scope(Enum):
    """Where the rights are asked for."""

    NOTHING = "nothing"
    """Touches no database: nobody acts."""
    MACHINE = "machine"
    """The whole installation, all wards at once."""
    WARD = "ward"
    """The ward that the arguments name; asked before the command begins. Where they may name none and do not, all wards
    are meant, and the operator of the machine alone may."""
    DOCUMENT = "document"
    """The ward that a document names; asked by the command as soon as it has read it, before anything is shown."""


@dataclass(frozen=True, slots=True)
class CommandRule:
    """`may` is the predicate of a room's permissions.py that decides, as module:function (loaded when it is asked)."""

    scope: Scope
    told: str
    """Who that is, for `--help`."""
    may: str = ""

    def check(self, options: argparse.Namespace) -> None:
        """Raise NotAllowed or WardError where whoever acts may not run this. A document's ward is asked for later, by
        `options.require_in(actor, ward)`."""
        if self.scope is Scope.DOCUMENT:
            options.require_in = self._require_in
        elif self.scope is Scope.MACHINE and options.username:
            _require(_predicate(self.may)(_rights(_acting(options.username))))
        elif self.scope is Scope.WARD and options.ward is None:
            _MACHINE.check(options)
        elif self.scope is Scope.WARD:
            from kusei.wards import operations as wards

            ward = wards.find_ward(options.ward)
            self._require_in(_acting(options.username), ward)

    def _require_in(self, actor: Person, ward: Ward | None) -> None:
        """A ward that is not registered yet is for whoever may register one."""
        rights = _rights(actor)
        if ward is None:
            _require(_predicate(_REGISTER)(rights))
        else:
            _require(_predicate(self.may)(rights, ward))


_REGISTER = "kusei.wards.permissions:may_register_wards"
_MACHINE = CommandRule(Scope.MACHINE, "この機械の操作者", "kusei.wards.permissions:may_run_machine")
_PLAN = "kusei.plans.permissions:may_plan"

RULES: dict[str, CommandRule] = {
    "read": CommandRule(Scope.NOTHING, "だれでも（何も保存しません）"),
    "import": CommandRule(
        Scope.DOCUMENT,
        "文書の区の企画担当、この機械の操作者（新しい区は操作者だけ）",
        "kusei.plans.permissions:may_publish",
    ),
    "links": CommandRule(Scope.WARD, "区の企画担当、この機械の操作者", _PLAN),
    "export-plan": CommandRule(
        Scope.WARD,
        "区の職員・企画担当・管理者・協力団体の担当者、この機械の操作者",
        "kusei.plans.permissions:may_see_drafts",
    ),
    "export-results": CommandRule(
        Scope.WARD,
        "区の職員・企画担当・管理者、この機械の操作者",
        "kusei.results.permissions:may_see_all_answers",
    ),
    "export-events": CommandRule(
        Scope.WARD,
        "区の職員・企画担当・協力団体の担当者、この機械の操作者",
        "kusei.services.activities.permissions:may_work_on_activities",
    ),
    "translations": CommandRule(
        Scope.WARD, "区の職員・企画担当、この機械の操作者", "kusei.plans.permissions:may_translate"
    ),
    "readings": CommandRule(
        Scope.WARD, "区の職員・企画担当・管理者、この機械の操作者", "kusei.wards.permissions:may_keep_readings"
    ),
    "ward": CommandRule(Scope.MACHINE, "この機械の操作者", _REGISTER),
    "account": _MACHINE,
    "notices": CommandRule(
        Scope.MACHINE, "この機械の操作者", "kusei.notices.permissions:may_keep_notices"
    ),
    "serve": _MACHINE,
    "worker": _MACHINE,
    "sample": _MACHINE,
    "demo": _MACHINE,
    "activities": CommandRule(
        Scope.WARD,
        "区の職員・企画担当・協力団体の担当者（自分の課・団体のもの）、この機械の操作者",
        "kusei.services.activities.permissions:may_work_on_activities",
    ),
    "reconcile": CommandRule(
        Scope.WARD, "区の企画担当、この機械の操作者（区を指定しないときは操作者だけ）", "kusei.ledger.permissions:may_keep_books"
    ),
    "forms": CommandRule(
        Scope.WARD,
        "区の職員・企画担当・協力団体の担当者（自分の担当の様式だけ）、この機械の操作者",
        "kusei.ledger.permissions:may_hand_in",
    ),
    "reindex": _MACHINE,
    "manage": _MACHINE,  # parsed by Django, which knows no --as: always the operator
}  # fmt: skip


def _acting(username: str | None) -> Person:
    from kusei.documents.commands.acting import acting_person

    return acting_person(username)


def _rights(person: Person) -> Any:
    from kusei.wards.permissions import rights_of

    return rights_of(person)


def _require(decision: Any) -> None:
    from kusei.wards.permissions import require

    require(decision)


def _predicate(name: str) -> Any:
    module, function = name.split(":")
    return getattr(import_module(module), function)
