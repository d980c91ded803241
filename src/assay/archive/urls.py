from django.urls import path

from assay.archive import views

app_name = "archive"
urlpatterns = [
    path("", views.index, name="list"),
    path("batches/<int:pk>/", views.batch_page, name="batch"),
    path("batches/<int:pk>/<slug:name>/", views.step, name="step"),
    path("volumes/<int:pk>.zip", views.volume, name="volume"),
    path("documents/<int:pk>/", views.document, name="document"),
]
