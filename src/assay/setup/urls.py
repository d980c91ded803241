from django.urls import path

from assay.setup import start_views, views

app_name = "setup"
urlpatterns = [
    path("desk/setup/", views.setup, name="workbook"),
    path("desk/setup/template.xlsx", views.template, name="template"),
    path("desk/setup/present.xlsx", views.present, name="present"),
    path("desk/setup/start/", start_views.start, name="start"),
    path("desk/setup/start.xlsx", start_views.start_book, name="start_book"),
]
