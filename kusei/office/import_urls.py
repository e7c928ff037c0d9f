"""The addresses under which documents come in: the list, the plan they become, mending beside the source, accepting."""

from django.urls import URLPattern, path

from kusei.office.views import accepting, imports, links, mending

_ONE = "<slug:key>/imports/<int:document_id>/"

addresses: list[URLPattern] = [
    path("<slug:key>/imports/", imports.documents, name="imports"),
    path("<slug:key>/imports/send/", imports.send, name="send_documents"),
    path(_ONE, mending.desk, name="import"),
    path(f"{_ONE}mend/", mending.mend, name="mend"),
    path(f"{_ONE}pages/<int:page>.png", mending.picture, name="page_picture"),
    path(f"{_ONE}original/", imports.original, name="import_original"),
    path(f"{_ONE}plan/", imports.target, name="import_plan"),
    path(f"{_ONE}again/", imports.again, name="read_again"),
    path(f"{_ONE}discard/", imports.discard, name="discard_import"),
    path(f"{_ONE}bodies/", imports.bodies, name="import_bodies"),
    path(f"{_ONE}accept/", accepting.accept, name="accept_import"),
    path(f"{_ONE}done/", accepting.done, name="import_done"),
    path("<slug:key>/links/", links.links, name="links"),
    path("<slug:key>/links/decide/", links.decide, name="decide_links"),
    path("<slug:key>/links/<int:link_id>/reopen/", links.reopen, name="reopen_link"),
]
