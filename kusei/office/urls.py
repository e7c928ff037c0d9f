"""The office's addresses. Every view states who may open it (`wards.access`)."""

from django.urls import URLPattern, path

from kusei.office import (
    activity_urls,
    import_urls,
    indicator_urls,
    ledger_urls,
    plan_urls,
    question_urls,
    result_urls,
    words_urls,
)
from kusei.office.views import (
    account,
    bodies,
    guides,
    home,
    mails,
    people,
    recovery,
    review,
    search,
    settings,
    trail,
)

app_name = "office"
urlpatterns: list[URLPattern] = [
    path("", home.choose_ward, name="wards"),
    path("sessions/<int:session_id>/end/", recovery.end_session, name="end_session"),
    path("unsent/", account.unsent, name="unsent"),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path("<slug:key>/", home.work, name="work"),
    path("<slug:key>/looked/", home.looked, name="looked"),
    path("<slug:key>/mentions/<int:comment_id>/settle/", home.settle_mention, name="settle_mention"),
    path("<slug:key>/search/", search.search, name="search"),
    path("<slug:key>/start/", guides.start, name="start"),
    path("<slug:key>/help/", guides.help_page, name="help"),
    *plan_urls.addresses,
    *import_urls.addresses,
    *activity_urls.addresses,
    *question_urls.addresses,
    *ledger_urls.addresses,
    *indicator_urls.addresses,
    *result_urls.addresses,
    path("<slug:key>/drafts/<int:version_id>/review/", review.review, name="review"),
    path("<slug:key>/drafts/<int:version_id>/review/decide/", review.decide, name="decide"),
    path("<slug:key>/drafts/<int:version_id>/review/due/", review.due, name="due"),
    path("<slug:key>/drafts/<int:version_id>/publish/", review.publish, name="publish"),
    path("<slug:key>/drafts/<int:version_id>/publish/take-in/", review.take_in, name="take_in"),
    path("<slug:key>/trail/", trail.search, name="trail"),
    path("<slug:key>/people/", people.people, name="people"),
    path("<slug:key>/people/invite/", people.invite, name="invite"),
    path("<slug:key>/people/give/", people.give_role, name="give_role"),
    path("<slug:key>/people/roles/<int:grant_id>/end/", people.end_role, name="end_role"),
    path("<slug:key>/people/invitations/<int:invitation_id>/renew/", people.renew, name="renew_invitation"),
    path(
        "<slug:key>/people/invitations/<int:invitation_id>/revoke/", people.revoke, name="revoke_invitation"
    ),
    path("<slug:key>/people/<int:person_id>/", recovery.person, name="person"),
    path(
        "<slug:key>/people/<int:person_id>/second-factor/",
        recovery.take_second_factor,
        name="take_second_factor",
    ),
    path(
        "<slug:key>/people/<int:person_id>/password/", recovery.make_password_link, name="make_password_link"
    ),
    path("<slug:key>/bodies/", bodies.bodies, name="bodies"),
    path("<slug:key>/bodies/add/", bodies.add, name="add_body"),
    path("<slug:key>/bodies/<int:body_id>/", bodies.body, name="body"),
    path("<slug:key>/bodies/<int:body_id>/rename/", bodies.rename, name="rename_body"),
    path("<slug:key>/bodies/<int:body_id>/place/", bodies.place, name="place_body"),
    path("<slug:key>/bodies/<int:body_id>/aliases/", bodies.add_alias, name="add_alias"),
    path(
        "<slug:key>/bodies/<int:body_id>/aliases/<int:alias_id>/remove/",
        bodies.remove_alias,
        name="remove_alias",
    ),
    path("<slug:key>/bodies/<int:body_id>/merge/", bodies.merge, name="merge_body"),
    path("<slug:key>/bodies/<int:body_id>/end/", bodies.end, name="end_body"),
    path("<slug:key>/settings/", settings.settings, name="settings"),
    *words_urls.addresses,
    path("<slug:key>/settings/mails/", mails.mails, name="mails"),
    path("<slug:key>/settings/mails/<int:notice_id>/send/", mails.send_again, name="send_mail_again"),
]
