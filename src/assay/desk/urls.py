from django.urls import path

from assay.desk import (
    calendar_views,
    head_views,
    held_up_views,
    home_views,
    ledger_views,
    second_factor_views,
    security_views,
    session_views,
    signing_views,
)

app_name = "desk"
urlpatterns = [
    path("sign-in/", signing_views.sign_in, name="sign_in"),
    path("sign-in/code/", signing_views.sign_in_code, name="sign_in_code"),
    path("sign-out/", signing_views.sign_out, name="sign_out"),
    path("password/", signing_views.password, name="password"),
    path("second-factor/", second_factor_views.own, name="second_factor"),
    path("sessions/", session_views.index, name="sessions"),
    path("sessions/end/", session_views.end, name="end_session"),
    path("sessions/alive/", session_views.alive, name="alive"),
    path("desk/", home_views.home, name="home"),
    path("desk/duties/", home_views.duty_table, name="duties"),
    path("desk/calendar/", calendar_views.calendar, name="calendar"),
    path("desk/calendar/year/", calendar_views.year_whole, name="year_whole"),
    path("desk/ledger/", ledger_views.index, name="ledger"),
    path("desk/ledger/verify/", ledger_views.verify, name="verify"),
    path("desk/ledger/heads/", head_views.index, name="heads"),
    path("desk/ledger/heads/sheet.pdf", head_views.sheet, name="head_sheet"),
    path("desk/ledger/<int:seq>/", ledger_views.entry, name="entry"),
    path("desk/held-up/", held_up_views.index, name="held_up"),
    path("desk/held-up/<int:pk>/", held_up_views.release, name="release_sign_in"),
    path("desk/held-up/<int:pk>/second-factor/", second_factor_views.reset, name="reset_second_factor"),
    path("desk/security/", security_views.index, name="security"),
]
