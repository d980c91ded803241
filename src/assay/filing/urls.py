from django.urls import path

from assay.filing import views

app_name = "filing"
urlpatterns = [
    path("<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/file/", views.file, name="file"),
    path("form/<int:pk>.pdf", views.form, name="form"),
]
