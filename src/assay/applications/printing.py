"""《职业技能等级认定备案表》 from the tables (work plan §四(一)2: in duplicate)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.applications.basis import Taken, taken_by
from assay.applications.certified import numbers_of
from assay.applications.models import Application, ReviewDecision
from assay.applications.reviews import Step
from assay.batches.models import Batch
from assay.batches.registers import register
from assay.batches.stages import Route
from assay.catalogue.parts import SHORT
from assay.centre.models import Centre
from assay.kernel import files
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks

FOR_SCHOOL = "第二联　学校留存"
COPIES = ("第一联　考生留存", FOR_SCHOOL)
PLEDGE = "本人承诺：所填内容和所附材料真实有效，遵守考场规则和认定纪律，如有虚假或违纪，愿承担由此产生的一切后果。"


def application_form(applications: Sequence[Application], copies: Sequence[str] = COPIES) -> bytes:
    """The copies of each application: both, or one of them."""
    centre = Centre.objects.get()
    pictures: dict[str, bytes] = {}
    numbers = numbers_of(applications)
    papers = [
        _form(a, taken, copy, centre, pictures, numbers.get(a.pk, ""))
        for a, taken in zip(applications, taken_by(applications), strict=True)
        for copy in copies
    ]
    days = [d.at.astimezone(SHANGHAI).date() for a in applications for d in a.decisions.all()]
    day = max(days, default=applications[0].batch.apply_from if applications else None)
    return render_blocks(papers, files=pictures, demo=centre.is_demo, on=day)


def review_summary(batch: Batch) -> bytes:
    """《资格审核汇总表》: everybody who handed in and stayed, what the department and the centre said last, and where it stands.
    For the file: with whole ID numbers."""
    applications = (
        Application.objects.filter(batch=batch)
        .exclude(state__in=[Application.State.DRAFT, Application.State.WITHDRAWN])
        .select_related("applicant__department", "line__scope_row__occupation", "line__level", "condition")
        .prefetch_related("decisions")
        .order_by("line__scope_row__no", "applicant__sort_key", "pk")
    )
    rows = [
        [
            n, a.applicant.name, a.applicant.id_number, a.applicant.department, a.line, a.condition.code if a.condition else "",
            _said_last(a, Step.FIRST), _said_last(a, Step.CENTRE), a.get_state_display(),
        ]
        for n, a in enumerate(applications, start=1)
    ]  # fmt: skip
    head = ["序号", "姓名", "证件号码", "院系部门", "工种等级", "申报条件", "系部初审", "认定中心审核", "结论"]
    widths = ["12mm", "24mm", "38mm", "30mm", "1fr", "18mm", "36mm", "36mm", "22mm"]
    return register(batch, "资格审核汇总表", head, rows, widths, signed_by=["资格审核员", "认定中心主任"])


def _said_last(application: Application, step: str) -> str:
    decision = _last(application, step)
    if decision is None:
        return ""
    day = f"{decision.at.astimezone(SHANGHAI):%Y-%m-%d}"
    return " ".join(filter(None, [decision.get_verdict_display(), decision.by, day, decision.reason]))


def _last(application: Application, step: str) -> ReviewDecision | None:
    """The latest decision at a step, of decisions at hand."""
    return max((d for d in application.decisions.all() if d.step == step), key=lambda d: d.at, default=None)


def _form(
    application: Application, taken: Sequence[Taken], copy: str, centre: Centre, pictures: dict[str, bytes], number: str
) -> list[b.Block]:
    applicant, line = application.applicant, application.line
    photo = "-"
    if applicant.photo_id:
        photo = f"{applicant.photo_id[:24]}.jpg"
        pictures[photo] = files.read(applicant.photo_id)
    return [
        b.title("职业技能等级认定备案表", above=centre.name, below=copy, whose=f"{who(application)}　{copy}"),
        b.pairs(
            ["姓名", applicant.name, "性别", applicant.sex],
            ["证件类型", applicant.get_id_type_display(), "民族", applicant.ethnic],
            ["证件号码", applicant.id_number],
            ["出生日期", _day(applicant.birth), "文化程度", applicant.education],
            ["院系部门", str(applicant.department or ""), "班级", applicant.class_name],
            ["专业", str(applicant.major or ""), "学号/工号", applicant.student_no],
            ["联系电话", applicant.phone, "考生来源", applicant.get_source_display()],
            photo=photo,
        ),
        b.pairs(
            ["认定批次", application.batch.name, "认定方式", application.batch.get_route_display()],
            ["职业名称", line.scope_row.occupation.name, "职业编码", line.scope_row.occupation.code],
            ["工种/方向", line.scope_row.job or "--", "申报等级", line.level.title],
            *_basis(application, taken),
        ),
        b.box("本人承诺", PLEDGE, height_mm=22, signed="申报人签名：　　　　　　　年　　月　　日"),
        *[
            _review(application, step, title)
            for step, title in ((Step.FIRST, "系部初审"), (Step.CENTRE, "认定中心审核"))
        ],
        *_outcome(application, number),
    ]


def who(application: Application) -> str:
    """The candidate, with the number at the school where there is one: two may be called the same."""
    return f"{application.applicant.name} {application.applicant.student_no}".rstrip()


def _day(day: Any) -> str:
    return f"{day:%Y年%m月%d日}" if day else ""


def _basis(application: Application, taken: Sequence[Taken]) -> list[list[str]]:
    """What the application relies on, by its route; `taken` are its parts."""
    facts, rows = application.route_facts, []
    if application.condition is not None:
        rows.append(["申报条件", f"{application.condition.code} {application.condition.text}"])
        rows.append(["考试类别", "；".join(map(str, taken))])
    if facts.get("certificate"):
        rows.append(
            [
                "1+X 证书",
                f"{facts['certificate']}（{facts.get('certificate_level', '')}）",
                "证书编号",
                facts.get("number", ""),
            ]
        )
    if facts.get("courses"):
        rows.append(["课程成绩", "；".join(f"{c['name']} {c['mark']}" for c in facts["courses"])])
    if facts.get("contest"):
        rows.append(
            ["竞赛", facts["contest"], "名次/成绩", f"第 {facts.get('rank') or '—'} 名 / {facts.get('score') or '—'}"]
        )
    if application.prior_certificate:
        rows.append(["原证书编号", application.prior_certificate])
    if application.again:
        rows.append(
            ["再次认定", f"{application.again['reason']}（{application.again['by']}，{application.again['on']}）"]
        )
    evidence = "、".join(e.title for e in application.evidence.all())
    if evidence:
        rows.append(["证明材料", evidence])
    return rows


def _review(application: Application, step: str, title: str) -> b.Block:
    decision = _last(application, step)
    if decision is None:
        return b.box(
            title, "", height_mm=20, signed="审核人：　　　　　签名：＿＿＿＿＿＿＿＿　（章）　　　　年　　月　　日"
        )
    said = f"{decision.get_verdict_display()}。{decision.reason}"
    day = f"{decision.at.astimezone(SHANGHAI):%Y年%m月%d日}"
    signed = f"审核人：{decision.by}　　签名：＿＿＿＿＿＿＿＿　（章）　　{day}"
    return b.box(title, said, height_mm=20, signed=signed)


def _outcome(application: Application, number: str) -> list[b.Block]:
    result = getattr(application, "result", None)
    # The candidate reads this paper too: nothing of the exam's outcome before it is released (四(一)7(3)).
    if result is None or (application.batch.route == Route.EXAM and result.released_at is None):
        return [b.box("认定结果", "", height_mm=16, signed="（认定中心章）　　年　　月　　日")]
    marks = [f"{title} {result.said(part)}" for part, title in SHORT.items() if result.said(part)]
    said = "，".join([*marks, result.get_outcome_display()]) + (f"。证书编号 {number}" if number else "。")
    return [b.box("认定结果", said, height_mm=16, signed="（认定中心章）　　年　　月　　日")]
