"""The duties of the plan (§三(一)) and of those who act in an exam. Pure data: code, group, what is owed, source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.kernel.acts import OWN
from assay.kernel.clauses import PLAN


@dataclass(frozen=True)
class Duty:
    code: str
    group: str
    text: str
    clause: str


_LEADING = "领导小组"
_EXAM = "考务管理组"
_SUPERVISION = "内部质量督导组"
_EXPERTS = "专家考评组"
_EQUIPMENT = "设备保障组"
_FINANCE = "财务监督组"
_ROLES = "考试岗位"


def _of_plan(code: str, group: str, clause: str) -> Duty:
    """A duty that the plan gives a group, in the words of its clause."""
    return Duty(code, group, PLAN[clause], clause)


DUTIES: dict[str, Duty] = {
    d.code: d
    for d in (
        Duty("L1", _LEADING, "贯彻政策，设立机构、配备人员、协调部门，指导备案", "三(一)1"),
        Duty("L2", _LEADING, "审核工作计划和报告，监督检查处理重大问题", "三(一)1"),
        _of_plan("E1", _EXAM, "三(一)2(1)①"),
        _of_plan("E2", _EXAM, "三(一)2(1)②"),
        _of_plan("E3", _EXAM, "三(一)2(1)③"),
        _of_plan("E4", _EXAM, "三(一)2(1)④"),
        _of_plan("E5", _EXAM, "三(一)2(1)⑤"),
        _of_plan("E6", _EXAM, "三(一)2(1)⑥"),
        _of_plan("E7", _EXAM, "三(一)2(1)⑦"),
        _of_plan("E8", _EXAM, "三(一)2(1)⑧"),
        _of_plan("E9", _EXAM, "三(一)2(1)⑨"),
        _of_plan("E10", _EXAM, "三(一)2(1)⑩"),
        _of_plan("E11", _EXAM, "三(一)2(1)⑪"),
        _of_plan("E12", _EXAM, "三(一)2(1)⑫"),
        _of_plan("E13", _EXAM, "三(一)2(1)⑬"),
        _of_plan("E14", _EXAM, "三(一)2(1)⑭"),
        _of_plan("E15", _EXAM, "三(一)2(1)⑮"),
        _of_plan("Q1", _SUPERVISION, "三(一)2(2)①"),
        _of_plan("Q2", _SUPERVISION, "三(一)2(2)②"),
        _of_plan("Q3", _SUPERVISION, "三(一)2(2)③"),
        _of_plan("Q4", _SUPERVISION, "三(一)2(2)④"),
        _of_plan("Q5", _SUPERVISION, "三(一)2(2)⑤"),
        _of_plan("Q6", _SUPERVISION, "三(一)2(2)⑥"),
        _of_plan("Q7", _SUPERVISION, "三(一)2(2)⑦"),
        _of_plan("X1", _EXPERTS, "三(一)2(3)①"),
        _of_plan("X2", _EXPERTS, "三(一)2(3)②"),
        _of_plan("X3", _EXPERTS, "三(一)2(3)③"),
        _of_plan("X4", _EXPERTS, "三(一)2(3)④"),
        _of_plan("D1", _EQUIPMENT, "三(一)2(4)①"),
        _of_plan("D2", _EQUIPMENT, "三(一)2(4)②"),
        _of_plan("D3", _EQUIPMENT, "三(一)2(4)③"),
        _of_plan("F1", _FINANCE, "三(一)2(5)①"),
        _of_plan("F2", _FINANCE, "三(一)2(5)②"),
        Duty("R1", _ROLES, "组织本系学生报名并资格初审", "五(五)3"),
        Duty("R2", _ROLES, "监考：核验身份，维持秩序，记录考场", "四(一)6"),
        Duty("R3", _ROLES, "考评：在规定时间内独立评分", "四(一)7(1)"),
        Duty("R4", _ROLES, "命题、审题", "三(五)"),
        Duty("C1", "考生", "本人报名、查询、申请复核", "四(一)2"),
        Duty(OWN, "本人", "保管本人的账号：密码、登录、两步验证", "三(一)2(1)⑪"),
        Duty("SYS", "系统", "按规则自动执行：收卷、判分、投递消息", "四(一)7(1)"),
    )
}

HELD_BY_NO_POST = frozenset({"C1", OWN, "SYS"})

SENSITIVE = frozenset({"L1", "L2", "E4", "E5", "E7", "E8", "E9", "E10", "E13", "Q4", "X4"})
"""Whoever holds one can do what cannot be undone, or reads what nobody else may: accounts, parameters and approvals (L1, L2),
eligibility and candidates' data (E4, E5), papers sealed and opened (E7, E8, and Q4 beside a keeper), results (E9), archive and
ledger (E10), certificates (E13), the item bank (X4)."""


def in_words(codes: Iterable[str]) -> str:
    """Duties as people read them; what is no code of the plan stays as it is."""
    return "；".join(DUTIES[code].text if code in DUTIES else code for code in codes)
