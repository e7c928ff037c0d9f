"""The catalogues of the interface's languages: found strings into kusei/locale/*.po, those into *.mo.

Needs GNU gettext (Debian: apt install gettext). Only what residents see is translated; the office speaks Japanese.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from functools import cached_property
from pathlib import Path

from tools import environment
from tools.console import Refusal, call, say
from tools.environment import DEVELOP, PYTHON, ROOT

LOCALES = ("ja_Easy", "en", "zh_Hans", "vi")
RESIDENTS_SEE = (
    "kusei/portal/",
    "kusei/press/",
    "kusei/services/activities/asked_fields.py",
    "kusei/services/activities/asking.py",
    "kusei/services/activities/paper_words.py",
    "kusei/services/activities/operations/answering.py",
    "kusei/services/activities/operations/applying.py",
    "kusei/services/activities/operations/judging.py",
    "kusei/services/activities/operations/receiving.py",
    "kusei/services/activities/operations/stamping.py",
    "kusei/services/activities/operations/changing.py",
    "kusei/services/activities/operations/inviting.py",
    "kusei/services/activities/operations/telling.py",
    "kusei/services/activities/operations/visits/asking.py",
    "kusei/services/activities/operations/visits/keeping.py",
    "kusei/services/activities/operations/visits/telling.py",
    "kusei/notices/telephone.py",
    "kusei/services/activities/templates/",
    "kusei/services/activities/visiting.py",
    "kusei/services/activities/templatetags/",
)
AND_THE_WORDS_OF = {
    "kusei/documents/enums.py": {"DocumentStatus", "UnplacedReason"},
    "kusei/ledger/declared.py": {"GENERAL"},
    "kusei/plans/enums.py": {"PlanKind", "ItemKind", "OwnerRole", "AmountBasis", "LinkKind"},
    "kusei/results/enums.py": {"Outcome"},
    "kusei/services/activities/dispatch_enums.py": {"EnvoyRole"},
    "kusei/services/activities/dispatch_metrics.py": {"DECLARED"},
    "kusei/services/activities/survey_enums.py": {"StandardQuestion"},
    "kusei/services/activities/survey_metrics.py": {"METRICS"},
    "kusei/services/activities/language_enums.py": {"SpokenLanguage"},
    "kusei/services/activities/visit_enums.py": {"GroupKind", "VisitState"},
    "kusei/services/activities/visit_metrics.py": {"METRICS"},
    "kusei/services/activities/enums.py": {"ActivityKind", "Reach", "SeatState"},
    "kusei/services/activities/meeting_enums.py": {"Answer"},
    "kusei/services/activities/meeting_metrics.py": {"MEETING_METRICS"},
    "kusei/services/activities/rally_metrics.py": {"RALLY_METRICS"},
    "kusei/services/activities/metrics.py": {"DECLARED"},
    "kusei/services/activities/persons.py": {"DECLARED"},
    "kusei/wards/enums.py": {"WardKind", "BodyKind"},
}
"""Rooms, and classes of kinds and states (and what code counts in) in other rooms, whose strings residents meet."""

# Dates and tools' versions would change with every run, and say nothing.
_NOISE = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date|X-Generator|Report-Msgid-Bugs-To): .*\n', re.M)


def is_seen_by_residents(path: str) -> bool:
    """Whether the strings of a source file (path from the checkout's root) belong in the catalogues."""
    return path in AND_THE_WORDS_OF or (path.startswith(RESIDENTS_SEE) and "/tests/" not in path)


def seen_part(path: str, source: str) -> str:
    """What of a Python file residents meet: of a file of kinds and states, what is named above."""
    classes = AND_THE_WORDS_OF.get(path)
    if classes is None:
        return source
    tree = ast.parse(source)
    return "\n\n".join(
        ast.get_source_segment(source, node) or "" for node in tree.body if _name_of(node) in classes
    )


def _name_of(node: ast.stmt) -> str:
    """The name of a class, or of what a line of the file is assigned to."""
    if isinstance(node, ast.ClassDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def run() -> int:
    """Bring the catalogues up to date with the sources and compile them. Raises Refusal without gettext.

    Django's own makemessages and compilemessages do it; a string that nobody uses any longer goes.
    """
    if not shutil.which("xgettext") or not shutil.which("msgfmt"):
        raise Refusal("GNU gettext is missing (Debian: apt install gettext).")
    environment.ensure(DEVELOP)
    return call([str(PYTHON), "-m", "tools.messages"], cwd=str(ROOT))


def _update() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")
    import django
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    class BuildFile(makemessages.BuildFile):
        @cached_property
        def is_templatized(self) -> bool:
            return self.path[2:] in AND_THE_WORDS_OF or self.path.endswith((".html", ".txt"))

        def preprocess(self) -> None:
            if self.path[2:] not in AND_THE_WORDS_OF:
                return super().preprocess()
            source = Path(self.path).read_text(encoding="utf-8")
            Path(self.work_path).write_text(seen_part(self.path[2:], source), encoding="utf-8")
            return None

    class Command(makemessages.Command):
        build_file_class = BuildFile
        # A guess from a likeness is worse than none: what is missing is seen and counted.
        msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

        def find_files(self, root: str) -> list[makemessages.TranslatableFile]:
            return [found for found in super().find_files(root) if is_seen_by_residents(found.path[2:])]

    django.setup()
    options = {"locale": list(LOCALES), "no_wrap": True, "add_location": "file", "no_obsolete": True}
    call_command(Command(), extensions=["html", "txt", "py"], **options, verbosity=0)
    for path in catalogues():
        path.write_text(_NOISE.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
        missing = path.read_text(encoding="utf-8").count('\nmsgstr ""\n\n')
        say(f"{path.relative_to(ROOT)}: {missing} without a translation")
    call_command("compilemessages", locale=list(LOCALES), ignore_patterns=[".venv"], verbosity=0)


def catalogues() -> list[Path]:
    """The .po files."""
    return [ROOT / "kusei" / "locale" / locale / "LC_MESSAGES" / "django.po" for locale in LOCALES]


if __name__ == "__main__":
    _update()
