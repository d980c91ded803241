from django.urls import path

from assay.corps import account_views
from assay.corps.editors import cards, members

app_name = "corps"
urlpatterns = [
    path("accounts/", account_views.accounts, name="accounts"),
    path("accounts/open/", account_views.give, name="open_accounts"),
    *members.urls(),
    *cards.urls(),
]
