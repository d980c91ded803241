"""The duties of the plan (§三(一)) and of those who act in an exam. Pure data: code, group, what is owed, source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.kernel.acts import OWN


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

DUTIES: dict[str, Duty] = {
    d.code: d
    for d in (
        Duty("L1", _LEADING, "贯彻政策，设立机构、配备人员、协调部门，指导备案", "三(一)1"),
        Duty("L2", _LEADING, "审核工作计划和报告，监督检查处理重大问题", "三(一)1"),
        Duty("E1", _EXAM, "制定年度等级认定计划", "三(一)2(1)①"),
        Duty("E2", _EXAM, "依据计划协调相关部门落实认定工作", "三(一)2(1)②"),
        Duty("E3", _EXAM, "宣传、组织、咨询服务", "三(一)2(1)③"),
        Duty("E4", _EXAM, "审核申报人员资格", "三(一)2(1)④"),
        Duty("E5", _EXAM, "考生信息录入及上报", "三(一)2(1)⑤"),
        Duty("E6", _EXAM, "考场准备", "三(一)2(1)⑥"),
        Duty("E7", _EXAM, "试卷提取及保管", "三(一)2(1)⑦"),
        Duty("E8", _EXAM, "考试事务，检查问题并及时汇报", "三(一)2(1)⑧"),
        Duty("E9", _EXAM, "成绩统计、分析、汇总、造册、上报", "三(一)2(1)⑨"),
        Duty("E10", _EXAM, "文件及档案管理", "三(一)2(1)⑩"),
        Duty("E11", _EXAM, "遵守工作规则，保密", "三(一)2(1)⑪"),
        Duty("E12", _EXAM, "向省中心提供认定报告，评价考评小组", "三(一)2(1)⑫"),
        Duty("E13", _EXAM, "证书打印及发放", "三(一)2(1)⑬"),
        Duty("E14", _EXAM, "认定工作总结及年度报告", "三(一)2(1)⑭"),
        Duty("E15", _EXAM, "上级交办的其他工作", "三(一)2(1)⑮"),
        Duty("Q1", _SUPERVISION, "督导员的培训、聘用、评价和管理", "三(一)2(2)①"),
        Duty("Q2", _SUPERVISION, "制定质量督导计划", "三(一)2(2)②"),
        Duty("Q3", _SUPERVISION, "督导法规、规章和政策的执行", "三(一)2(2)③"),
        Duty("Q4", _SUPERVISION, "对认定全过程实施督导", "三(一)2(2)④"),
        Duty("Q5", _SUPERVISION, "督导条件、范围、题库、资格、程序、秩序、证书", "三(一)2(2)⑤"),
        Duty("Q6", _SUPERVISION, "调查核实违规违纪举报", "三(一)2(2)⑥"),
        Duty("Q7", _SUPERVISION, "研究重大问题，报告并建议", "三(一)2(2)⑦"),
        Duty("X1", _EXPERTS, "专家和考评员的培训、聘用、评价和管理", "三(一)2(3)①"),
        Duty("X2", _EXPERTS, "安排专家技术指导", "三(一)2(3)②"),
        Duty("X3", _EXPERTS, "安排考评员考评", "三(一)2(3)③"),
        Duty("X4", _EXPERTS, "组织开发试题和题库", "三(一)2(3)④"),
        Duty("D1", _EQUIPMENT, "配备设施设备，保证正常使用", "三(一)2(4)①"),
        Duty("D2", _EQUIPMENT, "编制维护和安全使用制度", "三(一)2(4)②"),
        Duty("D3", _EQUIPMENT, "提出合理化建议", "三(一)2(4)③"),
        Duty("F1", _FINANCE, "资金保障", "三(一)2(5)①"),
        Duty("F2", _FINANCE, "监督资金使用", "三(一)2(5)②"),
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
