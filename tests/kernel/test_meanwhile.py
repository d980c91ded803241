"""Who saves second changes what was touched, and nothing else: in every form that edits what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assay.batches.models import AnnualPlan, Batch
from assay.centre.models import Centre, Department, Post
from assay.kernel import meanwhile
from tests import factories as f

TEXTS = st.sampled_from(["", "甲", "乙", "丙\n丁"])
CHOICES = st.sampled_from(["", "1", "2"])


class Notes(forms.Form):
    text = forms.CharField(required=False, widget=forms.Textarea)
    choice = forms.ChoiceField(required=False, choices=[("", "未选"), ("1", "一"), ("2", "二")])
    tick = forms.BooleanField(required=False)
    many = forms.MultipleChoiceField(required=False, choices=[("1", "一"), ("2", "二")])


VALUES = st.fixed_dictionaries(
    {"text": TEXTS, "choice": CHOICES, "tick": st.booleans(), "many": st.lists(st.sampled_from("12"), unique=True)}
)


def as_sent(values: dict[str, Any], opened_on: dict[str, Any]) -> QueryDict:
    """What a browser sends of a page that opened on `opened_on`."""
    data = QueryDict(mutable=True)
    data["text"], data["choice"] = str(values["text"]).replace("\n", "\r\n"), values["choice"]
    if values["tick"]:
        data["tick"] = "on"
    data.setlist("many", values["many"])
    data[meanwhile.FIELD] = meanwhile.opened(Notes(initial=opened_on))
    return data


@given(was=VALUES, mine=VALUES, now=VALUES)
def test_a_field_that_i_left_alone_follows_the_other_and_one_that_i_changed_is_mine(was, mine, now) -> None:
    form = meanwhile.taken_in(Notes(as_sent(mine, was)), Notes(initial=now))
    named = set(form.errors)
    again = Notes(form.data)
    assert again.is_valid()
    kept = {**again.cleaned_data, "many": sorted(again.cleaned_data["many"])}
    for name in Notes.base_fields:
        of_was, of_mine, of_now = (
            sorted(one[name]) if name == "many" else one[name].replace("\n", "\r\n") if name == "text" else one[name]
            for one in (was, mine, now)
        )
        got = kept[name].replace("\r\n", "\n").replace("\n", "\r\n") if name == "text" else kept[name]
        assert got == (of_now if of_mine == of_was else of_mine)
        assert (name in named) == (of_was not in (of_mine, of_now) and of_mine != of_now)
    assert meanwhile.shown_by(form) == meanwhile.opened(Notes(initial=now)), "a third change is told from here on"


class Editor:
    """Somebody with a browser before an edit form: opens it, types, saves, goes on with what came back."""

    def __init__(self, url: str, *duties: str) -> None:
        self.url, self.client = url, Client()
        self.client.force_login(f.staff(*duties), "django.contrib.auth.backends.ModelBackend")
        self.page = self.client.get(url).content.decode()

    def fields(self) -> dict[str, str]:
        """What the browser would send of the form that the page shows, single values only."""
        form = next(
            one for one in re.findall(r"<form method=\"post\".*?</form>", self.page, re.S) if 'name="shown"' in one
        )
        found = {}
        for tag in re.findall(r"<input[^>]*>", form):
            kind, name, value = (_attribute(tag, one) for one in ("type", "name", "value"))
            if name and kind not in ("checkbox", "file"):
                found[name] = value
            elif name and " checked" in tag:
                found[name] = value or "on"
        for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
            found[name] = unescape(text)
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
            chosen = re.search(r'value="([^"]*)" selected', options)
            found[name] = chosen[1] if chosen else ""
        return {name: value for name, value in found.items() if "__prefix__" not in name}

    def save(self, **typed: str) -> bool:
        """Whether it was saved; otherwise the page says why not."""
        answer = self.client.post(
            self.url, {**self.fields(), **{name.replace("__", "-"): v for name, v in typed.items()}}
        )
        self.page = answer.content.decode()
        return answer.status_code == 302


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("exam", lines=[(f.scope_row("车工"), "4", 30), (f.scope_row("保育师"), "3", 12)])


@pytest.mark.django_db
def test_saving_a_batch_again_does_not_write_older_fields_over_anothers(batch: Batch) -> None:
    url = reverse("batches:edit", args=[batch.pk])
    first, second = Editor(url, "E1"), Editor(url, "E1")
    later = batch.apply_to + timedelta(days=2)
    assert first.save(apply_to=str(later), notice_text="甲的公告", lines__0__planned="35")
    assert not second.save(name="乙的名称", notice_text="乙的公告", lines__1__planned="15")
    assert "别人现在填的是“甲的公告”" in second.page
    assert "乙的公告" in second.page
    assert second.save()
    batch.refresh_from_db()
    assert (batch.name, batch.apply_to, batch.notice_text) == ("乙的名称", later, "乙的公告")
    assert list(batch.lines.values_list("planned", flat=True)) == [35, 15]


@pytest.mark.django_db
def test_jobs_that_another_added_or_took_out_stay_so(batch: Batch) -> None:
    url = reverse("batches:edit", args=[batch.pk])
    first, second = Editor(url, "E1"), Editor(url, "E1")
    new = f.scope_row("收银员")
    assert first.save(
        lines__TOTAL_FORMS="3",
        lines__1__DELETE="on",
        lines__2__what=f"{new.pk}:{f.level('5').pk}",
        lines__2__planned="8",
    )
    assert not second.save(lines__0__planned="40", lines__1__planned="20")
    assert "保育师" in second.page
    assert "别人现在填的是 不列这一项，您填的是 20 人" in second.page
    assert second.save()
    assert sorted(batch.lines.values_list("scope_row__job", "planned")) == [("保育师", 20), ("收银员", 8), ("车工", 40)]


@pytest.mark.django_db
def test_a_page_that_comes_back_for_another_mistake_still_knows_what_it_opened_on(batch: Batch) -> None:
    url = reverse("batches:edit", args=[batch.pk])
    first, second = Editor(url, "E1"), Editor(url, "E1")
    assert not second.save(name="", scheme="乙的方案")
    assert first.save(notice_text="甲的公告", scheme="甲的方案")
    assert not second.save(name="乙的名称")
    assert "别人现在填的是“甲的方案”" in second.page
    assert second.save()
    batch.refresh_from_db()
    assert (batch.name, batch.notice_text, batch.scheme) == ("乙的名称", "甲的公告", "乙的方案")


def _centre() -> tuple[Callable[[], Centre], str, str, str]:
    f.centre()
    return Centre.objects.get, "centre:profile", "phone", "address"


def _department() -> tuple[Callable[[], Department], str, str, str]:
    row = f.department()
    return lambda: Department.objects.get(pk=row.pk), "centre:departments_edit", "code", "name"


def _post() -> tuple[Callable[[], Post], str, str, str]:
    row = Post.objects.create(code="p0", title="岗位", group="测试", duties=["E3"])
    return lambda: Post.objects.get(pk=row.pk), "centre:posts_edit", "title", "group"


def _plan() -> tuple[Callable[[], AnnualPlan], str, str, str]:
    row = f.annual_plan(state="draft")
    return lambda: AnnualPlan.objects.get(pk=row.pk), "batches:plan_edit", "title", "text"


@pytest.mark.django_db
@pytest.mark.parametrize("made", [_centre, _department, _post, _plan])
def test_every_edit_form_keeps_what_the_other_changed_and_i_did_not(made: Callable[[], Any]) -> None:
    row, name, mine, theirs = made()
    url = reverse(name, args=[] if name == "centre:profile" else [row().pk])
    first, second = Editor(url, "L1", "E1"), Editor(url, "L1", "E1")
    assert first.save(**{theirs: "甲填的"})
    assert not second.save(**{mine: "乙填的"})
    assert "您没有动过的各栏已换成现在的内容" in second.page
    assert second.save()
    assert (getattr(row(), mine), getattr(row(), theirs)) == ("乙填的", "甲填的")


@pytest.mark.parametrize("sent", ["", "no json", "[]", '{"name": "x"}', '{"name": [1]}'])
def test_a_page_that_says_nothing_of_what_it_showed_is_taken_to_mean_every_field(sent: str) -> None:
    assert meanwhile.read({meanwhile.FIELD: sent}) == {}
    data = QueryDict(mutable=True)
    data["text"], data[meanwhile.FIELD] = "我填的", sent
    form = meanwhile.taken_in(Notes(data), Notes(initial={"text": "别人填的"}))
    assert form["text"].value() == "我填的"
    assert "别人填的" in form.errors["text"][0]
