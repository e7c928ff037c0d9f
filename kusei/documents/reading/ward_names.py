"""Names of wards, cities, prefectures and ministries: told by their endings, and by where they stand."""

from __future__ import annotations

import re

NOT_A_NAME = {
    "地区", "各区", "全区", "当区", "同区", "本区", "両区", "学区", "校区", "行政区", "都市", "各市", "全市", "当市", "同市", "本市", "他市", "市", "区", "町", "村", "県", "各町", "同町", "当町", "本町", "各県", "同県", "本県",
    "他都市", "政令市", "指定都市", "市区", "特別区", "選挙区", "管区", "工区", "街区", "下町", "農村", "農山漁村", "山漁村", "漁村", "山村", "朝市", "夜市", "門前町", "城下町", "関係省", "各省", "同省", "本省", "近隣市", "姉妹都市", "自治会町", "省", "庁", "官公庁", "県庁", "市庁", "都道府県", "市町", "区市", "市区町村", "自治区", "海区", "鉱区", "漁区", "禁漁区", "隣町", "反省", "帰省", "内省", "官庁", "道庁", "府庁", "都庁", "全庁", "登庁", "来庁", "退庁", "支庁",
}  # fmt: skip
_NAME = re.compile(
    r"(?:(?P<city>[一-龥々ヶケぁ-んァ-ヴー]{1,6}?[市])(?=[一-龥々ヶケぁ-んァ-ヴー]{1,5}区))?(?P<name>[一-龥々ヶケぁ-んァ-ヴー]{1,7}?(?:区|市|町|村|県|省|庁)|北海道|東京都|(?:大阪|京都)府)(?!民|内|外|長|政|場|立|営|域|画|間|分|切|別|道|議|税|役|域|街|並|づくり|の区|の市)"
)
_UNION = re.compile(r"(?<![一-龥])[一-龥]{2,8}(?:広域連合|(?:広域)?(?:行政)?事務組合)")
_TWO_PARTS = re.compile(r"(?<![一-龥ァ-ヴー])[一-龥ァ-ヴー]{2,8}・[一-龥ァ-ヴー]{2,8}[省庁](?![一-龥])")
_COUNTED = re.compile(r"[二三四五六七八九十両数各\d][市区町村県]$")
_OFFICE = re.compile(r"(?<=[区市町村県])(?:役所|役場)|(?<=[県道府])庁(?!舎)")
# A name behind words in kana that run into it: いのち支える尾花県, すこやか榛原台区.
_BEHIND_KANA = re.compile(r"(?<=[ぁ-ん])(?P<name>[一-龥々ヶケ]{2,4}?(?:区|市|県))(?=[一-龥ァ-ヴ])")


def names_in(text: str) -> list[str]:
    """Names of wards, cities, prefectures and ministries in `text`, as far as their endings show."""
    found = [match[0] for pattern in (_UNION, _TWO_PARTS) for match in pattern.finditer(text)]
    if found:
        return found
    text = re.sub(r"第?\s*\d+\s*(?:次|期|版)", " ", text)
    for run in re.findall(r"[一-龥々ヶケぁ-んァ-ヴー]+", _OFFICE.sub(" ", text)):
        match = _NAME.match(run)
        name = match["name"] if match else ""
        if not name or re.match(r"[ぁ-ん]{3,}[一-龥々]{3,}", name):
            behind = _BEHIND_KANA.search(run)
            name = behind["name"] if behind else name
        if name and name not in NOT_A_NAME and len(name) >= 2 and not _COUNTED.search(name):
            found.append(name)
    return found


def name_alone(text: str) -> str | None:
    """The name that a piece of print holds and nothing else, its office's word (役所) apart; else None."""
    bare = _OFFICE.sub("", text.strip())
    names = names_in(bare) if len(bare) <= 14 else []
    return names[0] if names and names[0] == bare else None


def names_inside(text: str) -> list[str]:
    """Names before a word that belongs to a place or body: 泉区役所, 泉区地域協議会."""
    names = []
    for match in re.finditer(
        r"(?<![一-龥々ァ-ヴ])([一-龥々ヶケ]{1,3}(?:区|市|町|村|県))(?=[一-龥々ァ-ヴ]{2,}|の|内|が|で)", text
    ):
        name = match[1]
        if (
            name not in NOT_A_NAME
            and len(name) >= 2
            and not _COUNTED.search(name)
            and not re.search(r"[各全当同本両他地学校]区$|^(?:区|市)", name)
        ):
            names.append(name)
    return names
