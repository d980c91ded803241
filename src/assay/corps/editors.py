"""The corps on screen: people, and cards with what they are good for and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from assay.catalogue.notation import words
from assay.centre import parameters
from assay.centre.editing import Editor, RowForm
from assay.centre.models import Account, Department
from assay.corps.acts import CARDS, MEMBERS
from assay.corps.cards import last_day
from assay.corps.models import Card, Member
from assay.kernel.clock import today
from assay.kernel.identity import mask
from assay.kernel.listing import Column, Filter
from assay.kernel.templatetags.pieces import badge

READERS = ("L1", "L2", "E1", "E2", "E6", "X1", "X3", "Q1", "Q5")
TABS = (("人员", "corps:members_list"), ("证卡", "corps:cards_list"), ("账号", "corps:accounts"))
SOON = timedelta(days=90)


class MemberForm(RowForm):
    classes = forms.CharField(
        label="任教班级", required=False, help_text="用顿号隔开。任教的班级应当回避，不安排监考、考评。"
    )

    class Meta:
        model = Member
        fields = (
            "name", "id_number", "education", "title", "qualification", "honours", "years", "employer", "department",
            "phone", "classes", "account", "active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_number"].required = True
        self.fields["id_number"].help_text = "18 位。性别、出生日期按身份证号得出，不必另填。"
        self.initial["classes"] = "、".join(self.instance.classes)
        account = self.fields["account"]
        assert isinstance(account, forms.ModelChoiceField)
        account.queryset = Account.objects.filter(kind="staff").filter(Q(member=None) | Q(member=self.instance.pk))

    def clean_classes(self) -> list[str]:
        return words(self.cleaned_data["classes"])


class CardForm(RowForm):
    class Meta:
        model = Card
        fields = ("member", "role", "number", "valid_from", "valid_to", "occupations")
        widgets = {"occupations": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = parameters.number("card.years")
        self.fields["valid_to"].required = False
        self.fields[
            "valid_to"
        ].help_text = f"考评员、督导员证卡有效期不超过 {years} 年；不填即自发证日期起 {years} 年。"

    def clean(self) -> dict[str, Any]:
        """The end that was left out is as late as it may be."""
        given = super().clean() or {}
        if given.get("valid_from") and not given.get("valid_to") and "valid_to" not in self.errors:
            given["valid_to"] = last_day(given["valid_from"], parameters.number("card.years"))
        return given


def _account_of(member: Member) -> Sequence[tuple[str, str]]:
    """Where somebody without an account gets one."""
    if member.account_id is not None or not member.active:
        return ()
    return [("建立账号", f"{reverse('corps:accounts')}?member={member.pk}")]


def _standing(card: Card) -> tuple[str, str]:
    """Whether a card is in force, as a word with its colour."""
    day = today()
    if card.in_force(day):
        return ("将到期", "orange") if card.valid_to - day < SOON else ("有效", "green")
    return ("已过期" if card.valid_to < day else "未生效"), "red"


def _too_long(card: Card) -> str:
    """That a card is in force for longer than the rules allow; empty when it is not."""
    years = parameters.number("card.years") if card.role in Card.LIMITED else 0
    if not years or not card.too_long(years):
        return ""
    return f"有效期超过 {years} 年，应最迟到 {last_day(card.valid_from, years)}"


def _state(card: Card) -> str:
    said, too_long = badge(*_standing(card)), _too_long(card)
    return format_html("{} {}", said, badge(too_long, "red")) if too_long else said


def _state_said(card: Card) -> str:
    return "；".join(filter(None, [_standing(card)[0], _too_long(card)]))


def _validity(value: str) -> Q:
    day = today()
    if value == "long":
        years = parameters.number("card.years")
        limited = Card.objects.filter(role__in=Card.LIMITED)
        return Q(pk__in=[card.pk for card in limited if card.too_long(years)])
    return {
        "good": Q(valid_from__lte=day, valid_to__gte=day),
        "soon": Q(valid_to__gte=day, valid_to__lt=day + SOON),
        "over": Q(valid_to__lt=day),
    }[value]


def _member_filters() -> Sequence[Filter]:
    return [
        Filter("department", "部门", list(Department.objects.values_list("pk", "name")), "department"),
        Filter("role", "证卡", Card.ROLES, lambda role: Q(pk__in=Card.objects.filter(role=role).values("member"))),
    ]


members: Editor[Any] = Editor(
    MEMBERS, "members", MemberForm,
    [
        Column("姓名", lambda m: m.name, "name"), Column("性别", lambda m: m.sex),
        Column("身份证号", lambda m: mask(m.id_number)), Column("部门", lambda m: str(m.department or m.employer)),
        Column("职称", lambda m: m.title, "title"), Column("职业资格", lambda m: m.qualification),
        Column("证卡", lambda m: "、".join(c.get_role_display() for c in m.cards.all())),
        Column("任教班级", lambda m: "、".join(m.classes)),
        Column("账号", lambda m: m.account.username if m.account else "没有"),
        Column("在岗", lambda m: "是" if m.active else "否"),
    ],
    rows=lambda: Member.objects.select_related("department", "account").prefetch_related("cards"), filters=_member_filters,
    readers=READERS, search=("name",), search_hint="姓名", order="id", tabs=TABS, shows_identity="队伍人员（身份证号）",
    links=_account_of,
)  # fmt: skip
cards: Editor[Any] = Editor(
    CARDS, "cards", CardForm,
    [
        Column("证卡编号", lambda c: c.number, "number"), Column("姓名", lambda c: c.member.name, "member__name"),
        Column("类别", lambda c: c.get_role_display()),
        Column("发证日期", lambda c: str(c.valid_from), "valid_from", lambda c: c.valid_from),
        Column("有效期至", lambda c: str(c.valid_to), "valid_to", lambda c: c.valid_to), Column("状态", _state, plain=_state_said),
        Column("考评职业", lambda c: "、".join(o.name for o in c.occupations.all())),
    ],
    rows=lambda: Card.objects.select_related("member").prefetch_related("occupations"),
    filters=lambda: [
        Filter("role", "类别", Card.ROLES, "role"),
        Filter("validity", "有效期", [("good", "有效"), ("soon", "90 天内到期"), ("over", "已过期"), ("long", "超过规定年限")], _validity),
    ],
    readers=READERS, search=("number", "member__name"), search_hint="编号或姓名", order="number", tabs=TABS,
    hint="证卡不在有效期内的，不能安排监考、考评、督导（工作方案 三(四)2）。",
)  # fmt: skip
