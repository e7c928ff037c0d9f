"""The addresses of residents' questions, and of requests to bodies outside."""

from django.urls import URLPattern, path

from kusei.office.views import questions, requests

addresses: list[URLPattern] = [
    path("<slug:key>/questions/", questions.question_list, name="questions"),
    path("<slug:key>/questions/new/", questions.write_down, name="new_question"),
    path("<slug:key>/questions/<int:question_id>/", questions.question, name="question"),
    path("<slug:key>/questions/<int:question_id>/contact/", questions.contact, name="question_contact"),
    path("<slug:key>/requests/", requests.request_list, name="requests"),
    path("<slug:key>/requests/<int:request_id>/", requests.request_page, name="request"),
    path("<slug:key>/drafts/<int:version_id>/ask/", requests.ask, name="ask_body"),
]
