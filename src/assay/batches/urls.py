from django.urls import path

from assay.batches import plan_views, views

app_name = "batches"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.create, name="new"),
    path("<int:pk>/", views.overview, name="cockpit"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/advance/", views.advance, name="advance"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("plans/", plan_views.plans, name="plans"),
    path("plans/new/", plan_views.create_plan, name="plan_new"),
    path("plans/<int:pk>/edit/", plan_views.edit_plan, name="plan_edit"),
    path("plans/<int:pk>/<slug:name>/", plan_views.plan_step, name="plan_step"),
]
