"""The addresses of activities: what a body runs, its sessions, and who applied."""

from django.urls import URLPattern, path

from kusei.office import dispatch_urls
from kusei.office.views import (
    activities,
    activity_desk,
    activity_languages,
    activity_papers,
    activity_publishing,
    activity_question_words,
    activity_questions,
    activity_records,
    activity_removing,
    activity_sessions,
    activity_starting,
    activity_survey,
    activity_tellings,
    applicants,
    decisions,
    door,
    meetings,
    rallies,
    visit,
    visits,
)

_ACTIVITY = "<slug:key>/activities/<int:activity_id>/"
_MEETING = f"{_ACTIVITY}sessions/<int:session_id>/"

addresses: list[URLPattern] = [
    *dispatch_urls.addresses,
    path("<slug:key>/activities/", activities.activity_list, name="activities"),
    path("<slug:key>/activities/start/", activity_starting.start, name="start_activity"),
    path("<slug:key>/activities/new/", activity_starting.new, name="new_activity"),
    path("<slug:key>/activities/desk/", activity_desk.desk, name="activity_desk"),
    path(f"{_ACTIVITY}copy/", activity_starting.copy, name="copy_activity"),
    path(f"{_ACTIVITY}sessions/new/", activity_starting.plan_sessions, name="plan_sessions"),
    path(f"{_ACTIVITY}sessions/", activity_sessions.many, name="change_sessions"),
    path(f"{_ACTIVITY}sessions/<int:session_id>/remove/", activity_sessions.remove, name="remove_session"),
    path(
        f"{_ACTIVITY}sessions/<int:session_id>/back/", activity_sessions.take_back, name="take_back_session"
    ),
    path(_ACTIVITY, activities.activity, name="activity"),
    path(f"{_ACTIVITY}remove/", activity_removing.remove, name="remove_activity"),
    path(f"{_ACTIVITY}publishing/", activity_publishing.publishing, name="activity_publishing"),
    path(f"{_ACTIVITY}languages/", activity_languages.languages, name="activity_languages"),
    path(f"{_ACTIVITY}tellings/", activity_tellings.tellings, name="activity_tellings"),
    path(f"{_ACTIVITY}tellings/<int:telling_id>/", activity_tellings.tick, name="tick_telling"),
    path(f"{_ACTIVITY}sessions/<int:session_id>/", activities.session, name="session"),
    path(f"{_ACTIVITY}sessions/<int:session_id>/door/", door.door, name="door"),
    path(f"{_ACTIVITY}paper/<slug:kind>.pdf", activity_papers.paper, name="activity_paper"),
    path(f"{_ACTIVITY}again/", activity_papers.who_comes_again, name="who_comes_again"),
    path(f"{_ACTIVITY}applicants/<int:intake_id>/form.pdf", activity_papers.entry_form, name="entry_form"),
    path(f"{_ACTIVITY}applicants/<int:intake_id>/out/", activity_papers.take_out, name="take_out_applicants"),
    path(
        "<slug:key>/records/sessions/<int:session_id>/",
        activity_records.session_record,
        name="session_record",
    ),
    path("<slug:key>/records/intakes/<int:intake_id>/", activity_records.intake_record, name="intake_record"),
    path("<slug:key>/door/<str:code>/", door.door_by_code, name="door_code"),
    path(f"{_ACTIVITY}applicants/<int:intake_id>/", applicants.applicants, name="applicants"),
    path(f"{_ACTIVITY}survey/", activity_survey.survey, name="survey"),
    path(f"{_ACTIVITY}survey/words/", activity_question_words.of_survey, name="survey_words"),
    path(f"{_ACTIVITY}survey/poster/", activity_survey.survey_poster, name="survey_poster"),
    path(f"{_ACTIVITY}survey/results/", activity_survey.survey_results, name="survey_results"),
    path(f"{_ACTIVITY}survey/results.<slug:form>", activity_survey.survey_file, name="survey_file"),
    path(f"{_ACTIVITY}survey/papers/<int:session_id>/", activity_survey.survey_papers, name="survey_papers"),
    path(
        f"{_ACTIVITY}applicants/<int:intake_id>/questions/",
        activity_questions.questions,
        name="questions_asked",
    ),
    path(
        f"{_ACTIVITY}applicants/<int:intake_id>/questions/words/",
        activity_question_words.of_intake,
        name="question_words",
    ),
    path(f"{_ACTIVITY}applicants/<int:intake_id>/answers/", activity_questions.answers, name="answer_counts"),
    path(f"{_ACTIVITY}applicants/<int:intake_id>/new/", applicants.write_down, name="new_application"),
    path(f"{_ACTIVITY}applicants/<int:intake_id>/<int:number>/", applicants.change, name="change_applicant"),
    path(
        f"{_ACTIVITY}applicants/<int:intake_id>/<int:number>/edit/", activity_desk.applicant, name="applicant"
    ),
    path(f"{_ACTIVITY}rally/", rallies.rally, name="rally"),
    path(f"{_ACTIVITY}rally/stations/<int:station_id>/", rallies.station, name="rally_station"),
    path(f"{_ACTIVITY}rally/paper/", rallies.paper, name="rally_paper"),
    path(f"{_ACTIVITY}rally/posters/", rallies.posters, name="rally_posters"),
    path(f"{_ACTIVITY}rally/card/", rallies.paper_card, name="rally_card"),
    path(f"{_ACTIVITY}visit-terms/", visits.terms, name="visit_terms"),
    path(f"{_ACTIVITY}visits/new/", visits.write_down, name="new_visit"),
    path("<slug:key>/visits/", visits.board, name="visits"),
    path("<slug:key>/visits/<int:visit_id>/", visit.visit, name="visit"),
    path("<slug:key>/decisions/", decisions.decisions, name="decisions"),
    path("<slug:key>/decisions.xlsx", decisions.decisions_file, name="decisions_file"),
    path(f"{_ACTIVITY}members/", meetings.members, name="members"),
    path(f"{_MEETING}minutes/", meetings.minutes, name="minutes"),
    path(f"{_MEETING}minutes/write/", meetings.write, name="write_minutes"),
    path(f"{_MEETING}minutes/attendance/", meetings.attendance, name="attendance"),
    path(f"{_MEETING}minutes/print/", meetings.printed, name="print_minutes"),
    path(f"{_MEETING}minutes/papers/<int:paper_id>/", meetings.paper, name="meeting_paper"),
]
