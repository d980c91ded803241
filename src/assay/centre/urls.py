from django.urls import path

from assay.centre import account_views, basis_views, views
from assay.centre.editors import departments, posts

app_name = "centre"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("parameters/", views.parameters, name="parameters"),
    path("parameters/<str:key>/", views.parameter, name="parameter"),
    path("basis/", basis_views.index, name="basis"),
    path("basis/set/", basis_views.set_basis, name="set_basis"),
    path("basis/numbers.xlsx", basis_views.numbers, name="basis_numbers"),
    *departments.urls(),
    *posts.urls(),
    path("accounts/", account_views.index, name="accounts"),
    path("accounts/add/", account_views.add, name="account_add"),
    path("accounts/<int:pk>/", account_views.detail, name="account"),
    path("accounts/<int:pk>/appoint/", account_views.appoint, name="appoint"),
    path("accounts/<int:pk>/appointments/<int:number>/end/", account_views.end, name="end_appointment"),
    path("accounts/<int:pk>/password/", account_views.password, name="password"),
    path("accounts/<int:pk>/sessions/end/", account_views.end_sessions, name="end_sessions"),
    path("accounts/<int:pk>/active/", account_views.active, name="active"),
]
