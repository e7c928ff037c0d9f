"""What lately changed: the list, its feed, and two versions of one plan side by side."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.plans.queries import PublishedVersion
from kusei.portal.queries.changes import VersionNews, compared, news_of, plan_name, recent_versions
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page, year_crumb
from kusei.press import formats

VERSIONS_ON_A_PAGE = 10
VERSIONS_IN_FEED = 30
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@require_safe
def changes(request: HttpRequest, key: str) -> HttpResponse:
    """The ward's published versions, newest first, with what each changed."""
    frame = frame_or_404(key)
    wanted = request.GET.get("page", "")
    page = max(int(wanted), 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 1
    versions = recent_versions(frame)
    first = (page - 1) * VERSIONS_ON_A_PAGE
    shown = versions[first : first + VERSIONS_ON_A_PAGE]
    if not shown and page > 1:
        raise Http404(_("このページはありません。"))
    address = reverse("portal:changes", args=[key])
    return ward_page(
        request,
        "portal/changes.html",
        frame,
        title=_("最近変わったこと"),
        section="changes",
        crumbs=[Crumb(_("最近変わったこと"))],
        context={
            "news": [(each, *_addresses(key, each)) for each in news_of(frame, shown)],
            "feed_url": reverse("portal:changes_feed", args=[key]),
            "page_number": page,
            "previous_url": (address + (f"?page={page - 1}" if page > 2 else "")) if page > 1 else "",
            "next_url": f"{address}?page={page + 1}" if len(versions) > first + VERSIONS_ON_A_PAGE else "",
        },
    )


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The same as an Atom feed."""
    frame = frame_or_404(key)
    atom = Atom1Feed(
        title=_("%(ward)sの計画の変更") % {"ward": frame.ward.full_name},
        link=request.build_absolute_uri(reverse("portal:changes", args=[key])),
        description=_("公開した計画と、その訂正"),
        language="ja",
        feed_url=request.build_absolute_uri(),
        author_name=frame.ward.full_name,
    )
    for each in news_of(frame, recent_versions(frame)[:VERSIONS_IN_FEED]):
        version = each.version
        address, difference = _addresses(key, each)
        atom.add_item(
            title=_for_xml(
                _("%(plan)s 第%(number)s版：%(sentence)s")
                % {"plan": each.name, "number": version.number, "sentence": each.sentence}
            ),
            link=request.build_absolute_uri(difference or address),
            description=_for_xml(" ".join(filter(None, (version.note, _names(each), _corrections(each))))),
            unique_id=request.build_absolute_uri(address),
            pubdate=version.published_at,
            updateddate=version.published_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _for_xml(text: str) -> str:
    """Without the signs that no feed can hold (a document, or somebody's keyboard, may bring them)."""
    return _NOT_IN_XML.sub(" ", text)


@require_safe
def version_changes(
    request: HttpRequest, key: str, fiscal_year: int, kind: str, number: int, part: str = ""
) -> HttpResponse:
    """One version beside an older or newer one of the same plan (`with`; otherwise the one before it)."""
    frame = frame_or_404(key, fiscal_year)
    versions = {
        version.number: version
        for version in frame.versions
        if (version.fiscal_year, version.kind, version.part) == (fiscal_year, kind, part)
    }
    version = versions.get(number)
    earlier = [each for each in sorted(versions) if each < number]
    wanted = request.GET.get("with", "")
    other_number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else None
    if not wanted and earlier:
        other_number = earlier[-1]
    other = versions.get(other_number) if other_number is not None else None
    if version is None or (wanted and other is None):
        raise Http404(_("この計画、またはこの版は公開されていません。"))
    newer, older = version, other
    if older is not None and older.number > newer.number:
        newer, older = older, newer
    news = compared(frame, [(newer, older)])[0]
    plan_address = plan_url(key, versions[max(versions)])
    return ward_page(
        request,
        "portal/version_changes.html",
        frame,
        title=_("%(plan)s：第%(old)s版から第%(new)s版への変更")
        % {"plan": plan_name(newer), "old": older.number, "new": newer.number}
        if older
        else _("%(plan)s：第%(new)s版は最初の版です") % {"plan": plan_name(newer), "new": newer.number},
        section="changes",
        crumbs=[
            year_crumb(frame),
            Crumb(f"{newer.kind_label} {part}".strip(), plan_address),
            Crumb(_("版の比較")),
        ],
        context={
            "news": news,
            "versions": sorted(versions.values(), key=lambda each: -each.number),
            "newer_url": version_url(key, newer),
            "older_url": version_url(key, older) if older else "",
            "chosen": number,
            "compared_with": older.number if older and newer is version else newer.number if older else None,
        },
    )


def plan_url(key: str, version: PublishedVersion) -> str:
    """Where the plan is read in its version in force."""
    arguments = [key, version.fiscal_year, version.kind]
    if version.part:
        return reverse("portal:plan_part", args=[*arguments, version.part])
    return reverse("portal:plan", args=arguments)


def version_url(key: str, version: PublishedVersion) -> str:
    """Where this version is read, now and for ever."""
    return f"{plan_url(key, version)}v/{version.number}/"


def _addresses(key: str, news: VersionNews) -> tuple[str, str]:
    """Of the version, and of what it changed (empty for a first version)."""
    address = version_url(key, news.version)
    return address, f"{address}changes/" if news.older else ""


def _names(news: VersionNews) -> str:
    told = [
        _("%(label)s：%(names)s") % {"label": label, "names": _("、").join(_short(items))}
        for label, items in (
            (_("加わったもの"), news.added),
            (_("変わったもの"), news.changed),
            (_("なくなったもの"), news.gone),
            (_("結果が出たもの"), news.told),
        )
        if items
    ]
    return " ".join(told)


def _corrections(news: VersionNews, most: int = 5) -> str:
    """What was corrected, from what to what, of the first few items."""
    told = [
        _("「%(name)s」の%(label)s：%(old)s → %(new)s")
        % {"name": item.name, "label": field.label, "old": _cut(field.old), "new": _cut(field.new)}
        for item in news.changed
        for field in item.fields
    ]
    return " ".join(told[:most])


def _cut(text: str, most: int = 60) -> str:
    return (text if len(text) <= most else f"{text[: most - 1]}…") or _("記載なし")


def _short(items, most: int = 5) -> list[str]:  # type: ignore[no-untyped-def]
    names = [each.name for each in items[:most]]
    if len(items) > most:
        names.append(_("ほか%(count)s件") % {"count": formats.whole(len(items) - most)})
    return names
