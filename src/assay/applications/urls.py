from django.urls import path

from assay.applications import all_views, exception_views, list_views, mend_views, printing_views, roster_views, views

app_name = "applications"
urlpatterns = [
    path("", list_views.index, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/person/", views.correct_person, name="person"),
    path("<int:pk>/applicant/", views.correct_applicant, name="applicant"),
    path("<int:pk>/photo/", views.photo, name="photo"),
    path("<int:pk>/evidence/<int:number>/", views.evidence, name="evidence"),
    path("<int:pk>/mend/", mend_views.mend, name="mend"),
    path("<int:pk>/parts/", exception_views.parts, name="parts"),
    path("<int:pk>/exemptions/", exception_views.exempt, name="exempt"),
    path("<int:pk>/exemptions/<int:number>/", exception_views.exemption_file, name="exemption"),
    path("<int:pk>/exemptions/<int:number>/drop/", exception_views.drop_exemption, name="drop_exemption"),
    path("<int:pk>/again/", exception_views.admit_again, name="admit_again"),
    path("<int:pk>/form.pdf", printing_views.form, name="form"),
    path("all/<slug:step>/", all_views.decide_all, name="all"),
    path("decide/<slug:step>/", views.decide, name="decide"),
    path("forms.pdf", printing_views.forms, name="forms"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("roster/", roster_views.upload, name="roster"),
    path("roster/<int:pk>/roster.xlsx", roster_views.download_roster, name="roster_file"),
    path("roster/<int:pk>/template.xlsx", roster_views.download_template, name="roster_template"),
]
