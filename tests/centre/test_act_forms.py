"""What an act takes in by the fields beside its button."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import HttpRequest
from django.test import RequestFactory

from assay.centre.act_forms import ActForm, Chosen, Flag, OneOf, Ticked, Whole
from assay.centre.models import Department
from assay.kernel.refusals import Refused
from tests import factories as f


class CountsForm(ActForm):
    copies = Whole("份数")
    seat = Whole("座位", required=False)
    row = Whole("座位号", required=False, said="座位号请填数字")
    note = forms.CharField(label="去向说明", max_length=5, required=False)
    part = OneOf("内容", {"paper": "试题卷", "key": "答案"}, said="请选择内容", required=False)
    chosen = Ticked("勾选的")
    all = Flag("全部")


def sent(**given: Any) -> HttpRequest:
    return RequestFactory().post("/", given)


def test_what_was_filled_in_comes_in_its_own_kind() -> None:
    given = CountsForm.read(sent(copies=" 30 ", note=" 一份 ", part="key", chosen=["3", "x", "4"], all=""))
    assert given == {
        "copies": 30, "seat": None, "row": None, "note": "一份", "part": "key", "chosen": [3, 4], "all": True
    }  # fmt: skip


def test_what_may_be_left_out_is_nothing() -> None:
    given = CountsForm.read(sent(copies="0"))
    assert (given["copies"], given["note"], given["part"], given["chosen"], given["all"]) == (0, "", "", [], False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请填写“份数”"),
        ({"copies": "三十"}, "“份数”应填 0 或正整数，或者留空，现为“三十”"),
        ({"copies": "9" * 30}, "“份数”应填 0 或正整数"),
        ({"copies": "1", "seat": "-1"}, "“座位”应填 0 或正整数"),
        ({"copies": "1", "row": "三"}, "^座位号请填数字$"),
        ({"copies": "1", "note": "少了两份卷"}, ""),
        ({"copies": "1", "note": "少了两份试卷"}, "^“去向说明”最多 5 个字，现有 6 个，请缩短后再提交$"),
        ({"copies": "1", "note": "甲\u202e乙"}, "方向标记"),
        ({"copies": "1", "part": "cover"}, "^请选择内容$"),
        ({"copies": "x", "row": "x"}, "“份数”.*；座位号请填数字"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_its_field(given: dict[str, str], said: str) -> None:
    if not said:
        assert CountsForm.read(sent(**given))["note"] == "少了两份卷"
        return
    with pytest.raises(Refused, match=said):
        CountsForm.read(sent(**given))


def test_fields_that_come_with_what_a_form_is_made_for_are_like_the_others() -> None:
    class NotesForm(ActForm):
        def __init__(self, titles: list[str], *args: Any) -> None:
            super().__init__(*args)
            self.take_in({f"note-{n}": forms.CharField(label=title, max_length=3) for n, title in enumerate(titles)})

    assert NotesForm.read(sent(**{"note-0": "甲", "note-1": "乙"}), ["一", "二"]) == {"note-0": "甲", "note-1": "乙"}
    with pytest.raises(Refused, match=r"方向标记.*；“二”最多 3 个字，现有 4 个"):
        NotesForm.read(sent(**{"note-0": "甲\u202e", "note-1": "写得太长"}), ["一", "二"])


@pytest.mark.django_db
@pytest.mark.parametrize("required", [True, False])
def test_a_row_is_one_of_those_that_were_offered(required: bool) -> None:
    offered, other = f.department(), f.department()

    class RowForm(ActForm):
        department = Chosen(Department.objects.filter(pk=offered.pk), label="部门", required=required)

    assert RowForm.read(sent(department=str(offered.pk))) == {"department": offered}
    for text in ("abc", str(other.pk), "9" * 5000):
        with pytest.raises(Refused, match="请选择部门"):
            RowForm.read(sent(department=text))
    if required:
        with pytest.raises(Refused, match="请选择部门"):
            RowForm.read(sent())
    else:
        assert RowForm.read(sent()) == {"department": None}
