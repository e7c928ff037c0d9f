"""The catalogues of the interface's languages: found strings into kusei/locale/*.po, those into *.mo.

Needs GNU gettext (Debian: apt install gettext). Only what residents see is translated; the office speaks Japanese.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from tools import environment
from tools.console import Refusal, call, say
from tools.environment import DEVELOP, PYTHON, ROOT

LOCALES = ("ja_Easy", "en", "zh_Hans", "vi")
RESIDENTS_SEE = ("kusei/portal/", "kusei/press/")
AND_THE_WORDS_OF = (
    "kusei/documents/enums.py",
    "kusei/plans/enums.py",
    "kusei/results/enums.py",
    "kusei/wards/enums.py",
)
"""Rooms, and kinds and states of other rooms, whose strings residents meet."""

# Dates and tools' versions would change with every run, and say nothing.
_NOISE = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date|X-Generator|Report-Msgid-Bugs-To): .*\n', re.M)


def is_seen_by_residents(path: str) -> bool:
    """Whether the strings of a source file (path from the checkout's root) belong in the catalogues."""
    return path in AND_THE_WORDS_OF or (path.startswith(RESIDENTS_SEE) and "/tests/" not in path)


def run() -> int:
    """Bring the catalogues up to date with the sources and compile them. Raises Refusal without gettext."""
    if not shutil.which("xgettext") or not shutil.which("msgfmt"):
        raise Refusal("GNU gettext is missing (Debian: apt install gettext).")
    environment.ensure(DEVELOP)
    return call([str(PYTHON), "-m", "tools.messages"], cwd=str(ROOT))


def _update() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")
    import django
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    class Command(makemessages.Command):
        # A guess from a likeness is worse than none: what is missing is seen and counted.
        msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

        def find_files(self, root: str) -> list[makemessages.TranslatableFile]:
            return [found for found in super().find_files(root) if is_seen_by_residents(found.path[2:])]

    django.setup()
    options = {"locale": list(LOCALES), "no_wrap": True, "add_location": "file", "no_obsolete": True}
    call_command(Command(), extensions=["html", "py", "txt"], **options, verbosity=0)
    for path in catalogues():
        path.write_text(_NOISE.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
        missing = path.read_text(encoding="utf-8").count('\nmsgstr ""\n\n')
        say(f"{path.relative_to(ROOT)}: {missing} without a translation")
    call_command("compilemessages", locale=list(LOCALES), ignore_patterns=[".venv"], verbosity=0)


def catalogues() -> list[Path]:
    """The .po files."""
    return [ROOT / "kusei" / "locale" / locale / "LC_MESSAGES" / "django.po" for locale in LOCALES]


if __name__ == "__main__":
    sys.exit(_update())
