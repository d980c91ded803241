"""What is usual, for a school that begins: taken over line by line or as a workbook, and never in the place of what there is."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from assay.catalogue import notation
from assay.catalogue.models import EntryCondition, Level, PaperPattern, StandardLevel
from assay.centre.duties import DUTIES
from assay.centre.models import Post
from assay.kernel.models import LedgerEntry
from assay.setup import starting, usual, workbook
from assay.setup.acts import UNCHANGED, install_school
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def leader() -> Client:
    f.centre()
    client = Client()
    client.force_login(f.staff("L1"), BACKEND)
    return client


def ticked(page: str) -> list[str]:
    return re.findall(r'name="line" value="([^"]+)"', page)


def test_levels_and_posts_are_taken_over_on_screen_by_one_click() -> None:
    client = leader()
    page = client.get("/desk/setup/start/").content.decode()
    assert "以下是建议，不是规定" in page
    assert "来源：人社鉴发〔2021〕1号" in page
    answer = client.post("/desk/setup/start/", {"line": ticked(page)}, follow=True)
    assert f"已写入：岗位 新增 {len(usual.POSTS)}；等级 新增 5。" in answer.content.decode()
    written = [(lv.code, lv.certificate_title, lv.needs_review) for lv in Level.objects.order_by("-rank")]
    assert written == [
        ("1", "一级/高级技师", True), ("2", "二级/技师", True), ("3", "三级/高级工", False), ("4", "四级/中级工", False),
        ("5", "五级/初级工", False),
    ]  # fmt: skip
    assert Post.objects.get(code="review").duties == ["E4", "E11"]
    assert LedgerEntry.objects.latest("seq").act == "desk.install_school"
    assert ticked(answer.content.decode()) == []
    assert "没有可补的了" in answer.content.decode()


def test_only_what_is_ticked_comes_in() -> None:
    client = leader()
    client.post("/desk/setup/start/", {"line": ["等级/4", "岗位/papers"]})
    assert list(Level.objects.values_list("code", flat=True)) == ["4"]
    assert Post.objects.filter(code="papers").exists()
    assert not Post.objects.filter(code="director").exists()
    answer = client.post("/desk/setup/start/", {}, follow=True).content.decode()
    assert "没有选中任何一项" in answer


def test_what_there_is_is_neither_proposed_nor_changed() -> None:
    Level.objects.create(code="4", title="中级", title_en="Level 4", certificate_title="四级/中级", rank=2)
    Post.objects.create(code="kw", title="考务管理员", group="考务管理组", duties=["E1"])
    keys = {line.key for group in starting.proposed() for line in group.lines}
    assert "等级/4" not in keys
    assert "岗位/exam" not in keys, "there is a post of this title"
    client = leader()
    client.post("/desk/setup/start/", {"line": sorted(keys)})
    assert Level.objects.get(code="4").certificate_title == "四级/中级"
    assert Post.objects.get(title="考务管理员").duties == ["E1"]


def without_rules() -> Any:
    """A scope whose standard says nothing of its levels yet."""
    row = f.scope_row(levels="43")
    StandardLevel.objects.all().delete()
    return row


@pytest.mark.parametrize(
    ("edition", "of_four"),
    [("2018", "累计从事本职业或相关职业工作6年（含）以上"), ("2023", "累计从事本职业或相关职业工作满5年")],
)
def test_a_standard_gets_the_conditions_of_its_generation(edition: str, of_four: str) -> None:
    row = without_rules()
    row.standard.edition = edition
    row.standard.save()
    [line, _] = [line for group in starting.proposed() for line in group.lines if line.key.startswith("标准/")]
    assert any(of_four in said for said in line.said)
    client = leader()
    client.post("/desk/setup/start/", {"line": [line.key]})
    level = StandardLevel.objects.get()
    assert (level.level.code, level.theory_minutes, level.skill_candidates_per_examiner, level.panel_minimum) == (
        "4",
        90,
        5,
        3,
    )
    assert EntryCondition.objects.filter(text=of_four).exists()
    assert PaperPattern.objects.get().sections[0] == {"type": "single", "count": 80, "mark": "1"}
    assert f"标准/{row.standard.pk}/4" not in {one.key for group in starting.proposed() for one in group.lines}


def test_conditions_that_a_level_has_are_left_as_they_are() -> None:
    f.scope_row(levels="4")
    PaperPattern.objects.all().delete()
    [line] = [line for group in starting.proposed() for line in group.lines if line.key.startswith("标准/")]
    assert set(line.rows) == {"组卷结构"}


def test_the_workbook_with_the_start_set_goes_in_as_it_is_or_changed_and_then_changes_nothing() -> None:
    without_rules()
    client = leader()
    content = client.get("/desk/setup/start.xlsx").content
    book = load_workbook(io.BytesIO(content))
    assert "建议，不是规定" in str(book["说明"].cell(3, 1).value)
    assert {row[2].value for row in book["岗位"].iter_rows(min_row=2)} >= {title for _, title, *_ in usual.POSTS}
    assert len(list(book["岗位职责"].iter_rows(min_row=2))) >= sum(len(d) for *_, d in usual.POSTS)
    titles = [cell.value for cell in book["等级"][1]]
    for row in book["等级"].iter_rows(min_row=2):
        if row[titles.index("代码*")].value == "5":
            row[titles.index("证书上的写法*")].value = "五级/初级"
    buffer = io.BytesIO()
    book.save(buffer)
    read, problems = workbook.read("起步.xlsx", buffer.getvalue())
    assert problems == []
    install_school(f.actor_with("L1"), read)
    assert Level.objects.get(code="5").certificate_title == "五级/初级"
    assert EntryCondition.objects.filter(standard_level__level__code="3").count() == len(usual.OF_2018["3"])
    again, _ = workbook.read("起步.xlsx", buffer.getvalue())
    assert install_school(f.actor_with("L1"), again).said == UNCHANGED


def test_the_workbook_with_the_start_set_names_nobody() -> None:
    member = f.member(name="司马示例", id_number=f.resident_number(77))
    client = leader()
    book = load_workbook(io.BytesIO(client.get("/desk/setup/start.xlsx").content))
    said = {str(cell.value) for page in book for row in page.iter_rows() for cell in row}
    assert member.id_number not in said
    assert member.name not in said


def test_all_that_is_usual_can_be_read() -> None:
    for _, _, _, duties in usual.POSTS:
        assert set(duties) <= set(DUTIES)
    for generation in (usual.OF_2018, usual.OF_2023):
        assert set(generation) == {"5", "4", "3", "2", "1"}
        for conditions in generation.values():
            assert len({code for code, *_ in conditions}) == len(conditions)
            for _, _, _, rule in conditions:
                notation.parse_rule(rule)
    assert notation.parse_sections(usual.PATTERN[2])


def test_who_does_not_set_the_school_up_is_not_let_in() -> None:
    client = Client()
    client.force_login(f.staff("E1"), BACKEND)
    for address in ("/desk/setup/start/", "/desk/setup/start.xlsx"):
        assert client.get(address).status_code == 403
