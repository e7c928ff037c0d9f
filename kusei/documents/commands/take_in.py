"""`kusei import`: show what a document would change, and take it in when a person says so."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from django.db import DatabaseError
from django.utils.translation import gettext as _

from kusei.documents import operations
from kusei.documents.commands.acting import acting_person
from kusei.documents.commands.console import (
    KIND_NAMES,
    PLAN_NAMES,
    agrees,
    beside_items,
    complain,
    in_fiscal_year,
    is_interactive,
    progress_of,
    where,
)
from kusei.documents.operations import Accepted, Preview, Reading
from kusei.documents.reading.model import ReadingError
from kusei.documents.targets import DocumentError, YearUnknown, names_another_ward, target_of
from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.plans.operations import PlanError
from kusei.plans.rules import LEAST_SHARE, Entry
from kusei.wards.models import Person
from kusei.wards.operations import WardError

_SHOWN = 8
_FIELD_NAMES = {
    "kind": "種類", "number": "番号", "title": "題名", "text": "説明", "programme": "事業名", "budget_source": "予算の区分",
    "plan_bullets": "実施計画", "tags": "タグ", "owners": "担当", "money": "金額", "parent": "置き場所",
}  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Take in the files one by one; 2 if one cannot be read, 1 if one was not taken in, 0 if all were."""
    worst = 0
    actor: Person | None = None
    try:
        actor = acting_person(options.username)
    except WardError as error:
        complain(str(error))
        return 1
    for name in options.files:
        worst = max(worst, _take_in(Path(name), options, actor))
    return worst


def _take_in(path: Path, options: argparse.Namespace, actor: Person) -> int:
    try:
        reading = operations.read_document(path, progress=progress_of(path.name))
    except ReadingError as error:
        complain(f"{path.name}: {error.message}")
        return 2
    except OSError as error:
        complain(
            f"{path.name}: ファイルを開けません（{error.strerror or error}）。場所と権限を確かめてください。"
        )
        return 2
    except ImportError:  # our own mistake, not the file's
        raise
    except Exception as error:
        # Whatever a broken file does to a library, the user gets a message and the other files are read.
        if os.environ.get("KUSEI_DEBUG"):
            raise
        complain(
            f"{path.name}: 読み取りの途中で問題が起きました（{type(error).__name__}）。ファイルが壊れているかもしれません。"
        )
        return 2
    try:
        return _decide(path, reading, options, actor)
    except (DocumentError, PlanError, WardError) as error:
        complain(f"{path.name}: {error}")
        return 1
    except DatabaseError as error:
        if os.environ.get("KUSEI_DEBUG"):
            raise
        complain(f"{path.name}: データベースに書けませんでした（{error}）。何も変更していません。")
        return 1


def _decide(path: Path, reading: Reading, options: argparse.Namespace, actor: Person) -> int:
    target = target_of(
        reading.draft,
        ward=options.ward,
        fiscal_year=_year(options.year),
        kind=options.kind,
        part=options.part,
        title=options.title,
    )
    preview = operations.preview_draft(reading.draft, target)
    options.require_in(actor, preview.ward)
    print("\n".join(described(path.name, reading.draft, preview)))
    if preview.is_unchanged:
        print("  公開中の版と同じ内容です。新しい版は作りません。")
        return 0
    if not options.accept:
        if not is_interactive():
            complain(
                f"{path.name}: まだ取り込んでいません。内容を確かめて、--accept を付けて実行してください。"
            )
            return 1
        if not agrees("  この内容で取り込みますか"):
            print("  取り込みませんでした。")
            return 1
    done = operations.import_file(
        path=path, reading=reading, target=target, actor=actor, replace=options.replace
    )
    print("\n".join(_outcome(done, actor)))
    return 0


def _year(said: str | None) -> int | None:
    """The fiscal year that --year names: 2021, 令和3年度, R3."""
    if said is None:
        return None
    year = parse_fiscal_year(said)
    if year is None:
        raise YearUnknown(
            _("年度「%(said)s」がわかりません。--year 2021 か --year 令和3年度 のように指定してください。")
            % {"said": said}
        )
    return year


def described(name: str, draft: dict, preview: Preview) -> list[str]:
    """The draft and what it would change, for a person to decide on."""
    target = preview.target
    counts: dict[str, int] = {}
    for entry in preview.entries:
        counts[entry.kind] = counts.get(entry.kind, 0) + 1
    money = sum(1 for entry in preview.entries if entry.money)
    part = f" {target.part}" if target.part else ""
    lines = [
        f"■ {name}",
        f"  {preview.ward.full_name if preview.ward else target.ward_name + '（新しく登録）'} "
        f"{in_fiscal_year(target.fiscal_year)} {PLAN_NAMES[target.kind]}{part}  {target.title or '題名なし'}",
        f"  項目 {len(preview.entries)}件: "
        + "、".join(f"{KIND_NAMES.get(kind, kind)} {count}" for kind, count in counts.items())
        + (f"／金額 {money}件" if money else ""),
    ]
    lines.extend(_departures(draft, preview))
    if draft["warnings"]:
        lines.append(f"  注意 {len(draft['warnings'])}件")
        lines.extend(
            f"    {where(each['page'], each['line'])} {each['message']}".rstrip()
            for each in draft["warnings"][:_SHOWN]
        )
    lost = sum(1 for piece in draft["unplaced"] if not piece.get("reason"))
    if lost:
        lines.append(f"  置き場所が決まらない文 {lost}件（文書のページに残ります）")
    lines.extend(beside_items(draft["unplaced"]))
    if preview.cut:
        lines.append(
            f"  長すぎるため切り詰める語 {len(preview.cut)}件: "
            + "、".join(text[:20] for text in preview.cut[:3])
        )
    if preview.replaces_sample:
        lines.append("  同じ年度・種類のサンプルを消して、この文書に置き換えます。")
    lines.extend(_differences(preview))
    if preview.unknown_bodies:
        lines.append(
            f"  新しく登録する実施主体 {len(preview.unknown_bodies)}件: " + "、".join(preview.unknown_bodies)
        )
    if preview.links and not preview.is_unchanged:
        same = sum(1 for link in preview.links if link.is_same_name)
        lines.append(
            f"  ほかの計画とのつながり {len(preview.links)}件（名前が同じもの {same}件は自動で確定、ほかは提案）"
        )
    return lines


def _departures(draft: dict, preview: Preview) -> list[str]:
    """Where what was said departs from what the text says: a slip here publishes a document in the wrong place."""
    target = preview.target
    found = []
    if names_another_ward(draft, target, preview.ward):
        found.append(f"「{draft['ward']}」とありますが、「{target.ward_name}」の文書として取り込みます")
    if draft["fiscal_year"] not in (None, target.fiscal_year):
        found.append(
            f"{in_fiscal_year(draft['fiscal_year'])}とありますが、{in_fiscal_year(target.fiscal_year)}の文書として取り込みます"
        )
    return [f"  ！ 文書には{each}。間違いないか確かめてください。" for each in found]


def _differences(preview: Preview) -> list[str]:
    if preview.is_first_version:
        return ["  この計画の最初の版になります。"]
    if preview.is_unchanged:
        return []
    found = preview.differences
    lines = [
        f"  公開中の版との違い: 追加 {len(found.added)}件、変更 {len(found.changed)}件、なくなる {len(found.removed)}件"
        + (f"、実施結果の変更 {preview.results_changed}件" if preview.results_changed else "")
        + ("、順序の変更" if found.order_differs else "")
    ]
    lines.extend(_listed("＋", [_named(entry) for entry in found.added]))
    lines.extend(
        _listed(
            "～",
            [
                f"{_named(each.new)}（{'・'.join(_FIELD_NAMES[name] for name in each.fields)}）"
                for each in found.changed
            ],
        )
    )
    lines.extend(_listed("－", [_named(entry) for entry in found.removed]))
    if found.share() < LEAST_SHARE:
        lines.append(
            "  公開中の版と共通の項目がほとんどありません。別の文書ではありませんか（--part、--replace）。"
        )
    return lines


def _named(entry: Entry) -> str:
    title = entry.title if len(entry.title) <= 40 else f"{entry.title[:39]}…"
    return f"{KIND_NAMES.get(entry.kind, entry.kind)} {entry.number + ' ' if entry.number else ''}{title}"


def _listed(sign: str, texts: list[str]) -> list[str]:
    more = [f"    {sign} ほか {len(texts) - _SHOWN}件"] if len(texts) > _SHOWN else []
    return [*(f"    {sign} {text}" for text in texts[:_SHOWN]), *more]


def _outcome(done: Accepted, actor: Person) -> list[str]:
    if done.is_unchanged:
        return ["  公開中の版と同じ内容です。新しい版は作りませんでした。"]
    lines = [f"  取り込みました（第{done.version.number}版、決定した人: {actor.username}）。"]
    if done.replaced_sample:
        lines.append("  サンプルを消しました。")
    if done.ended_logins:
        lines.append(
            f"  区は見本でなくなったので、サンプルのログイン{done.ended_logins}人分は使えなくなりました。"
            f"区の管理者は kusei ward {done.version.plan.ward.full_name} --administrator メールアドレス で招待します。"
        )
    lines.extend(
        _(
            "  「%(new)s」は「%(known)s」の別の書き方かもしれません。管理ページの「実施主体」で一つにまとめられます。"
        )
        % {"new": new.name, "known": known.name}
        for new, known in done.alias_proposals
    )
    if done.links_confirmed or done.links_proposed:
        lines.append(
            f"  つながり: 自動で確定 {len(done.links_confirmed)}件、提案 {len(done.links_proposed)}件"
            f"（kusei links {done.version.plan.ward.code or done.version.plan.ward.name} で確かめられます）"
        )
    return lines
