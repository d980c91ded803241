"""What ends with an account and with a post; `access` beside it tries every address by everybody."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from assay.centre.actors import duties_of
from assay.centre.models import Account, Appointment
from assay.kernel.clock import today
from tests.played.conftest import Played

BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_an_account_out_of_use_opens_nothing(played: Played) -> None:
    account = Account.objects.get(username="kaowu")
    client = Client()
    client.force_login(account, backend=BACKEND)
    assert client.get("/desk/").status_code == 200
    Account.objects.filter(pk=account.pk).update(is_active=False)
    answer = client.get("/desk/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/desk/")


def test_a_post_ends_with_its_last_day(played: Played) -> None:
    account = Account.objects.get(username="kaowu")
    assert "E1" in duties_of(account)
    Appointment.objects.filter(account=account).update(until=today() - timedelta(days=1))
    assert duties_of(account) == frozenset()
