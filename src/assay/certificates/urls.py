from django.urls import path

from assay.certificates import printing_views, views

app_name = "certificates"
urlpatterns = [
    path("", views.index, name="list"),
    path("batches/<int:pk>/", views.batch_page, name="batch"),
    path("batches/<int:pk>/number/", views.number, name="number"),
    path("batches/<int:pk>/report/", views.report, name="report"),
    path("batches/<int:pk>/chosen/<slug:what>/", views.on_chosen, name="on_chosen"),
    path("batches/<int:pk>/issue-list.pdf", printing_views.issue_list, name="issue_list"),
    path("batches/<int:pk>/certificates.pdf", printing_views.batch_certificates, name="batch_pdf"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/reprint/", views.reprint, name="reprint"),
    path("<int:pk>.pdf", printing_views.certificate, name="pdf"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("mine/<int:pk>.pdf", printing_views.my_certificate, name="my_certificate"),
]
