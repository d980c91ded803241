from django.urls import path

from assay.exam import (
    addition_views,
    analysis_views,
    checking_views,
    paper_exam_views,
    printing_views,
    running_views,
    views,
)

app_name = "exam"
urlpatterns = [
    path("<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/collect/", views.collect_batch, name="collect_batch"),
    path("<int:pk>/readiness/", checking_views.check_day, name="check_day"),
    path("rooms/<int:pk>/reschedule/", views.reschedule, name="reschedule"),
    path("sessions/<int:pk>/postpone/", views.postpone, name="postpone"),
    path("sessions/<int:pk>/log.csv", views.answer_log, name="answer_log"),
    path("sessions/<int:pk>/log.xlsx", views.answer_log_sheet, name="answer_log_sheet"),
    path("<int:pk>/analysis/", analysis_views.papers, name="analysis"),
    path("<int:pk>/analysis/<int:paper_pk>/", analysis_views.paper, name="paper_analysis"),
    path("running/", running_views.running, name="running"),
    path("sessions/<int:pk>/announce/", running_views.announce, name="announce"),
    path("my-rooms/", views.my_rooms, name="my_rooms"),
    path("rooms/<int:pk>/readiness/", views.readiness, name="readiness"),
    path("rooms/<int:pk>/console/", views.console, name="console"),
    path("rooms/<int:pk>/record/", views.record, name="record"),
    path("rooms/<int:pk>/blank-record.pdf", printing_views.blank_record, name="blank_record"),
    path("<int:pk>/records.pdf", printing_views.batch_records, name="records_pdf"),
    path("rooms/<int:pk>/record.pdf", printing_views.room_record, name="record_pdf"),
    path("rooms/<int:pk>/additions/", addition_views.record_additions, name="record_additions"),
    path("record-additions/<int:pk>/countersign/", addition_views.countersign, name="countersign"),
    path("rooms/<int:pk>/paper/", paper_exam_views.paper_exam, name="paper_exam"),
    path("rooms/<int:pk>/paper/copies.pdf", paper_exam_views.print_copies, name="print_copies"),
    path("rooms/<int:pk>/paper/entries/", paper_exam_views.paper_entries, name="paper_entries"),
    path("seats/<int:pk>/paper/", paper_exam_views.paper_entry, name="paper_entry"),
    path("sessions/<int:pk>/overview/", views.overview, name="overview"),
    path("sessions/<int:pk>/<slug:name>/", views.session_step, name="session_step"),
]
