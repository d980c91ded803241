"""What comes into the security log, who reads it, and that it stays quick."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from assay.centre.models import Account
from assay.desk.security_views import _failed, _found
from assay.kernel.clock import real_now
from assay.kernel.models import SecurityEvent
from tests import factories as f

pytestmark = pytest.mark.django_db
PASSWORD = "kao-ping-2026-x"
BACKEND = "django.contrib.auth.backends.ModelBackend"
quickly = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


@pytest.fixture(autouse=True)
def centre() -> None:
    f.centre()


def by(*duties: str) -> Client:
    client = Client()
    client.force_login(f.staff(*duties), BACKEND)
    return client


def told(**only: object) -> list[tuple[str, bool, str, str, str]]:
    """kind, failed, who, what, page"""
    rows = SecurityEvent.objects.filter(**only).order_by("pk")
    return list(rows.values_list("kind", "failed", "who", "what", "page"))


def test_signing_in_rightly_wrongly_and_as_nobody_is_told_without_what_was_typed() -> None:
    account = f.staff("R2", password=PASSWORD)
    disabled = f.staff("R2", password=PASSWORD, is_active=False)
    client = Client(REMOTE_ADDR="192.0.2.5")
    for username, password in [
        (account.username, "wrong-password-1"), ("my-password-typed-here", "x"), (disabled.username, PASSWORD),
        (account.username, PASSWORD),
    ]:  # fmt: skip
        client.post("/sign-in/", {"username": username, "password": password})
    found = told(address="192.0.2.5")
    assert found[0] == ("sign_in", True, account.username, "密码不对", "/sign-in/")
    assert found[1][2].startswith("无此账号 ")
    assert found[2][3] == "账号已停用"
    assert found[3] == ("sign_in", False, account.username, "密码", "/sign-in/")
    everything = str(list(SecurityEvent.objects.values_list()))
    assert not any(secret in everything for secret in ("wrong-password-1", "my-password-typed-here", PASSWORD))


def test_a_candidate_s_wrong_code_and_password_are_told() -> None:
    number = f.resident_number(31)
    Client().post("/my/sign-in/", {"id_type": "resident", "id_number": number, "password": "x"})
    given = {"id_type": "resident", "id_number": number, "code": "AAAAA-AAAAA", "password": PASSWORD}
    Client().post("/my/activate/", given)
    assert [(kind, failed) for kind, failed, *_ in told()] == [("sign_in", True)] * 2
    assert number not in str(list(SecurityEvent.objects.values_list()))


def test_a_refused_page_and_a_refused_act_are_told_with_who_and_where() -> None:
    client = by("R2")
    assert client.get("/centre/accounts/?q=geheim").status_code == 403
    somebody = f.staff("R2")
    assert client.post(f"/centre/accounts/{somebody.pk}/active/", {"active": "0"}).status_code == 403
    found = told(kind="refused")
    assert [(what, page) for _, _, _, what, page in found] == [
        ("GET centre:accounts", "/centre/accounts/"),
        ("POST centre:active", f"/centre/accounts/{somebody.pk}/active/"),
    ]
    assert "geheim" not in str(found)


def test_a_row_that_is_not_for_the_reader_is_told_as_well() -> None:
    own = f.application(f.batch("exam", stage="review"))
    head = Client()
    head.force_login(f.staff("R1", department=f.department()), BACKEND)
    assert head.get(f"/applications/{own.pk}/").status_code == 404
    assert head.get("/no-such-page/").status_code == 404
    assert [what for _, _, _, what, _ in told(kind="refused")] == ["GET applications:detail"]


def test_whoever_is_not_signed_in_is_sent_to_the_door_and_nothing_is_told() -> None:
    Client().get("/centre/accounts/")
    assert told() == []


def test_an_export_is_told_with_its_rows_and_looking_at_the_list_is_not() -> None:
    client = by("L1")
    client.get("/centre/accounts/")
    assert client.get("/centre/accounts/?export=xlsx").status_code == 200
    assert [what for _, _, _, what, _ in told(kind="export")] == [f"账号（Excel，{Account.objects.count()} 行）"]


def test_reading_a_full_id_number_is_told_and_a_candidate_s_own_is_not() -> None:
    member = f.member("invigilator", id_number=f.resident_number(41, birth="19790101"))
    officer = by("X1")
    page = officer.get(f"/corps/members/{member.pk}/")
    assert member.id_number in page.content.decode()
    assert [(kind, what, page) for kind, _, _, what, page in told(kind="identity")] == [
        ("identity", "队伍人员（身份证号）", f"/corps/members/{member.pk}/")
    ]
    own = f.application(f.batch("exam", stage="review"))
    candidate = Client()
    candidate.force_login(f.candidate(own.person))
    assert candidate.get(f"/applications/{own.pk}/form.pdf").status_code == 200
    reviewer = by("E4")
    assert reviewer.get(f"/applications/{own.pk}/form.pdf").status_code == 200
    assert [what for _, _, _, what, _ in told(kind="identity")][1:] == ["认定申报表"]


def test_a_page_that_was_refused_is_no_reading() -> None:
    own = f.application(f.batch("exam", stage="review"))
    assert by("R2").get(f"/applications/{own.pk}/form.pdf").status_code == 403
    assert [kind for kind, *_ in told()] == ["refused"]


@pytest.mark.parametrize(
    ("duty", "status"), [("L1", 200), ("L2", 200), ("Q4", 200), ("Q6", 200), ("E1", 403), ("E10", 403), ("R2", 403)]
)
def test_who_answers_for_the_centre_and_its_supervisors_read_it(duty: str, status: int) -> None:
    assert by(duty).get("/desk/security/").status_code == status


def test_the_log_is_filtered_and_looked_up_by_name_account_and_address() -> None:
    account = f.staff("R2", password=PASSWORD, name="欧阳试卷")
    for address in ("192.0.2.5", "192.0.2.6"):
        Client(REMOTE_ADDR=address).post("/sign-in/", {"username": account.username, "password": "x"})
    reader = by("L1")
    reader.get("/centre/accounts/?export=xlsx")

    def shown(query: str) -> str:
        page = reader.get(f"/desk/security/?{query}").content.decode()
        return page.partition("<tbody>")[2]

    assert shown("q=欧阳试卷").count(account.username) == 2
    assert shown(f"q={account.username}&failed=1").count("登录未成功") == 2
    assert shown("q=192.0.2.5").count("192.0.2.5") == 1
    assert "登录未成功" not in shown("kind=export")
    assert shown("days=1").count(account.username) == 2
    assert shown("q=nobody-at-all") == ""
    assert shown("failed=0&kind=sign_in") == ""


def test_what_was_refused_stands_there_as_people_read_it_and_the_log_keeps_the_address() -> None:
    somebody, nosy = f.staff("R2"), by("R2")
    nosy.get("/desk/security/")
    nosy.post(f"/centre/accounts/{somebody.pk}/active/", {"active": "0"})
    nosy.get("/batches/new/")
    reader = by("L1")
    page = reader.get("/desk/security/?kind=refused").content.decode()
    for said, name in (
        ("打开“安全日志”", "GET desk:security"), ("提交“账号”下的页面", "POST centre:active"),
        ("打开“认定批次”下的页面", "GET batches:new"),
    ):  # fmt: skip
        assert f'{said}<br><small class="text-secondary">{name}</small>' in page
    assert "考试端拒绝的，记在该考场的考场记录里" in page
    assert {what for _, _, _, what, _ in told(kind="refused")} >= {"GET desk:security", "POST centre:active"}


def test_looking_things_up_uses_an_index_whatever_the_log_holds() -> None:
    """Of a million lines fifty are read: no plan goes through the whole table or sorts it."""
    if connection.vendor != "sqlite":
        pytest.skip("a plan of PostgreSQL depends on how much there is")
    rows = SecurityEvent.objects.order_by("-pk")
    asked = [
        rows.filter(kind="export"),
        rows.filter(_failed("1")),
        rows.filter(_found("x")),
        rows.filter(_found("::1")),
    ]
    for query in asked:
        plan = query[:50].explain()
        assert "SCAN" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan


@quickly
def test_one_password_at_many_accounts_from_one_address_is_shown_to_who_leads() -> None:
    accounts = [f.staff("R2", password=PASSWORD) for _ in range(9)]
    for account in accounts:
        Client(REMOTE_ADDR="192.0.2.66").post("/sign-in/", {"username": account.username, "password": "wrong-2026-x"})
    for account in accounts[:3]:
        Client(REMOTE_ADDR="192.0.2.67").post("/sign-in/", {"username": account.username, "password": "slip-2026-x"})
    page = by("L1").get("/desk/").content.decode()
    assert "从 192.0.2.66 对 9 个账号试过密码" in page
    assert "192.0.2.67" not in page
    assert "192.0.2.66" not in by("R2").get("/desk/").content.decode()
    assert "192.0.2.66" in by("Q4").get("/desk/security/").content.decode()


def test_an_old_attack_is_not_shown_for_ever() -> None:
    for n in range(9):
        SecurityEvent.objects.create(
            at=real_now() - timedelta(days=2), kind="sign_in", failed=True, who=f"x{n}", address="192.0.2.66", seal="x"
        )
    assert "192.0.2.66" not in by("L1").get("/desk/").content.decode()
