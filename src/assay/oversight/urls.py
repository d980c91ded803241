from django.urls import path

from assay.oversight import printing_views, views

app_name = "oversight"
urlpatterns = [
    path("", views.index, name="list"),
    path("batches/<int:pk>/", views.batch_page, name="batch"),
    path("batches/<int:pk>/<slug:stage>/", views.give, name="give"),
    path("feedback/<int:pk>.pdf", printing_views.feedback, name="pdf"),
]
