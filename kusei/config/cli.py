"""The command `kusei`. Only what a command needs is loaded: `kusei read` starts without Django and its database."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from kusei.config.command_rules import RULES, CommandRule, Scope

_SETTINGS = "kusei.config.settings"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 not done, 2 wrong use or unreadable file)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    if arguments[:1] == ["manage"]:  # Django parses its own
        return _manage(arguments[1:])
    options = _parser().parse_args(arguments)
    try:
        if options.needs_django:
            _start_django()
            return _in_django(options)
        return int(import_module(options.module).run(options))
    except BrokenPipeError:  # `kusei read … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\n中断しました。", file=sys.stderr)
        return 130


def _in_django(options: argparse.Namespace) -> int:
    """Run a command on the database by its rule: its changes are one entry of the audit trail; who may not is told so."""
    from kusei.wards import audit
    from kusei.wards.enums import Way
    from kusei.wards.errors import WardError
    from kusei.wards.permissions import NotAllowed

    rule: CommandRule = options.rule
    try:
        with audit.trail(Way.COMMAND):
            try:
                rule.check(options)
            except WardError as error:  # no such ward, no such person
                print(error, file=sys.stderr)
                return 1
            return int(import_module(options.module).run(options))
    except NotAllowed as error:
        print(error, file=sys.stderr)
        return 1


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in Japanese; argparse's own words, which are English, stand behind."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(
            2,
            f"コマンドの書き方が違います。「{self.prog} --help」で使い方が見られます。\n  （{message}）\n",
        )


def _parser() -> _Parser:
    parser = _Parser(prog="kusei", description="区政: 区の約束・予算・実績を一つの記録に")
    commands = parser.add_subparsers(dest="command", required=True, metavar="コマンド")

    read = _command(
        commands, "read", "文書を読み取って表示する（何も保存しない）", "kusei.documents.commands.read"
    )
    read.add_argument("files", nargs="+", metavar="ファイル", help="PDF・Excel・Word・HTML・CSV・テキスト")
    read.add_argument("--json", action="store_true", help="読み取り結果を JSON で出力する")

    take = _command(commands, "import", "文書を取り込んで公開する", "kusei.documents.commands.take_in")
    take.add_argument("files", nargs="+", metavar="ファイル")
    take.add_argument("--ward", metavar="区", help="どの区の文書か（例: 横浜市泉区、141160）")
    take.add_argument("--year", metavar="年度", help="年度（例: 2021、令和3年度、R3）")
    take.add_argument(
        "--kind", choices=["policy", "budget", "action_plan", "evaluation", "other"], help="計画の種類"
    )
    take.add_argument("--part", default="", metavar="分冊", help="別に公開された分冊の名前（例: 施策２）")
    take.add_argument("--title", metavar="題名", help="文書の題名")
    take.add_argument("--replace", action="store_true", help="内容がまったく違っても、今の計画を置き換える")
    take.add_argument("--accept", action="store_true", help="確認せずに取り込む")

    serve = _command(commands, "serve", "サイトを動かす", "kusei.config.serving")
    serve.add_argument(
        "--host", default="127.0.0.1", metavar="アドレス", help="待ち受けるアドレス（既定 127.0.0.1）"
    )
    serve.add_argument("--port", type=int, default=8000, metavar="番号", help="待ち受けるポート（既定 8000）")
    serve.add_argument("--workers", type=int, default=1, metavar="数", help="プロセスの数（既定 1）")

    serve.add_argument(
        "--no-worker",
        action="store_true",
        help="読み取りなどの仕事をするプロセスを一緒に始めない（別に kusei worker を動かすとき）",
    )

    worker = _command(
        commands, "worker", "文書の読み取りなど、時間のかかる仕事をする", "kusei.config.working"
    )
    worker.add_argument("--with-site", action="store_true", help=argparse.SUPPRESS)

    sample = _command(commands, "sample", "サンプルの区を作る", "kusei.documents.commands.sample")
    sample.add_argument("--if-new", action="store_true", help="まだ区が一つもないときだけ作る")

    demo = _command(
        commands, "demo", "お試し（KUSEI_DEMO=1）を最初の状態に戻す", "kusei.documents.commands.demo"
    )
    demo.add_argument("--reset", action="store_true", help="全部を消して、サンプルを作り直す")
    demo.add_argument("--if-due", action="store_true", help="戻す時刻が過ぎているときだけ")

    links = _command(
        commands, "links", "計画どうしのつながりの提案を見て決める", "kusei.documents.commands.links"
    )
    links.add_argument("ward", metavar="区", help="例: 泉区、横浜市泉区、141160")
    links.add_argument("--confirm", nargs="+", type=int, default=[], metavar="番号", help="正しいと決める")
    links.add_argument("--refuse", nargs="+", type=int, default=[], metavar="番号", help="違うと決める")

    translations = _command(
        commands,
        "translations",
        "計画の項目を翻訳に出し、訳を取り込む（CSV）",
        "kusei.documents.commands.translations",
    )
    translations.add_argument("ward", metavar="区", help="例: 泉区、横浜市泉区、141160")
    way = translations.add_mutually_exclusive_group(required=True)
    way.add_argument("--export", metavar="ファイル", help="翻訳用の表を書き出す")
    way.add_argument("--import", dest="take_in", metavar="ファイル", help="訳の入った表を取り込む")
    translations.add_argument(
        "--language",
        required=True,
        choices=["ja-easy", "en", "zh-hans", "vi"],
        help="ja-easy（やさしい日本語）、en（英語）、zh-hans（中国語）、vi（ベトナム語）",
    )

    export = _command(
        commands, "export-plan", "計画を表や JSON のファイルに書き出す", "kusei.config.exporting"
    )
    which = _plan_to_export(export)
    which.add_argument("--draft", action="store_true", help="公開前の下書き")
    export.add_argument("--format", default="xlsx", choices=["xlsx", "csv", "json"], help="既定は xlsx")

    year = _command(
        commands,
        "export-results",
        "一年の取組結果を、数の根拠と一緒に Excel に書き出す",
        "kusei.config.exporting_results",
    )
    which = _plan_to_export(year)
    which.add_argument("--live", action="store_true", help="取りまとめの途中（まだ公開していないもの）")

    events = _command(
        commands,
        "export-events",
        "公開している講座・催しをオープンデータの「イベント一覧」（CSV）に書き出す",
        "kusei.config.exporting_events",
    )
    events.add_argument("ward", metavar="区", help="例: 泉区、横浜市泉区、141160")
    events.add_argument(
        "--year", metavar="年度", help="一年度の全部（例: 2026、令和8年度。省くと、これからの回）"
    )
    events.add_argument(
        "--edition",
        default="standard",
        choices=["standard", "gif"],
        help="standard（推奨データセットの項目、既定）、gif（政府相互運用性フレームワークの項目）",
    )
    events.add_argument(
        "--output", metavar="ファイル", help="書き出すファイル（- で画面。既定は団体コード_event.csv）"
    )

    readings = _command(
        commands, "readings", "ふりがなの読み方を区ごとに直す", "kusei.documents.commands.readings"
    )
    readings.add_argument("ward", metavar="区", help="例: 泉区、横浜市泉区、141160")
    change = readings.add_mutually_exclusive_group()
    change.add_argument("--put", nargs=2, metavar=("言葉", "よみ"), help="例: --put 中田 なかだ")
    change.add_argument("--remove", metavar="言葉", help="一覧から外す")

    ward = _command(commands, "ward", "区を登録し、最初の管理者を招待する", "kusei.documents.commands.ward")
    ward.add_argument("name", nargs="?", metavar="区", help="例: 横浜市泉区、141160")
    ward.add_argument("--administrator", metavar="メール", help="区の管理者として招待するメールアドレス")
    ward.add_argument("--list", action="store_true", help="登録されている区と、その管理者を表示する")

    account = _command(
        commands,
        "account",
        "ログインできなくなった人を助ける（スマートフォンをなくした、パスワードを忘れた）",
        "kusei.documents.commands.account",
    )
    account.add_argument("person", metavar="ログイン名", help="だれを助けるか")
    account.add_argument(
        "--take-second-factor", action="store_true", help="二段階認証を外す（全端末もログアウト）"
    )
    account.add_argument(
        "--password-link", action="store_true", help="パスワードを決め直すリンクを作る（1日、1回だけ）"
    )
    account.add_argument("--reason", default="", metavar="理由", help="変更の記録に残す理由（必須）")

    notices = _command(
        commands, "notices", "送れなかった通知を見る・送り直す、古い連絡先を消す", "kusei.config.notices"
    )
    notices.add_argument("--send", action="store_true", help="送れなかった通知を、もう一度送る")
    notices.add_argument(
        "--purge", action="store_true", help="90日たった宛先と、完了から1年たった質問の連絡先を消す"
    )

    activities = _command(
        commands,
        "activities",
        "講座・催しの一覧を出し、抽選の結果を計算し直して確かめる",
        "kusei.config.activities",
    )
    activities.add_argument(
        "act",
        choices=["list", "verify-draw"],
        metavar="list|verify-draw",
        help="一覧を出す、抽選を確かめる（違いがあれば 1 で終わる）",
    )
    activities.add_argument("--ward", required=True, metavar="区", help="例: 泉区、横浜市泉区、141160")
    activities.add_argument("--json", action="store_true", help="JSON で出力する")

    reconcile = _command(
        commands,
        "reconcile",
        "実績ともとの記録が合っているか確かめる（違いがあれば 1 で終わる）",
        "kusei.documents.commands.reconcile",
    )
    reconcile.add_argument(
        "ward", nargs="?", metavar="区", help="例: 泉区、横浜市泉区、141160（なければすべての区）"
    )
    reconcile.add_argument("--year", metavar="年度", help="年度（例: 2021、令和3年度、R3。なければすべて）")
    reconcile.add_argument(
        "--rebuild-sums", action="store_true", help="保存してある合計を、実績から作り直してから確かめる"
    )

    filled = _command(
        commands,
        "forms",
        "記入されたExcelの様式を預かる（確かめて記録するのは画面で）",
        "kusei.config.filled_forms",
    )
    filled.add_argument("ward", metavar="区", help="例: 泉区、横浜市泉区、141160")
    filled.add_argument("files", nargs="+", metavar="ファイル", help="書いて返ってきた様式（.xlsx）")

    _command(commands, "reindex", "検索の索引を作り直す", "kusei.documents.commands.reindex")
    manage = commands.add_parser("manage", help="Django の管理コマンド（kusei manage help）", add_help=False)
    manage.set_defaults(rule=RULES["manage"])
    return parser


def _command(commands: argparse._SubParsersAction[_Parser], name: str, meaning: str, module: str) -> _Parser:
    """A command by its rule: whatever touches the database can be run in somebody's name."""
    rule = RULES[name]
    parser = commands.add_parser(name, help=meaning, description=meaning, epilog=f"実行できる人: {rule.told}")
    parser.set_defaults(module=module, rule=rule, needs_django=rule.scope is not Scope.NOTHING)
    if rule.scope is not Scope.NOTHING:
        parser.add_argument(
            "--as",
            dest="username",
            metavar="利用者",
            help="だれとして行い、記録するか（利用者名）。省くと、この機械の操作者",
        )
    return parser


def _plan_to_export(parser: _Parser) -> argparse._MutuallyExclusiveGroup:
    """The plan, the file, and which of its versions: the group takes what else may be exported."""
    parser.add_argument("ward", metavar="区", help="例: 泉区、横浜市泉区、141160")
    parser.add_argument("--year", required=True, metavar="年度", help="例: 2021、令和3年度、R3")
    parser.add_argument(
        "--kind",
        required=True,
        choices=["policy", "budget", "action_plan", "evaluation", "other"],
        help="計画の種類",
    )
    parser.add_argument("--part", default="", metavar="分冊", help="別に公開された分冊の名前")
    parser.add_argument("--output", metavar="ファイル", help="書き出すファイル（- で画面。既定は計画の名前）")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", type=int, metavar="番号", help="何番目の版か（省くと、公開中の版）")
    return which


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a test's capture has none
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django

    django.setup()


def _manage(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kusei manage", *arguments])
    return 0
