from django.urls import path

from assay.certificates import blank_views, correction_views, number_views, printing_views, right_views, views

app_name = "certificates"
urlpatterns = [
    path("", views.index, name="list"),
    path("batches/<int:pk>/", views.batch_page, name="batch"),
    path("batches/<int:pk>/number/", views.number, name="number"),
    path("batches/<int:pk>/report/", views.report, name="report"),
    path("batches/<int:pk>/chosen/<slug:what>/", views.on_chosen, name="on_chosen"),
    path("batches/<int:pk>/issue-list.pdf", printing_views.issue_list, name="issue_list"),
    path("batches/<int:pk>/pass-list.pdf", printing_views.pass_list, name="batch_pass_list"),
    path("batches/<int:pk>/print/", printing_views.batch_print, name="batch_print"),
    path("test-sheet.pdf", printing_views.test_sheet, name="test_sheet"),
    path("numbers/", number_views.numbers, name="numbers"),
    path("blanks/", blank_views.blanks, name="blanks"),
    path("blanks/receive/", blank_views.receive, name="receive_blanks"),
    path("blanks/spoil/", blank_views.spoil, name="spoil_blanks"),
    path("blanks/take-back/", blank_views.take_back, name="take_back"),
    path("blanks/destroy/", blank_views.destroy, name="destroy_sheets"),
    path("blanks/register.pdf", blank_views.register, name="blanks_register"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/reprint/", views.reprint, name="reprint"),
    path("<int:pk>.pdf", printing_views.certificate, name="pdf"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/correct/", correction_views.propose, name="correct"),
    path("corrections/<int:pk>/", correction_views.decide, name="correction"),
    path("corrections/<int:pk>/paper/", correction_views.paper, name="correction_paper"),
    path("corrections/<int:pk>/photo/<slug:which>/", correction_views.photo, name="correction_photo"),
    path("changes/<int:pk>/report/", views.report_change, name="report_change"),
    path("batches/<int:pk>/rights/", right_views.rights, name="rights"),
    path("applications/<int:pk>/decision/", right_views.decide, name="decide_right"),
    path("revoked.json", views.revoked, name="revoked"),
    path("mine/<int:pk>.pdf", printing_views.my_certificate, name="my_certificate"),
]
