from django.urls import path

from assay.portal import account_views, candidate_views, claim_views, code_views, offline_views, public_views

app_name = "portal"
urlpatterns = [
    path("", public_views.home, name="public"),
    path("announcements/<int:pk>/", public_views.announcement, name="announcement"),
    path("notices/<int:pk>/", public_views.public_notice, name="public_notice"),
    path("verify/", public_views.check_certificate, name="verify"),
    path("verify/offline/", offline_views.page, name="verify_offline"),
    path("verify/offline/worker.js", offline_views.worker, name="verify_offline_worker"),
    path("verify/codes/", offline_views.about, name="verify_codes"),
    path("verify/status.cwt", offline_views.statuses, name="verify_status"),
    path(".well-known/assay-keys.json", offline_views.keys, name="keys"),
    path(".well-known/assay-keys.cbor", offline_views.cose_keys, name="cose_keys"),
    path("v/<str:token>", public_views.check_token, name="verify_token"),
    path("V/<str:token>", public_views.check_token, name="verify_code"),
    path("my/", candidate_views.home, name="home"),
    path("my/sign-up/", account_views.sign_up, name="sign_up"),
    path("my/sign-up/received/", account_views.received, name="received"),
    path("my/activate/", account_views.activate, name="activate"),
    path("my/sign-in/", account_views.sign_in, name="sign_in"),
    path("my/details/", candidate_views.my_details, name="details"),
    path("my/apply/<int:pk>/", candidate_views.apply, name="apply"),
    path("my/applications/<int:pk>/withdraw/", candidate_views.withdraw, name="withdraw"),
    path("my/results/<int:pk>/check/", candidate_views.score_check, name="score_check"),
    path("candidates/claims/", claim_views.index, name="claims"),
    path("candidates/claims/<int:pk>/", claim_views.one, name="claim"),
    path("candidates/claims/decide/", claim_views.decide, name="decide_claims"),
    path("candidates/codes/", code_views.index, name="codes"),
    path("candidates/codes/make/", code_views.make, name="make_codes"),
]
