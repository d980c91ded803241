from django.urls import path

from assay.setup import views

app_name = "setup"
urlpatterns = [
    path("desk/setup/", views.setup, name="workbook"),
    path("desk/setup/template.xlsx", views.template, name="template"),
    path("desk/setup/present.xlsx", views.present, name="present"),
]
