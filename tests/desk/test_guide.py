"""The guide to a school's first exam: what is there and what is missing, with the page where it is seen to, until nothing is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from assay.catalogue.models import EntryCondition, StandardLevel, Weight
from assay.centre.models import Account
from assay.corps.models import Member
from assay.desk import guide
from assay.desk.guide import NEEDED_DUTIES, guide_for
from assay.kernel.clock import today
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def desk(account: Account) -> str:
    client = Client()
    client.force_login(account, BACKEND)
    return client.get("/desk/").content.decode()


def steps() -> dict[str, tuple[str, bool]]:
    found = guide_for(f.actor_with("L1"))
    return {step.title: (step.counted, step.done) for step in found.steps} if found is not None else {}


def members(role: str, count: int) -> list[Member]:
    return [f.member(role) for _ in range(count)]


def test_an_empty_installation_is_told_what_to_begin_with_and_where() -> None:
    page = desk(f.staff("L1"))
    assert "建校进度" in page
    assert "还没有批次：先按“建校进度”备齐学校资料" in page
    for title, link in (
        ("学校和认定中心", "/centre/"), ("等级", "/desk/setup/start/"), ("岗位和任职", "/centre/accounts/"),
        ("考评员的账号", "/corps/accounts/"), ("理论考场", "/sites/rooms/"),
    ):  # fmt: skip
        assert re.search(rf'<b>{title}</b>(?:(?!<b>).)*href="{link}">去办理', page, re.DOTALL), title


def test_what_is_there_is_counted_and_no_longer_asked_for() -> None:
    f.centre()
    f.staff("L1", "E1")
    row = f.scope_row(levels="43")
    examiners = members("examiner", 9)
    for one in examiners[:2]:
        one.account = f.staff("R3")
        one.save()
    f.room()
    found = steps()
    assert found["学校和认定中心"] == ("1", True)
    assert found["考评员（有效证卡）"] == ("9", True)
    assert found["考评员的账号"] == ("2/9", False)
    assert found["监考员（有效证卡）"] == ("0", False)
    assert found["理论考场"] == ("1", True)
    assert found["技能考场"] == ("0", False)
    assert found["标准等级的申报条件"] == ("2/2", True)
    assert found["标准等级的权重（合计 100）"] == ("0/2", False)
    assert found["理论题库"] == ("0/2", False)
    assert found["岗位和任职"] == (f"2/{len(NEEDED_DUTIES)}", False)
    EntryCondition.objects.filter(standard_level__level__code="3").delete()
    level = StandardLevel.objects.get(standard=row.standard, level__code="4")
    for part in ("theory", "skill"):
        Weight.objects.create(standard_level=level, part=part, name="全部", percent=100, position=1)
    found = steps()
    assert found["标准等级的申报条件"] == ("1/2", False)
    assert found["标准等级的权重（合计 100）"] == ("1/2", False)


def test_the_post_for_everything_in_which_a_school_is_set_up_stands_for_no_duty() -> None:
    f.staff(*NEEDED_DUTIES, "X1")
    assert steps()["岗位和任职"] == (f"0/{len(NEEDED_DUTIES)}", False)


def test_a_disabled_account_and_a_card_that_ran_out_count_for_nothing() -> None:
    one, two = members("examiner", 2)
    one.account = f.staff("R3", is_active=False)
    one.save()
    assert steps()["考评员的账号"] == ("0/2", False)
    two.cards.update(valid_from=today() - timedelta(days=99), valid_to=today() - timedelta(days=1))
    assert steps()["考评员（有效证卡）"] == ("1", False)


def test_the_guide_goes_when_nothing_is_missing_and_lies_folded_beside_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    leader = f.staff("L1", "E1")
    f.centre()
    f.batch("exam", stage="apply")
    page = desk(leader)
    assert re.search(r"<summary[^>]*>建校进度：还缺 \d+ 项", page)
    monkeypatch.setattr(guide, "_steps", lambda: iter([guide.Step("都有", 1, 1, "/desk/")]))
    assert "建校进度" not in desk(leader)


def test_who_does_not_set_the_school_up_sees_no_guide_and_nobody_a_link_to_a_closed_door() -> None:
    assert "建校进度" not in desk(f.staff("R3"))
    page = desk(f.staff("E1"))
    assert "建校进度" in page
    assert "/desk/setup/" not in page
    assert 'href="/corps/accounts/"' in page


def test_the_year_is_asked_for_until_its_days_off_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    title = f"{today().year} 年放假安排"
    for known in (True, False):
        monkeypatch.setattr(guide, "year_is_known", lambda year, known=known: known)
        assert steps()[title] == (str(int(known)), known)
