"""What is written is seen as it is written: on a page, in a table, in the name of a file."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django import forms
from django.core.validators import MaxLengthValidator
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

import assay
from assay.centre.actors import SYSTEM
from assay.centre.editing import LONGEST as LONGEST_OF_THE_HOUSE
from assay.centre.editing import PlainForm, RowForm
from assay.centre.models import Department
from assay.desk.forms import OwnPasswordForm
from assay.items.row import ItemRow
from assay.items.rules import problems_by_part
from assay.kernel.clock import today
from assay.kernel.refusals import Refused
from assay.kernel.tables import Heading, read_tables
from assay.kernel.texts import LONGEST, require_readable, seen, text_problem, uncut
from assay.results.acts.notices import raise_objection
from assay.results.models import Objection, PublicNotice
from tests import factories as f

BACKEND = "django.contrib.auth.backends.ModelBackend"
OVERRIDE, ISOLATE, BELL = "\u202e", "\u2066", "\x07"
NOT_THERE = ("assay.standin", "assay.hall", "assay.front")
HIDING = (
    "\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\u2063", "\u206a",
    "\u2800", "\u3164", "\ufe00", "\ufe0f", "\ufeff", "\uffa0", "\U0001d173", "\U000e0100",
)  # fmt: skip
"""Signs that show nothing beside Han characters."""
RUN = ("__main__", "asgi", "wsgi", "opening", "migrations")


@pytest.mark.parametrize(
    "text",
    [
        "赵一\n第二行\t第三格",
        "成绩<60 且 >40",
        "a<b",
        "AT&T",
        "１＜２",
        "O’Neill (大)",
        "عادل",
        "Ünal",
        "张·阿卜杜拉",
        "👩‍🔧",
        "👁️‍🗨️ ❤️ 1️⃣ ©️",
        "می‌خواهم",
        "क्‍ष",
        "ᠮᠣᠩᠭᠣᠯ᠎ᠠ ᠰᠠᠢ᠋",
        "x > y",
    ],
)
def test_what_people_write_is_taken(text: str) -> None:
    assert text_problem(text) is None


@pytest.mark.parametrize("sign", [OVERRIDE, ISOLATE, "\u200f", "\u061c", BELL, "\x1b", "\x85", "\u2028", "\U000e0041"])
def test_signs_that_are_not_seen_are_refused_with_their_place(sign: str) -> None:
    said = text_problem(f"孙欣松{sign}的备注")
    assert said is not None
    assert "“孙欣松”后面" in said
    assert f"U+{ord(sign):04X}" in said


@pytest.mark.parametrize(
    "text",
    ['<i hx-post="/sign-out/" hx-trigger="load">', "</b>", "<svg/onload=x>", "<!-- x", "<IMG SRC=x>", "甲<br>乙"],
)
def test_pieces_of_pages_are_refused_but_where_items_are_written(text: str) -> None:
    assert "网页代码" in (text_problem(text) or "")
    assert text_problem(text, markup=True) is None


@pytest.mark.parametrize("sign", HIDING)
def test_signs_that_show_nothing_are_refused_where_they_make_two_of_one_name(sign: str) -> None:
    for text in (f"信息{sign}系", f"信息系{sign}", f"{sign}信息系", sign, f"Room{sign}1", f"1{sign}"):
        said = text_problem(text)
        assert said is not None
        assert "看不见的字符" in said
        assert f"U+{ord(sign):04X}" in said
        assert "“" not in said or "“信息" in said or "“Room”" in said or "“1”" in said
        assert seen(text) == text.replace(sign, "")


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d\u200d🔧",
        "❤\ufe0f\ufe0f",
        "中\ufe0f\u200d🔧",
        "1\ufe0f",
        "系\u200d统",
        "👩\u200d",
        "\u200c可",
        "\u17b4\u200cᠠ",
    ],
)
def test_joiners_are_refused_where_they_join_nothing(text: str) -> None:
    assert "看不见的字符" in (text_problem(text) or "")


@pytest.mark.parametrize("sign", HIDING)
def test_texts_of_items_keep_them_unless_there_is_nothing_else(sign: str) -> None:
    assert text_problem(f"甲{sign}乙", markup=True) is None
    assert "等于没有填写" in (text_problem(f" {sign}\n{sign}", markup=True) or "")


SIGNS = st.characters(categories=["L", "N", "P", "S", "Zs", "M"], exclude_characters="<")


@given(st.text(SIGNS.filter(lambda sign: seen(sign) == sign), max_size=200))
def test_nothing_that_is_seen_is_refused(text: str) -> None:
    assert text_problem(text) is None


@given(st.text(st.sampled_from([*HIDING, *"系👩🔧❤1م中ᠠ "]), max_size=12))
@example("\u17b4\u200cᠠ")
def test_what_is_taken_is_all_there_is_to_see(text: str) -> None:
    assert (text_problem(text) is None) == (seen(text) == text)
    assert text_problem(seen(text)) is None
    assert seen(seen(text)) == seen(text)


ODD = (f"问题{OVERRIDE}的", "信息系\u200b", "<script>x</script>", "长" * (LONGEST + 1))


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ODD)
def test_a_form_comes_back_with_every_field_that_is_wrong(odd: str) -> None:
    f.centre()
    client = Client()
    client.force_login(f.staff("L1"), BACKEND)
    answer = client.post("/centre/departments/add/", {"code": odd, "name": odd}).content.decode()
    assert answer.count("invalid-feedback") >= 2
    assert any(said in answer for said in ("看不见的控制字符", "看不见的字符", "网页代码", "超过"))
    assert not Department.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ODD)
def test_no_act_takes_them_whichever_way_they_come(odd: str) -> None:
    f.centre()
    batch = f.batch("exam", stage="notice")
    notice = PublicNotice.objects.create(
        batch=batch, title="公示", starts_on=today(), ends_on=today(), rows=[], digest="0" * 64
    )
    answer = Client().post(f"/notices/{notice.pk}/", {"name": "群众", "contact": "139", "text": odd})
    assert answer.status_code in (200, 409)
    for said in ({"name": odd, "contact": "1", "text": "2"}, {"name": "1", "contact": odd, "text": "2"}):
        with pytest.raises(Refused, match=r"看不见|网页代码|超过"):
            raise_objection(SYSTEM, notice, **said)
    assert not Objection.objects.exists()


def test_texts_are_found_wherever_they_are_given() -> None:
    @dataclass(frozen=True)
    class Given:
        name: str
        number: int = 0

    deep = ([{"a": ["b", OVERRIDE]}], {"a": [("b", OVERRIDE)]}, [[[OVERRIDE]]])
    for value in (OVERRIDE, Given(OVERRIDE), {"a": OVERRIDE}, ["a", OVERRIDE], (OVERRIDE,), *deep):
        with pytest.raises(Refused, match="U\\+202E"):
            require_readable({"value": value})
    require_readable(
        {"password": OVERRIDE, "new_password": OVERRIDE, "given": {"password": OVERRIDE}, "n": 1, "b": b"\x07"}
    )
    require_readable({"text": "10<sup>2</sup>"}, markup=True)


@pytest.mark.django_db
def test_a_password_is_as_it_is() -> None:
    f.centre()
    answer = Client().post("/sign-in/", {"username": "nobody", "password": f"<b>{OVERRIDE}</b>"})
    assert answer.status_code == 200


def test_a_table_names_row_and_column() -> None:
    content = f"姓名,备注\n赵一,好\n钱二,<b>好</b>\n孙{OVERRIDE}三,好\n李四,\u3164\n".encode()
    headings = [Heading("name", "姓名"), Heading("remark", "备注")]
    (table,) = read_tables("名册.csv", content, headings)
    assert [(p.row, p.column) for p in table.problems] == [(3, "备注"), (4, "姓名"), (5, "备注")]
    (items,) = read_tables("试题.csv", content, headings, looked_at=False)
    assert items.problems == []


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("stem", {"stem": f"甲{OVERRIDE}乙"}),
        ("B", {"options": ("1", f"2{BELL}")}),
        ("explanation", {"explanation": ISOLATE}),
        ("explanation", {"explanation": "\u3164"}),
        ("A", {"options": ("10", "10\u200b")}),
    ],
)
def test_an_item_is_looked_at_by_its_own_rules_and_may_hold_its_markup(part: str, changes: dict[str, Any]) -> None:
    sound = ItemRow("", "single", 3, "10<sup>2</sup> 是", ("1", "100"), "B")
    assert problems_by_part(sound) == []
    assert [place for place, _ in problems_by_part(replace(sound, **changes))] == [part]


def forms_of_the_product() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(assay.__path__, "assay."):
        if not module.name.startswith(NOT_THERE) and not any(part in RUN for part in module.name.split(".")):
            importlib.import_module(module.name)
    yield from (form for form in _below(forms.BaseForm) if form.__module__.startswith("assay."))


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for own in kind.__subclasses__():
        yield own
        yield from _below(own)


def test_a_reason_is_kept_whole_or_not_at_all() -> None:
    assert uncut(f" {'由' * 200}\n", 200, "撤销原因") == "由" * 200
    with pytest.raises(Refused, match="“撤销原因”最多 200 个字，现有 201 个，请缩短后再提交"):
        uncut("由" * 201, 200, "撤销原因")


def test_every_text_of_every_form_has_an_end() -> None:
    found = set(forms_of_the_product())
    assert len(found) > 40
    endless = [
        f"{form.__qualname__}.{name}"
        for form in found
        if not issubclass(form, PlainForm | RowForm | OwnPasswordForm)
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(field, forms.CharField) and field.max_length is None
    ]
    assert endless == []
    late = [
        form
        for form in found
        if "forms.CharField(" in inspect.getsource(form.__init__) and "max_length" not in inspect.getsource(form)
    ]
    assert late == []


def test_a_long_text_of_a_form_loses_what_shows_nothing_and_a_name_is_refused() -> None:
    class Page(PlainForm):
        name = forms.CharField()
        text = forms.CharField(widget=forms.Textarea)

    pasted = Page({"name": "信息系", "text": " \ufeff第三周\u200b停\u00ad课 👩\u200d🔧\u200b "})
    assert pasted.is_valid()
    assert pasted.cleaned_data["text"] == "第三周停课 👩\u200d🔧"
    assert set(Page({"name": "信息系\u200b", "text": "\u3164\u200b"}).errors) == {"name", "text"}
    assert "方向标记" in str(Page({"name": "一", "text": f"甲{OVERRIDE}乙"}).errors["text"])


@pytest.mark.django_db
def test_forms_with_the_look_of_the_house_and_the_own_password_have_one() -> None:
    class Page(PlainForm):
        text = forms.CharField()

    assert Page({"text": "a" * LONGEST_OF_THE_HOUSE}).is_valid()
    assert not Page({"text": "a" * (LONGEST_OF_THE_HOUSE + 1)}).is_valid()
    for field in OwnPasswordForm(f.staff("L1")).fields.values():
        assert any(isinstance(validator, MaxLengthValidator) for validator in field.validators)
