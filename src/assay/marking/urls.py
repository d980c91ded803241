from django.urls import path

from assay.marking import again_views, printing_views, template_views, views, written_views

app_name = "marking"
urlpatterns = [
    path("templates/", template_views.templates, name="templates"),
    path("templates/new/", template_views.create, name="template_new"),
    path("templates/example.xlsx", template_views.example, name="template_example"),
    path("templates/<int:pk>/", template_views.template, name="template"),
    path("templates/<int:pk>/table.xlsx", template_views.table, name="template_table"),
    path("batches/<int:pk>/", views.batch_page, name="batch"),
    path("batches/<int:pk>/sheets.pdf", printing_views.batch_sheets, name="batch_sheets"),
    path("batches/<int:pk>/open/", views.open_all, name="open_all"),
    path("panels/", views.my_panels, name="my_panels"),
    path("panels/<int:pk>/", views.panel, name="panel"),
    path("panels/<int:pk>/open/", views.open_panel, name="open_panel"),
    path("panels/<int:pk>/settle/", views.settle, name="settle"),
    path("panels/<int:pk>/sheets.pdf", printing_views.sheets, name="sheets_pdf"),
    path("panels/<int:pk>/draw/", views.draw, name="draw"),
    path("panels/<int:pk>/witness/", views.witness, name="witness"),
    path("panels/<int:pk>/tasks.pdf", printing_views.tasks, name="tasks_pdf"),
    path("batches/<int:pk>/written/", written_views.mark, name="written"),
    path("batches/<int:pk>/written/progress/", written_views.progress, name="written_progress"),
    path("written/<int:pk>/decide/", written_views.decide, name="written_decide"),
    path("sheets/<int:pk>/", views.score, name="score"),
    path("sheets/<int:pk>/again/", again_views.again, name="again"),
]
