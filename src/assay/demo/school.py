"""The plan's school as one book of sheets: what the set-up workbook would hold. People are made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from assay.centre.acts.settings import set_parameter
from assay.centre.parameters import NOBODY
from assay.demo import people
from assay.demo.posts import ACCOUNTS
from assay.demo.rules import conditions, weights
from assay.demo.scope import DEPARTMENTS, MAJORS, SCOPE, THEORY_SEATS, VENUES
from assay.kernel.acts import Actor
from assay.kernel.clock import today
from assay.setup.acts import Installed, install_school
from assay.setup.usual import LEVELS, POSTS

PASSWORD = "demo-2026-assay"  # noqa: S105 - the demo's, printed on its start page
TITLES = ["讲师", "高级讲师", "高级讲师", "正高级讲师", "助理讲师"]
QUALIFICATIONS = ["高级工", "技师", "高级技师", "高级技师"]
EXAMINERS, SUPERVISORS, EXPERTS, INVIGILATORS = 60, 9, 28, 70
Rows = list[dict[str, Any]]


def install(actor: Actor) -> Installed:
    """Set the demo school up through the same act as the workbook. Its accounts have one password and need no telephone."""
    done = install_school(actor, {title: list(enumerate(rows, start=2)) for title, rows in book(today()).items()})
    set_parameter(actor, "second_factor.needed", NOBODY, "演示数据")
    return done


def book(day: date) -> dict[str, Rows]:
    """All sheets, cards in force on `day`."""
    return {
        "中心": [_centre()],
        "部门": [{"代码": code, "名称": name} for code, name in DEPARTMENTS.items()],
        "岗位": [{"代码": c, "岗位": t, "组别": g, "职责代码": "、".join(d)} for c, t, g, d in POSTS],
        "专业": [{"专业": name, "部门": DEPARTMENTS[code]} for name, code in MAJORS.items()],
        "等级": [
            {
                "代码": c,
                "名称": t,
                "英文": e,
                "证书上的写法": t,
                "高低次序": r,
                "须综合评审": "是" if review else "否",
            }
            for c, t, e, r, review in LEVELS
        ],
        **_occupations(day),
        **_schemes(day),
        **_corps(day),
        "场地": _rooms(),
        "规则依据": [{"依据": "随系统的工作方案"}],
        "账号": list(_accounts()),
    }


def _centre() -> dict[str, Any]:
    return {
        "名称": "河南省理工中等专业学校职业技能等级认定中心",
        "英文名称": "Occupational Skill Certificate Authority of Henan Polytechnic Vocational School",
        "学校": "河南省理工中等专业学校", "地址": "郑州市金水区茂花路6号", "电话": "0371-00000000（演示）",
        "机构代码": "S000041000123", "证书编号来源": "本中心编号", "演示": "是",
    }  # fmt: skip


def _standard(occupation: str) -> str:
    return f"{occupation}国家职业技能标准"


def _occupations(day: date) -> dict[str, Rows]:
    """Occupations, standards with their levels, weights, conditions, patterns; the scope."""
    levels: dict[str, set[str]] = {}
    names: dict[str, tuple[str, str]] = {}
    for _, code, name, name_en, _, _, _, held, _ in SCOPE:
        levels.setdefault(code, set()).update(held.split("、"))
        names[code] = (name, name_en or names.get(code, ("", ""))[1])
    sheets: dict[str, Rows] = {t: [] for t in ("职业", "标准", "标准等级", "权重", "申报条件", "组卷结构", "认定范围")}
    for code, (name, name_en) in names.items():
        standard = _standard(name)
        edition = "2021" if code in ("4-10-01-03", "4-01-02-07") else "2018"
        sheets["职业"].append({"大典版本": "2015", "职业编码": code, "职业名称": name, "英文": name_en})
        sheets["标准"].append({"职业": code, "标准名称": standard, "版本": edition})
        for level in sorted(levels[code], reverse=True):
            _level(sheets, code, name, standard, level, edition)
    for no, code, name, _, job, job_en, also, held, majors in SCOPE:
        sheets["认定范围"].append(
            {
                "序号": no, "职业": code, "工种": job, "工种英文": job_en, "别称": also, "标准": _standard(name), "等级": held,
                "对应专业": majors, "备案生效": day - timedelta(days=1200), "备案文号": "豫人社函【2022】8号",
            }
        )  # fmt: skip
    return sheets


def _level(sheets: dict[str, Rows], code: str, name: str, standard: str, level: str, edition: str) -> None:
    at = {"标准": standard, "等级": level}
    sheets["标准等级"].append(
        {
            **at,
            "理论分钟": 90,
            "技能分钟": 120,
            "评审分钟": 30 if level == "2" else 0,
            "技能考评配比": 5,
            "考评组至少": 3,
        }
    )
    for part, group, item, percent, position in weights(name, level):
        sheets["权重"].append({**at, "部分": part, "类别": group, "项目": item, "权重": percent, "次序": position})
    for condition, text, evidence, rule in conditions(level, edition):
        sheets["申报条件"].append({**at, "编号": condition, "条件": text, "所需证明": evidence, "可核对": rule})
    full = code == "4-12-01-01" and level == "4"
    sections = "单选 80 1；判断 20 1" if full else "单选 20 2.5；判断 10 2.5；多选 5 5"
    sheets["组卷结构"].append({**at, "名称": "机考理论卷", "时长": 90, "题型结构": sections})


def _schemes(day: date) -> dict[str, Rows]:
    """Schemes of the other three routes for some jobs."""
    courses = {
        21: "会计基础 理论 4 必修；收银实务 技能 6 必修；点钞与验钞 技能 4 必修；商品知识 理论 2 选修",
        15: "幼儿卫生与保健 理论 4 必修；幼儿生活照料 技能 6 必修；幼儿心理 理论 4 必修",
        16: "网店运营 技能 6 必修；电子商务基础 理论 4 必修；网络营销 理论 4 必修",
    }
    needed = {21: "14", 15: "14", 16: "14"}
    mapped = [(1, "汽车运用与维修"), (16, "网店运营推广"), (18, "物流管理"), (15, "幼儿照护")]
    contests = [(8, "校第十届技能节数控车项目"), (14, "校第十届技能节服装制作项目"), (1, "校第十届技能节汽车检修项目")]
    return {
        "学分办法": [
            {"范围序号": no, "等级": "4", "名称": "课证融通学分认定办法", "应修课程": text, "应修学分": needed[no],
             "文号": "校认定〔2026〕3号（演示）"}
            for no, text in courses.items()
        ],
        "竞赛办法": [
            {"范围序号": no, "等级": "4", "竞赛名称": title, "举办日期": day - timedelta(days=60),
             "名次不低于": 10, "成绩不低于": "75", "文号": "校认定〔2026〕5号（演示）"}
            for no, title in contests
        ],
        "1+X对应": [
            {"范围序号": no, "等级": "4", "1+X证书": title, "培训评价组织": "示例培训评价组织",
             "证书等级": "初级", "文号": "校认定〔2026〕4号（演示）"}
            for no, title in mapped
        ],
    }  # fmt: skip


def class_names(department: str) -> list[str]:
    """Classes of the demo's students, by department code."""
    prefix = {"01": "汽修", "02": "商贸", "03": "艺教", "04": "数控", "05": "轨建"}[department]
    return [f"{prefix}24{n:02d}" for n in range(1, 13)]


def _corps(day: date) -> dict[str, Rows]:
    """Members and cards: examiners first (some are experts too), then supervisors, then invigilators."""
    occupations = list(dict.fromkeys(code for _, code, *_ in SCOPE))
    members, cards = [], []
    total = EXAMINERS + SUPERVISORS + INVIGILATORS
    for n in range(total):
        id_number = people.number(900_000 + n * 37, 1972 + n % 22)
        members.append(_member(n, id_number))
        for role, prefix in _roles(n):
            codes = occupations if role == "专家" else _covers(n, occupations)
            cards.append(
                {
                    "证卡编号": f"{prefix}41{n + 1:05d}", "人员身份证号": id_number, "类别": role,
                    "发证日期": day - timedelta(days=200 + n), "有效期至": day + timedelta(days=895 - n),
                    "考评职业": "、".join(codes) if "考评" in role else "",
                }
            )  # fmt: skip
    return {"人员": members, "证卡": cards}


def _covers(n: int, occupations: list[str]) -> list[str]:
    """What an examiner's card covers: nobody is left with fewer than nine occupations' worth of colleagues."""
    return [code for k, code in enumerate(occupations) if (n + k) % 3 != 0 or k in (0, 2)]


def _roles(n: int) -> Iterator[tuple[str, str]]:
    if n < EXAMINERS:
        yield ("高级考评员", "GK") if n % 6 == 0 else ("考评员", "KP")
        if n < EXPERTS:
            yield "专家", "ZJ"
    elif n < EXAMINERS + SUPERVISORS:
        yield "内部质量督导员", "DD"
    else:
        yield "监考人员", "JK"


def _department_of(n: int) -> str:
    """The teaching department, by code, of a member of the corps."""
    return list(DEPARTMENTS)[n % 5]


def _member(n: int, id_number: str) -> dict[str, Any]:
    code = _department_of(n)
    taught = class_names(code)[n % 12] if n % 4 == 0 and n >= 10 else ""
    return {
        "姓名": people.name(5000 + n * 3), "性别": people.sex(id_number), "身份证号": id_number, "文化程度": "大学本科",
        "职称": TITLES[n % 5], "职业资格": QUALIFICATIONS[n % 4], "从业年限": 5 + n % 20,
        "单位": "河南省理工中等专业学校", "部门": DEPARTMENTS[code], "任教班级": taught,
    }  # fmt: skip


def _rooms() -> Rows:
    rooms: Rows = [
        {
            "编号": f"T{n:02d}",
            "名称": f"智能化理论考场{n:02d}",
            "楼宇": "东楼",
            "类别": "理论考场",
            "机位/工位": seats,
            "每排机位": 8,
            "摄像头": 2,
        }
        for n, seats in enumerate(THEORY_SEATS, start=1)
    ]
    for code, name, building, stations, area, occupations in VENUES:
        rooms.append(
            {
                "编号": code,
                "名称": name,
                "楼宇": building,
                "类别": "技能考场",
                "机位/工位": stations,
                "面积": area,
                "适用职业": occupations,
                "摄像头": 4,
            }
        )
    return rooms


def _accounts() -> Iterator[dict[str, Any]]:
    """One account for each post of the demo; examiners, supervisors and invigilators are tied to their members."""
    for n, (username, posts, place) in enumerate(ACCOUNTS):
        if isinstance(place, int):
            name, department = people.name(5000 + place * 3), _department_of(place)
            id_number = people.number(900_000 + place * 37, 1972 + place % 22)
        else:
            name, department, id_number = people.name(7000 + n * 5), place, ""
        yield {
            "账号": username, "姓名": name, "部门": DEPARTMENTS[department], "岗位": "、".join(posts),
            "初始密码": PASSWORD, "首次登录须改密码": "否", "人员身份证号": id_number,
        }  # fmt: skip
