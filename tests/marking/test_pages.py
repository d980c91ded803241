"""The pages of panels offer what the acts will do, and say what they wait for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assay.batches.models import Batch
from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import PanelSheet
from tests import factories as f
from tests.marking.conftest import Hall, examiner

pytestmark = pytest.mark.django_db


def shown(account: Account | None, name: str, pk: int) -> str:
    assert account is not None
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client.get(reverse(f"marking:{name}", args=[pk])).content.decode()


def button(page: str, title: str) -> bool:
    return f">{title}</button>" in page


@pytest.fixture
def keeper(hall: Hall) -> Account:
    return Account.objects.get(pk=hall.keeper.account_id or 0)


def test_the_lot_is_offered_from_its_hour_on_and_the_panel_once_it_is_drawn(hall: Hall, keeper: Account) -> None:
    starts = clock.now() + timedelta(days=1)
    room = hall.room(starts)
    page = shown(keeper, "batch", hall.batch.pk)
    assert "起才能抽签" in page
    assert not button(page, "抽签")
    with clock.moved_to(starts):
        page = shown(keeper, "batch", hall.batch.pk)
        assert button(page, "抽签")
        assert not button(page, "开考评组")
        assert not button(page, "开全部考评组")
        draw_paper(hall.keeper, room, witness="考生代表甲")
        page = shown(keeper, "batch", hall.batch.pk)
        assert not button(page, "抽签")
        assert button(page, "开考评组")
        assert button(page, "开全部考评组")
        scoring.open_panel(hall.keeper, room)
        page = shown(keeper, "batch", hall.batch.pk)
    assert not button(page, "开考评组")
    assert "现场 考生代表甲，待见证" in page


@pytest.mark.parameter("exam.open_minutes")
def test_how_early_the_lot_is_offered_is_what_the_parameters_page_was_told(hall: Hall, keeper: Account) -> None:
    hall.room(clock.now() + timedelta(minutes=90))
    assert not button(shown(keeper, "batch", hall.batch.pk), "抽签")
    f.set_parameter("exam.open_minutes", "100")
    assert button(shown(keeper, "batch", hall.batch.pk), "抽签")


def test_all_panels_opened_together_are_those_whose_paper_is_drawn(hall: Hall, keeper: Account) -> None:
    drawn, undrawn = hall.room(clock.now()), hall.room(clock.now())
    client, address = Client(), reverse("marking:open_all", args=[hall.batch.pk])
    client.force_login(keeper, "django.contrib.auth.backends.ModelBackend")
    assert "还没有抽签" in client.post(address).content.decode()
    draw_paper(hall.keeper, drawn, witness="甲")
    said = client.post(address, follow=True).content.decode()
    assert "已开 1 个考评组" in said
    assert f"{undrawn} 的操作技能试卷还没有抽签" in said
    assert set(PanelSheet.objects.values_list("seating__session_room", flat=True)) == {drawn.pk}
    with pytest.raises(Refused, match="已开考评组"):
        scoring.open_panel(hall.keeper, drawn)


def test_the_draw_is_offered_to_be_witnessed_by_others_who_were_there(hall: Hall, keeper: Account) -> None:
    room = hall.room(clock.now())
    draw_paper(hall.keeper, room, witness="甲")
    supervisor = f.staff("Q4")
    assert button(shown(supervisor, "batch", hall.batch.pk), "见证抽签")
    assert not button(shown(f.staff("R3"), "batch", hall.batch.pk), "见证抽签")
    assert button(shown(hall.panel[0].account, "panel", room.pk), "我在场，见证抽签")
    Member.objects.filter(pk=hall.panel[0].pk).update(account=None)
    drawer = hall.panel[1]
    drawer.account = keeper
    drawer.save()
    assert not button(shown(drawer.account, "batch", hall.batch.pk), "见证抽签")


def test_the_page_of_a_batch_asks_no_more_of_the_database_for_more_rooms(hall: Hall, keeper: Account) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(keeper, "batch", hall.batch.pk)
        return len(queries)

    draw_paper(hall.keeper, hall.room(clock.now()), witness="甲")
    hall.room(clock.now())
    asked()
    one = asked()
    for _ in range(3):
        draw_paper(hall.keeper, hall.room(clock.now()), witness="甲")
        hall.room(clock.now())
    assert asked() == one


def test_a_sheet_says_why_it_takes_no_marks(hall: Hall) -> None:
    starts = clock.now() + timedelta(minutes=10)
    room, account = hall.room(starts), hall.panel[1].account
    drawn = draw_paper(hall.keeper, room, witness="甲")
    (sheet,) = scoring.open_panel(hall.keeper, room)

    def page() -> str:
        return shown(account, "score", sheet.pk)

    assert "开始后才能评分、登记缺考" in page()
    assert not button(page(), "保存")
    with clock.moved_to(starts):
        assert "抽签还没有人见证" in page()
        witness_draw(examiner(hall.panel[0]), drawn)
        assert button(page(), "保存")
        assert "前考生还可以入场，此后才能登记缺考" in page()
        assert not button(page(), "登记缺考")
    with clock.moved_to(starts + timedelta(minutes=30)):
        assert button(page(), "登记缺考")
        scoring.set_absent(examiner(hall.panel[0]), sheet)
        assert "该考生已登记缺考" in page()
        assert button(page(), "取消缺考")
        scoring.set_absent(examiner(hall.panel[0]), sheet, False)
        marks, observed = {"1-3": "25"}, {"1-1": "0", "1-2": "25.00"}
        scoring.save_score(examiner(hall.panel[0]), sheet, marks=marks, observed=observed)
        scoring.lock_scores(examiner(hall.panel[0]), [sheet])
        assert button(page(), "保存")
        assert not button(page(), "登记缺考"), "somebody has locked marks"
        Batch.objects.update(stage="results")
        assert "不能评分；有异议的走成绩复核" in page()


def test_who_leads_ticks_those_that_can_be_settled(hall: Hall) -> None:
    room = hall.room(clock.now() - timedelta(hours=1))
    witness_draw(examiner(hall.panel[0]), draw_paper(hall.keeper, room, witness="甲"))
    (sheet,) = scoring.open_panel(hall.keeper, room)
    leader = hall.panel[0].account

    def to_tick() -> bool:
        return f'name="chosen" value="{sheet.pk}"' in shown(leader, "panel", room.pk)

    assert not to_tick()
    scoring.set_absent(examiner(hall.panel[0]), sheet)
    assert to_tick()
    assert PanelSheet.objects.get().settled_at is None
    Batch.objects.update(stage="results")
    assert not to_tick()
