from django.urls import path

from assay.results import check_views, department_views, objection_views, printing_views, views

app_name = "results"
urlpatterns = [
    path("<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/own/", department_views.own_students, name="own"),
    path("<int:pk>/steps/<slug:name>/", views.step, name="step"),
    path("<int:pk>/list.pdf", printing_views.result_list, name="list_pdf"),
    path("<int:pk>/notice.pdf", printing_views.notice_list, name="notice_pdf"),
    path("checks/<int:pk>/answer/", check_views.answer, name="answer_check"),
    path("checks/<int:pk>/confirm/", check_views.confirm, name="confirm_check"),
    path("checks/<int:pk>/basis.pdf", printing_views.basis_of_check, name="check_basis"),
    path("<int:pk>/lapse/", views.lapse_exemption, name="lapse_exemption"),
    path("notices/<int:pk>/objections/", objection_views.answer_objections, name="answer_objections"),
    path("objections/<int:pk>/answer/", objection_views.answer_objection, name="answer_objection"),
]
