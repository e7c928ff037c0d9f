"""The addresses of a year's results: collections with their boards, answers, and links for bodies without an account."""

from django.urls import URLPattern, path

from kusei.office.views import answers, collections, deciding, sentences, year_files

_COLLECTION = "<slug:key>/results/<int:collection_id>/"
_ANSWER = "<slug:key>/answers/<int:answer_id>/"

addresses: list[URLPattern] = [
    path("<slug:key>/results/", collections.collection_list, name="results"),
    path("<slug:key>/results/open/", collections.begin, name="open_collection"),
    path(_COLLECTION, collections.board, name="board"),
    path(f"{_COLLECTION}decide/", deciding.decide_many, name="decide_answers"),
    path(f"{_COLLECTION}bodies/", collections.bodies, name="collection_bodies"),
    path(f"{_COLLECTION}remind/", collections.remind, name="remind"),
    path(f"{_COLLECTION}links/", collections.links, name="answer_links"),
    path(f"{_COLLECTION}due/", collections.due, name="collection_due"),
    path(f"{_COLLECTION}take-in/", collections.take_in, name="take_in_actions"),
    path(f"{_COLLECTION}publish/", deciding.publish, name="publish_results"),
    path(f"{_COLLECTION}workbook/", year_files.so_far, name="year_so_far"),
    path(f"{_COLLECTION}workbook/<int:number>/", year_files.published, name="year_published"),
    path(_ANSWER, answers.answer, name="answer"),
    path(f"{_ANSWER}parts/<int:part_id>/", answers.part, name="answer_part"),
    path(f"{_ANSWER}files/", answers.add_file, name="add_answer_file"),
    path(f"{_ANSWER}files/<int:file_id>/", answers.file, name="answer_file"),
    path(f"{_ANSWER}files/<int:file_id>/remove/", answers.remove_file, name="remove_answer_file"),
    path(f"{_ANSWER}take-back/", answers.take_back, name="take_back_answer"),
    path(f"{_ANSWER}decide/", deciding.decide_one, name="decide_answer"),
    path(f"{_ANSWER}lead/", deciding.lead, name="answer_lead"),
    path("<slug:key>/settings/sentences/", sentences.sentence_list, name="sentences"),
    path("<slug:key>/settings/sentences/<int:form_id>/", sentences.sentence, name="sentence"),
]
