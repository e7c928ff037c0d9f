"""The smallest valid things, and one invented ward that is large enough to look at.

泉が丘区 does not exist; its plans are made up in the form of such plans.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal

from django.core.files.base import ContentFile

from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument, SourcePage
from kusei.files.models import StoredFile
from kusei.japanese.folding import fold_name
from kusei.plans.enums import ItemKind, LinkKind, LinkStatus, PlanKind, PlanStatus
from kusei.plans.models import Item, ItemAmount, ItemOwner, ItemText, Link, Plan, PlanVersion, Tag
from kusei.results.enums import Outcome
from kusei.results.models import ReportedFigure, ReportedResult
from kusei.wards.models import Body, BodyAlias, District, Ward

PUBLISHED = datetime(2022, 5, 20, 9, 0, tzinfo=UTC)


def make_ward(key: str = "149993", *, name: str = "泉が丘区", city: str = "みなと市", **fields) -> Ward:
    parent, _made = Ward.objects.get_or_create(
        key=f"city-{city.encode().hex()[:8]}", defaults={"name": city, "kind": "city"}
    )
    return Ward.objects.create(key=key, name=name, parent=parent, **fields)


def make_version(
    ward: Ward,
    fiscal_year: int,
    kind: str,
    *,
    number: int = 1,
    status: str = PlanStatus.PUBLISHED,
    part: str = "",
    title: str = "",
    is_sample: bool = False,
) -> PlanVersion:
    plan, _made = Plan.objects.get_or_create(
        ward=ward, fiscal_year=fiscal_year, kind=kind, part=part, defaults={"is_sample": is_sample}
    )
    return PlanVersion.objects.create(
        ward=ward,
        plan=plan,
        number=number,
        status=status,
        title=title,
        published_at=PUBLISHED if status == PlanStatus.PUBLISHED else None,
    )


def make_item(
    version: PlanVersion,
    kind: str,
    title: str,
    *,
    parent: ItemText | None = None,
    item: Item | None = None,
    owners: tuple[Body, ...] = (),
    tags: tuple[str, ...] = (),
    thousand_yen: int | None = None,
    previous_thousand_yen: int | None = None,
    source: str = "",
    **fields,
) -> ItemText:
    position = version.texts.count()
    text = ItemText.objects.create(
        ward=version.ward,
        version=version,
        item=item or Item.objects.create(ward=version.ward, plan=version.plan),
        parent=parent,
        position=position,
        depth=parent.depth + 1 if parent else 0,
        kind=kind,
        title=title,
        source_page=fields.pop("source_page", 1),
        source_line=fields.pop("source_line", position * 3 + 1),
        **fields,
    )
    for place, body in enumerate(owners):
        ItemOwner.objects.create(
            ward=version.ward, text=text, body=body, position=place, printed_name=body.name
        )
    for name in tags:
        text.tags.add(Tag.objects.get_or_create(ward=version.ward, name=name)[0])
    year = version.plan.fiscal_year
    for amount, fiscal_year, basis in (
        (thousand_yen, year, "current"),
        (previous_thousand_yen, year - 1, "previous"),
    ):
        if amount is not None:
            ItemAmount.objects.create(
                ward=version.ward,
                text=text,
                fiscal_year=fiscal_year,
                basis=basis,
                source=source,
                amount_yen=amount * 1000,
                printed=str(amount),
                printed_unit="千円",
            )
    return text


def make_body(ward: Ward, name: str, **fields) -> Body:
    return Body.objects.create(ward=ward, name=name, folded=fold_name(name), **fields)


def make_result(text: ItemText, words: str, outcome: str = Outcome.DONE, figures=()) -> ReportedResult:
    result = ReportedResult.objects.create(
        ward=text.ward, item=text.item, version=text.version, text=words, outcome=outcome,
        source_page=text.source_page, source_line=text.source_line,
    )  # fmt: skip
    for place, (value, unit, label) in enumerate(figures):
        ReportedFigure.objects.create(
            ward=text.ward, result=result, position=place, value=Decimal(value), unit=unit, label=label
        )
    return result


def link(
    start: ItemText, kind: str, end: ItemText, *, status: str = LinkStatus.CONFIRMED, is_automatic=False
):
    return Link.objects.create(
        ward=start.ward, from_item=start.item, to_item=end.item, kind=kind, status=status,
        confidence_percent=90, reason="同じ名前", is_automatic=is_automatic,
    )  # fmt: skip


def make_document(
    version: PlanVersion, pages: list[list[str]], *, name: str = "文書.txt", draft=None
) -> SourceDocument:
    content = "\n".join(itertools.chain.from_iterable(pages)).encode()
    stored = StoredFile(
        ward=version.ward, sha256=f"{version.pk:064d}", name=name, media_type="text/plain", size=len(content)
    )
    stored.content.save(name, ContentFile(content))
    document = SourceDocument.objects.create(
        ward=version.ward, file=stored, title=version.title, status=DocumentStatus.ACCEPTED, version=version,
        draft=draft or {"unplaced": [], "warnings": []}, reader_version="1",
    )  # fmt: skip
    for number, lines in enumerate(pages, start=1):
        SourcePage.objects.create(ward=version.ward, document=document, number=number, lines=lines)
    return document


_MEASURES = [
    ("1", "まちの魅力を育てる", "水辺と農地、祭りや芸能など、この区ならではの良さを住む人と磨き、区の外へも伝えます。"),
    ("2", "地域の力を支える", "自治会町内会をはじめとする活動を支え、若い世代や働く世代が加わりやすい仕組みをつくります。"),
    ("3", "暮らしの安全を守る", "災害への備えを地域とともに進め、防犯と交通安全の取組を続けます。"),
    ("4", "健やかに暮らし、支え合う", "子育てから介護まで、身近な場所で相談でき、支え合える地域をつくります。"),
]  # fmt: skip
# measure, name, thousand yen, the year before, tags, owners, components
_PROJECTS = [
    (0, "水辺と緑の散歩道事業", 3120, 2980, ("重点",), (0, 3), [("散歩道の手入れ", 2120), ("案内板の更新", 1000)]),
    (0, "地域の芸能を伝える事業", 1480, 1480, (), (3,), [("発表会の開催", 900), ("道具の修繕への助成", 580)]),
    (0, "住み続けたいまちの情報発信事業", 2250, 1700, ("拡充",), (0,), [("動画の制作", 1250), ("住まい相談会", 1000)]),
    (1, "地域活動を支える事業", 6588, 6120, ("重点",), (0, 1, 3),
     [("地域協議会の運営", 570), ("新しい参加の形の調査と情報発信", 2920), ("活動事例集の作成", 1000), ("専門家の派遣", 768), ("地区の会議への助成", 600), ("職員の研修", 100), ("事務費", 630)]),
    (1, "ＩＣＴを活用した地域づくり事業", 2900, None, ("重点", "新規"), (2, 0, 1), [("地域団体への機器の助成", 2250), ("事業者向け講座", 250), ("区役所の機器", 400)]),
    (1, "商店街のにぎわい事業", 1462, 1600, (), (3,), [("季節の催しへの支援", 1462)]),
    (1, "多文化共生事業", 2608, 2500, (), (3, 4), [("交流の場づくり", 990), ("日本語教室とことばの支援", 1306), ("外国につながる家庭の子育て支援", 312)]),
    (2, "防災対策事業", 8240, 7900, ("重点",), (2,), [("地域防災拠点の備え", 5240), ("防災訓練の支援", 2000), ("啓発冊子", 1000)]),
    (2, "防犯対策事業", 1180, 1180, (), (3,), [("青色パトロールの支援", 1180)]),
    (2, "交通安全対策事業", 690, 720, (), (3,), [("自転車教室", 690)]),
    (3, "地域包括ケアを進める事業", 3360, 3100, ("重点",), (5, 1), [("認知症の人と家族の支援", 1860), ("在宅療養の相談", 1500)]),
    (3, "妊娠期から子育て期までの切れ目のない支援事業", 4105, 3890, (), (4,), [("子育て相談", 2605), ("子育てひろば", 1500)]),
]  # fmt: skip
_FOCUSES = ["権利を守る仕組みづくり", "在宅の暮らしを支える連携", "支援が必要な人の理解", "健康づくりと介護予防", "安心して暮らせる環境", "子どもを育む地域", "担い手を増やす", "情報を届ける"]  # fmt: skip
_ACTIONS = ["講座の開催", "相談会の実施", "連絡会の開催", "啓発冊子の配布", "訓練の実施", "見守り活動の支援", "調査の実施", "ボランティアの育成"]  # fmt: skip
_RESULTS = [
    ("年{n}回開催し、延べ{m}人が参加しました。", Outcome.DONE, [("n", "回", "開催"), ("m", "人", "参加")]),
    ("感染症の広がりを受け、中止しました。", Outcome.CANCELLED, []),
    ("一部の地区で実施しました。残りは翌年度に行います。", Outcome.PARTLY, []),
    ("窓口と催しで{m}部を配りました。", Outcome.DONE, [("m", "部", "配布")]),
    ("", Outcome.UNKNOWN, []),
    ("翌年度の実施に向けて準備しました。", Outcome.PREPARED, []),
    ("{n}か所で実施しました。", Outcome.DONE, [("n", "か所", "")]),
]
_BODIES = ["区政推進課", "福祉保健課", "総務課", "地域振興課", "こども家庭支援課", "高齢・障害支援課", "区社会福祉協議会", "地域ケアプラザ"]  # fmt: skip


def make_large_ward(key: str = "149993", *, actions: int = 220, is_sample: bool = False) -> Ward:
    """A ward with plans of 令和元, 3 and 4年度: 4 measures, 12 projects with parts and money, `actions` rows with results."""
    ward = make_ward(key, is_sample=is_sample, code=key if key.isdigit() and len(key) == 6 else None)
    bodies = [
        make_body(ward, name, kind="partner" if name in _BODIES[6:] else "division") for name in _BODIES
    ]
    BodyAlias.objects.create(
        ward=ward, body=bodies[5], name="高齢障害支援課", folded=fold_name("高齢障害支援課") + "2"
    )
    for place, name in enumerate(("中央", "みどり野", "北山")):
        District.objects.create(ward=ward, name=name, folded=name, position=place)
    _former, old_projects = _make_policy(
        ward, 2019, bodies, projects=range(3, 8), title="令和元年度 泉が丘区運営方針"
    )
    policy, policy_projects = _make_policy(
        ward, 2021, bodies, projects=range(12), title="令和3年度 泉が丘区運営方針"
    )
    budget, budget_projects = _make_budget(ward, 2021, bodies)
    _later, projects_2022 = _make_budget(ward, 2022, bodies, growth=7)
    rows = _make_action_plan(ward, 2021, bodies, actions)
    for place, project in enumerate(budget_projects):
        link(project, LinkKind.FUNDS, policy_projects[place], is_automatic=place % 2 == 0)
        link(projects_2022[place], LinkKind.CONTINUES, project, is_automatic=place % 3 == 0)
    for start, end in zip(policy_projects[3:8], old_projects, strict=True):
        link(start, LinkKind.CONTINUES, end)
    for place, row in enumerate(rows[:12]):
        link(row, LinkKind.IMPLEMENTS, budget_projects[(place * 5 + 3) % 12], is_automatic=place % 4 == 0)
    if rows:
        link(rows[-1], LinkKind.IMPLEMENTS, budget_projects[0], status=LinkStatus.PROPOSED)
    pages = [
        [f"{number}の{line}行目の文章です。" if line % 4 else "" for line in range(1, 41)]
        for number in range(1, 4)
    ]
    make_document(
        budget,
        pages,
        name="予算書.txt",
        draft={
            "unplaced": [{"text": "どこにも入らない一文です。", "page": 2, "line": 3}],
            "warnings": [
                {"code": "sum_differs", "message": "内訳の合計が事業の金額と違います。", "page": 1, "line": 5}
            ],
        },
    )
    make_document(policy, pages[:1], name="運営方針.txt")
    return ward


def correct_policy(ward: Ward, year: int = 2019) -> PlanVersion:
    """The next version of a policy: one item changed, one gone, one new."""
    former = PlanVersion.objects.get(ward=ward, plan__fiscal_year=year, plan__kind=PlanKind.POLICY)
    version = make_version(ward, year, PlanKind.POLICY, number=former.number + 1, title=former.title)
    copies: dict[int, ItemText] = {}
    for text in former.texts.select_related("item").order_by("position")[: former.texts.count() - 1]:
        copies[text.pk] = make_item(
            version, text.kind, text.title, number=text.number, programme=text.programme, item=text.item,
            parent=copies.get(text.parent_id),
            text=text.text if text.position else f"{text.text}声を聞きます。",
        )  # fmt: skip
    make_item(version, ItemKind.STANCE, "むだのない仕事", text="仕事の進め方を見直します。")
    return version


def _make_policy(ward: Ward, year: int, bodies: list[Body], *, projects: range, title: str):
    version = make_version(ward, year, PlanKind.POLICY, title=title)
    make_item(
        version, ItemKind.GOAL, "水と緑とともに、声が届くまちへ",
        text="だれもが役割を持ち、支え合いながら暮らし続けられる区を目指します。地域の活動を支え、災害に備え、次の世代に良い環境を渡します。",
    )  # fmt: skip
    for name, words in (
        ("伝わる情報発信", "必要な人に、必要な時に、分かる言葉で届けます。"),
        ("地域との協働", "地域の声を聞き、一緒に考え、一緒に動きます。"),
        ("新しいやり方への挑戦", "これまでのやり方を見直し、使いやすい区役所にします。"),
    ):
        make_item(version, ItemKind.STANCE, name, text=words)
    made = []
    for place, (number, name, words) in enumerate(_MEASURES):
        measure = make_item(version, ItemKind.MEASURE, name, number=number, text=words)
        for index in projects:
            of_measure, project, _yen, _before, tags, _owners, _parts = _PROJECTS[index]
            if of_measure == place:
                made.append(
                    make_item(
                        version, ItemKind.PROJECT, project.removesuffix("事業"), programme=project, parent=measure,
                        tags=tags, text=f"{project.removesuffix('事業')}に取り組み、区民の皆さまと成果を分かち合います。",
                    )
                )  # fmt: skip
    for name in ("信頼される窓口", "地域を支えるチーム", "働きやすい職場"):
        heading = make_item(version, ItemKind.ORGANISATION, name, text="親切で正確な対応を心がけます。")
        make_item(version, ItemKind.ACTION, "職員研修を毎年行います。", parent=heading)
    for body in bodies[:4]:
        make_item(
            version,
            ItemKind.DIVISION,
            f"{body.name}の方針",
            text="ていねいな仕事を続けます。",
            owners=(body,),
        )
    return version, made


def _make_budget(ward: Ward, year: int, bodies: list[Body], *, growth: int = 0):
    version = make_version(ward, year, PlanKind.BUDGET, title=f"令和{year - 2018}年度 予算のあらまし")
    made = []
    for place, (number, name, words) in enumerate(_MEASURES):
        rows = [row for row in _PROJECTS if row[0] == place]
        measure = make_item(
            version, ItemKind.MEASURE, name, number=number, text=words,
            thousand_yen=sum(row[2] + growth * 10 for row in rows), previous_thousand_yen=sum(row[3] or 0 for row in rows),
        )  # fmt: skip
        for index, (_place, project, yen, before, tags, owners, parts) in enumerate(rows, start=1):
            text = make_item(
                version, ItemKind.PROJECT, project, number=str(index), parent=measure, tags=tags,
                owners=tuple(bodies[at] for at in owners), thousand_yen=yen + growth * 10, previous_thousand_yen=before,
                text=f"{project.removesuffix('事業')}を進めます。地域の団体や関係機関と力を合わせ、身近な場所で参加できる機会を増やします。",
                source_page=2, places=[
                    {"field": "title", "page": 2, "line": 3, "end_line": 3, "box": None, "cell": None},
                    {"field": "amount", "page": 2, "line": 5, "end_line": 5, "box": None, "cell": None},
                    {"field": "owner", "page": 2, "line": 6, "end_line": 7, "box": None, "cell": None},
                    {"field": "body", "page": 2, "line": 9, "end_line": 11, "box": None, "cell": None},
                    {"field": "tag", "page": 2, "line": 14, "end_line": 14, "box": None, "cell": None},
                ],
            )  # fmt: skip
            made.append(text)
            for part_number, (part, amount) in enumerate(parts, start=1):
                component = make_item(
                    version, ItemKind.COMPONENT, part, number=f"({part_number})", parent=text, thousand_yen=amount,
                    text=f"{part}を行います。", tags=("新規",) if part == "活動事例集の作成" else (),
                )  # fmt: skip
                if part == "地域団体への機器の助成":
                    make_item(version, ItemKind.SUBCOMPONENT, "機器と講座の助成", number="ア", parent=component, text="機器の整備や講座にかかる費用の一部を助成します。")  # fmt: skip
            if project == "地域活動を支える事業":
                make_item(version, ItemKind.RELATED, "元気な地域づくり事業", parent=text, budget_source="市民局区配", text="まちづくりの講座を開きます。")  # fmt: skip
                make_item(version, ItemKind.RELATED, "スポーツ推進の委員の活動支援", parent=text, budget_source="統合事業費", thousand_yen=3324)  # fmt: skip
    return version, made


def _make_action_plan(ward: Ward, year: int, bodies: list[Body], actions: int) -> list[ItemText]:
    version = make_version(ward, year, PlanKind.ACTION_PLAN, title="令和3年度 実施計画と取組結果")
    rows: list[ItemText] = []
    for place, name in enumerate(_FOCUSES):
        if place * actions // len(_FOCUSES) == (place + 1) * actions // len(_FOCUSES):
            continue
        focus = make_item(version, ItemKind.FOCUS, name, number=str(place % 3 + 1))
        measure = None
        for at in range(place * actions // len(_FOCUSES), (place + 1) * actions // len(_FOCUSES)):
            if measure is None or at % 5 == 0:
                measure = make_item(
                    version,
                    ItemKind.MEASURE,
                    f"{name}のため、地域の団体と協力して身近な場所での取組を広げます。",
                    parent=focus,
                )
            title = f"{name}の{_ACTIONS[at % len(_ACTIONS)]}"
            row = make_item(
                version, ItemKind.ACTION, title, parent=measure, owners=(bodies[at % 8], bodies[(at * 3 + 1) % 8]) if at % 8 != (at * 3 + 1) % 8 else (bodies[at % 8],),
                plan_bullets=[title] if at % 6 else [title, "関係機関との打合せ"],
            )  # fmt: skip
            words, outcome, figures = _RESULTS[at % len(_RESULTS)]
            numbers = {"n": at % 12 + 2, "m": at * 37 % 900 + 40}
            make_result(
                row,
                words.format(**numbers),
                outcome,
                [(numbers[which], unit, label) for which, unit, label in figures],
            )
            rows.append(row)
    return rows
