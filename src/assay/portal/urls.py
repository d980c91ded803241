from django.urls import path

from assay.portal import candidate_views, public_views

app_name = "portal"
urlpatterns = [
    path("", public_views.home, name="public"),
    path("announcements/<int:pk>/", public_views.announcement, name="announcement"),
    path("notices/<int:pk>/", public_views.public_notice, name="public_notice"),
    path("verify/", public_views.check_certificate, name="verify"),
    path("v/<str:token>", public_views.check_token, name="verify_token"),
    path("my/", candidate_views.home, name="home"),
    path("my/sign-up/", candidate_views.sign_up, name="sign_up"),
    path("my/sign-in/", candidate_views.sign_in, name="sign_in"),
    path("my/details/", candidate_views.my_details, name="details"),
    path("my/apply/<int:pk>/", candidate_views.apply, name="apply"),
    path("my/applications/<int:pk>/withdraw/", candidate_views.withdraw, name="withdraw"),
    path("my/results/<int:pk>/check/", candidate_views.score_check, name="score_check"),
]
