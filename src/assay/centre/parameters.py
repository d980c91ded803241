"""Parameters: every number of a rule is a default with its source shown, never a constant buried in code.

A centre sets another value on screen, with the document that allows it (`centre.acts.set_parameter`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assay.centre.models import ParameterValue

MOST = 5000
"""No rule counts further, in years as little as in days: beyond it there is no calendar."""


NOBODY, SENSITIVE_DUTIES, EVERYBODY = "nobody", "sensitive", "everybody"
"""Who needs a second factor."""


@dataclass(frozen=True)
class Parameter:
    """`kind` is int, decimal, text or choice (one of `choices`: value and title); `default` is its text form; `source` says where
    the number comes from."""

    key: str
    title: str
    kind: str
    default: str
    unit: str
    source: str
    least: int = 0
    most: int = MOST
    choices: tuple[tuple[str, str], ...] = ()

    def shown(self, text: str) -> str:
        """A value as people read it."""
        return dict(self.choices).get(text, text)

    @property
    def range(self) -> str:
        """What may be typed, in Chinese; nothing where any number will do."""
        return f"{self.least} 至 {self.most}" if (self.least, self.most) != (0, MOST) else ""

    @property
    def ruled(self) -> bool:
        """Whether a rule sets it, so that another value needs a document: numbers are, the centre's own addresses are not."""
        return self.kind != "text"

    def parse(self, text: str) -> int | Decimal | str:
        """The value; ValueError when the text is not of its kind, or less or more than any rule can mean."""
        if self.kind == "choice" and text not in dict(self.choices):
            raise ValueError(text)
        if self.kind in ("text", "choice"):
            return text
        try:
            value = int(text) if self.kind == "int" else Decimal(text)
            if not self.least <= value <= self.most:
                raise ValueError(text)
        except InvalidOperation as wrong:
            raise ValueError(text) from wrong
        return value


PARAMETERS: dict[str, Parameter] = {
    p.key: p
    for p in (
        Parameter("filing.lead_working_days", "认定计划提前上报", "int", "10", "工作日", "工作方案 四(一)4"),
        Parameter(
            "notice.working_days",
            "公示期",
            "int",
            "5",
            "工作日",
            "外省院校做法；工作方案 二(四) 校内充分公示",
        ),
        Parameter(
            "score_check.working_days",
            "成绩复核申请期",
            "int",
            "10",
            "工作日",
            "通行做法，各地 5 至 10 个工作日",
        ),
        Parameter("results.pass_mark", "合格分数线", "decimal", "60", "分", "国家职业技能标准 1.9"),
        Parameter("results.part_kept_days", "单科合格成绩保留", "int", "365", "天", "通行做法，默认一年"),
        Parameter("results.resits", "单科补考次数", "int", "1", "次", "河南某校 2026 年通知"),
        Parameter("exam.late_minutes", "迟到禁止入场", "int", "30", "分钟", "各校 15 或 30 分钟"),
        Parameter("exam.earliest_leave_minutes", "最早交卷", "int", "30", "分钟", "通行做法"),
        Parameter("exam.open_minutes", "开考前可启封试卷", "int", "60", "分钟", "通行做法：考前 30 至 60 分钟两人启封"),
        Parameter("exam.grace_seconds", "到时后补传答案", "int", "60", "秒", "本中心约定"),
        Parameter(
            "exam.written_gap_percent",
            "主观题两评允许相差",
            "int",
            "20",
            "% 满分",
            "通行做法：超过本题满分的五分之一由第三人裁定",
        ),
        Parameter("exam.reschedule_minutes", "中断未恢复另行安排", "int", "45", "分钟", "机考考务通行做法"),
        Parameter("exam.arrive_early_minutes", "提前到场", "int", "15", "分钟", "通行做法"),
        Parameter(
            "theory.candidates_per_invigilator",
            "每名监考员考生数",
            "int",
            "15",
            "人",
            "保育师标准 2021 1.9.3",
        ),
        Parameter("theory.minimum_invigilators", "每考场监考员至少", "int", "2", "人", "保育师标准 2021 1.9.3"),
        Parameter("panel.minimum", "考评组至少", "int", "3", "人", "保育师标准 2021 1.9.3"),
        Parameter("panel.score_gap", "考评员评分相差复议", "decimal", "15", "分", "本中心约定"),
        Parameter("card.years", "考评员、督导员证卡有效期", "int", "3", "年", "工作方案 三(四)2"),
        Parameter("photo.months", "照片拍摄时间不超过", "int", "6", "个月", "人社鉴发〔2021〕1号"),
        Parameter("archive.paper_years", "纸质档案保存", "int", "3", "年", "工作规程（试行）"),
        Parameter("archive.electronic_years", "电子档案保存", "int", "5", "年", "工作规程（试行）"),
        Parameter("certificate.url", "证书查询网址", "text", "http://jndj.osta.org.cn/", "", "人社鉴发〔2021〕1号"),
        Parameter(
            "certificate.body_url",
            "机构查询网址",
            "text",
            "http://pjjg.osta.org.cn/",
            "",
            "人社鉴发〔2021〕1号",
        ),
        Parameter(
            "second_factor.needed",
            "两步验证（密码加手机验证码）",
            "choice",
            SENSITIVE_DUTIES,
            "",
            "等级保护基本要求 GB/T 22239 8.1.4.1：两种以上鉴别方式",
            choices=((NOBODY, "不要求"), (SENSITIVE_DUTIES, "敏感职责"), (EVERYBODY, "全部工作人员")),
        ),
        Parameter(
            "second_factor.grace_days", "两步验证宽限期", "int", "14", "天", "本中心约定：自首次提醒之日起", most=90
        ),
        Parameter(
            "session.idle_minutes",
            "无操作自动退出",
            "int",
            "60",
            "分钟",
            "等级保护基本要求 GB/T 22239 8.1.4.1",
            least=5,
            most=720,
        ),
        Parameter("session.hours", "一次登录最长", "int", "12", "小时", "本中心约定：一个考试日", least=1, most=24),
        Parameter("password.first_days", "初始密码有效期", "int", "14", "天", "本中心约定", least=1, most=90),
        Parameter("site.url", "本站网址（印在二维码里）", "text", "http://127.0.0.1:8000", "", "本中心约定"),
    )
}


def value(key: str) -> int | Decimal | str:
    """The value in force: the centre's own, else the default. KeyError for an unknown key."""
    parameter = PARAMETERS[key]
    own = ParameterValue.objects.filter(key=key).values_list("value", flat=True).first()
    return parameter.parse(own if own is not None else parameter.default)


def several(*keys: str) -> dict[str, int | Decimal | str]:
    """Several values in force, by one question to the database."""
    own = dict(ParameterValue.objects.filter(key__in=keys).values_list("key", "value"))
    return {key: PARAMETERS[key].parse(own.get(key, PARAMETERS[key].default)) for key in keys}


def number(key: str) -> int:
    found = value(key)
    assert isinstance(found, int)
    return found


def decimal(key: str) -> Decimal:
    return Decimal(value(key))


def text(key: str) -> str:
    return str(value(key))
