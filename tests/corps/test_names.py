"""Names of the corps and of accounts are names of persons, as those of candidates are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.centre.acts.accounts import create_account, save_account
from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
ODD = ["=1+1", "柳", "  "]
NO_TEXT = [("<b>柳一</b>", "像是网页代码"), ("柳\u200b一", "看不见的字符")]


@pytest.mark.parametrize("name", ODD)
def test_no_account_has_what_is_no_name(name: str) -> None:
    leader = f.actor_with("L1")
    with pytest.raises(Refused, match="姓名"):
        create_account(leader, username="new", name=name, kind="staff", password="x")
    account = f.staff("E1")
    with pytest.raises(Refused, match="姓名"):
        save_account(leader, account, name=name, department=None)
    assert not Account.objects.filter(name=name).exists()


@pytest.mark.parametrize("name", ODD[:-1])
def test_no_member_of_the_corps_has_what_is_no_name_and_all_is_said_at_once(name: str) -> None:
    client = Client()
    client.force_login(f.staff("X1"), "django.contrib.auth.backends.ModelBackend")
    given = {"name": name, "id_number": "41010519800101001", "years": "1", "active": "on"}
    page = client.post(reverse("corps:members_add"), given).content.decode()
    assert "姓名" in page.partition("alert-danger")[2].partition("</div>")[0]
    assert "身份证号应为 18 位" in page
    assert not Member.objects.exists()


@pytest.mark.parametrize(("name", "said"), NO_TEXT)
def test_what_no_text_may_be_is_no_name_either(name: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        create_account(f.actor_with("L1"), username="new", name=name, kind="staff", password="x")
    client = Client()
    client.force_login(f.staff("X1"), "django.contrib.auth.backends.ModelBackend")
    given = {"name": name, "id_number": "410105198001010014", "years": "1", "active": "on"}
    assert said in client.post(reverse("corps:members_add"), given).content.decode()
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"), [("110101203501010010", "还没有到"), ("110101185001010018", "过早"), ("830000197810100019", "")]
)
def test_a_number_of_the_corps_says_a_birth_that_can_be_and_may_be_of_a_residence_permit(
    number: str, said: str
) -> None:
    client = Client()
    client.force_login(f.staff("X1"), "django.contrib.auth.backends.ModelBackend")
    given = {"name": "柳 • 一", "id_number": number, "years": "1", "active": "on"}
    page = client.post(reverse("corps:members_add"), given)
    assert [(m.name, m.sex) for m in Member.objects.all()] == ([] if said else [("柳·一", "男")])
    assert said in page.content.decode()


def test_a_name_is_kept_without_the_blanks_around_it() -> None:
    account = create_account(f.actor_with("L1"), username="new", name=" 阿依古丽·买买提 ", kind="staff", password="x")
    assert Account.objects.get(pk=account.pk).name == "阿依古丽·买买提"
