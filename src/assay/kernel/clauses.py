"""The clauses of the work plan that rules, acts and papers cite, by their number, with what each is about.

A clause is cited by its number after 工作方案, several with 、 between them. An act that cites one that there is not cannot be declared;
`tests/house/test_clauses.py` looks at every other citation. Source: the school's work plan; wording ours where the plan has no heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SOURCE = "工作方案"
PLAN: Mapping[str, str] = {
    "二(一)": "认定对象",
    "二(二)": "评价标准",
    "二(三)": "职业（工种）范围",
    "二(四)": "评价方式",
    "二(四)1": "考试考核方式",
    "二(四)2": "直接认定方式",
    "二(四)3": "过程化考核方式",
    "二(四)4": "竞赛取证",
    "三(一)": "组织机构保障",
    "三(一)1": "职业技能等级认定工作领导小组",
    "三(一)2": "职业技能等级认定中心",
    "三(一)2(1)": "考务管理组",
    "三(一)2(1)①": "制定年度等级认定计划",
    "三(一)2(1)②": "依据计划协调相关部门落实认定工作",
    "三(一)2(1)③": "宣传、组织、咨询服务",
    "三(一)2(1)④": "审核申报人员资格",
    "三(一)2(1)⑤": "考生信息录入及上报",
    "三(一)2(1)⑥": "考场准备",
    "三(一)2(1)⑦": "试卷提取及保管",
    "三(一)2(1)⑧": "考试事务，检查问题并及时汇报",
    "三(一)2(1)⑨": "成绩统计、分析、汇总、造册、上报",
    "三(一)2(1)⑩": "文件及档案管理",
    "三(一)2(1)⑪": "遵守工作规则，保密",
    "三(一)2(1)⑫": "向省中心提供认定报告，评价考评小组",
    "三(一)2(1)⑬": "证书打印及发放",
    "三(一)2(1)⑭": "认定工作总结及年度报告",
    "三(一)2(1)⑮": "上级交办的其他工作",
    "三(一)2(2)": "内部质量督导组",
    "三(一)2(2)①": "督导员的培训、聘用、评价和管理",
    "三(一)2(2)②": "制定质量督导计划",
    "三(一)2(2)③": "督导法规、规章和政策的执行",
    "三(一)2(2)④": "对认定全过程实施督导",
    "三(一)2(2)⑤": "督导条件、范围、题库、资格、程序、秩序、证书",
    "三(一)2(2)⑥": "调查核实违规违纪举报",
    "三(一)2(2)⑦": "研究重大问题，报告并建议",
    "三(一)2(3)": "专家考评工作组",
    "三(一)2(3)①": "专家和考评员的培训、聘用、评价和管理",
    "三(一)2(3)②": "安排专家技术指导",
    "三(一)2(3)③": "安排考评员考评",
    "三(一)2(3)④": "组织开发试题和题库",
    "三(一)2(4)": "设备保障组",
    "三(一)2(4)①": "配备设施设备，保证正常使用",
    "三(一)2(4)②": "编制维护和安全使用制度",
    "三(一)2(4)③": "提出合理化建议",
    "三(一)2(5)": "财务监督组",
    "三(一)2(5)①": "资金保障",
    "三(一)2(5)②": "监督资金使用",
    "三(二)": "设施设备、场地保障",
    "三(三)": "规章制度保障",
    "三(四)": "人员队伍保障",
    "三(四)1": "三支队伍总体情况",
    "三(四)2": "三支队伍人员选聘的基本条件",
    "三(四)2(1)": "考评员选聘条件",
    "三(四)2(1)⑥": "考评员证（卡）有效期三年",
    "三(四)2(2)": "内部质量督导人员选聘条件",
    "三(四)2(2)④": "质量督导员证（卡）有效期三年",
    "三(四)2(3)": "专家选聘条件",
    "三(五)": "教学、标准、试题保障",
    "三(六)": "质量保障",
    "三(六)1": "质量保障制度",
    "三(六)2": "工作台账、档案资料保管措施",
    "三(六)3": "文件交接制度",
    "三(七)": "信息化保障",
    "三(七)1": "考务管理的信息化",
    "三(七)2": "题库管理的信息化",
    "三(七)3": "考试系统的信息化",
    "三(七)4": "考场的视频监控",
    "三(八)": "经费保障",
    "四(一)": "考试考核方式工作流程",
    "四(一)1": "制定、发布认定工作计划",
    "四(一)2": "组织报名",
    "四(一)3": "资格审核",
    "四(一)3(1)": "逐一审核申报名单",
    "四(一)3(2)": "确定考核人数、地点",
    "四(一)4": "上报认定计划",
    "四(一)5": "打印、下发准考证",
    "四(一)6": "实施认定",
    "四(一)6(1)": "提前检查考场准备情况",
    "四(一)6(2)": "执行监考、考评规则，记录考场，逢考必督",
    "四(一)7": "成绩的认定、发布及复核",
    "四(一)7(1)": "评分认定",
    "四(一)7(2)": "成绩上报审核",
    "四(一)7(3)": "向考生发布成绩，申请复核",
    "四(一)8": "证书核发",
    "四(一)9": "认定资料管理",
    "四(一)9(1)": "备案表",
    "四(一)9(2)": "成绩表、评分表、考场记录等基础资料",
    "四(一)9(3)": "合格人员成绩及证书编号",
    "四(一)9(4)": "视频监控资料",
    "四(一)9(5)": "内部质量督导报告",
    "四(二)": "直接认定方式工作流程",
    "四(二)1": "组织报名",
    "四(二)2": "资格审核",
    "四(二)3": "证书核发",
    "四(二)4": "认定资料管理",
    "四(三)": "过程化考核方式工作流程",
    "四(四)": "竞赛取证方式工作流程",
    "五(五)": "首批认定计划",
    "五(五)1": "认定批次",
    "五(五)2": "认定范围、等级、人数",
    "五(五)3": "申报开展认定工作",
}
NUMBER = re.compile(r"[一二三四五六]\([一二三四五六七八九十]\)(?:\d(?:\(\d\))?[①-⑳]?)?")


class NoSuchClause(ValueError):
    """Something is said to stand in a clause that the work plan does not have."""


def numbers(citation: str) -> list[str]:
    """The clauses of the plan that a citation names; none for other sources. Raises NoSuchClause."""
    if not citation.startswith(SOURCE) and not NUMBER.match(citation):
        return []
    named = citation.removeprefix(SOURCE).strip()
    found = NUMBER.findall(named)
    if "、".join(found) != named or not set(found) <= PLAN.keys():
        raise NoSuchClause(citation)
    return found


def in_full(citation: str) -> str:
    """A citation as people read it: with its source, and what each clause is about. Other sources stay as they are."""
    try:
        found = numbers(citation)
    except NoSuchClause:  # of an entry that an older version wrote
        return citation
    return f"{SOURCE} {'、'.join(f'{number} {PLAN[number]}' for number in found)}" if found else citation
