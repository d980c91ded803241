"""The demo's accounts, in the usual posts. Data."""

from __future__ import annotations

# username, posts, department; or the index of a member of the corps, whose department it is
ACCOUNTS: list[tuple[str, tuple[str, ...], str | int]] = [
    ("xiaozhang", ("leader",), "17"),
    ("zhuren", ("director",), "11"),
    ("kaowu", ("exam",), "11"),
    ("shenhe", ("review",), "12"),
    ("shijuan", ("papers",), "11"),
    ("zhengshu", ("certificates",), "11"),
    ("dangan", ("archive",), "11"),
    ("duban", ("supervision",), "13"),
    ("zhuanjia", ("experts", "author"), "12"),
    *[(f"mingti{n:02d}", ("author",), "12") for n in range(1, 5)],
    ("shebei", ("equipment",), "14"),
    ("caiwu", ("finance",), "15"),
    ("xibu-qiche", ("department",), "01"),
    ("xibu-shangmao", ("department",), "02"),
    ("xibu-yijiao", ("department",), "03"),
    ("xibu-zhizao", ("department",), "04"),
    ("xibu-guijian", ("department",), "05"),
    *[(f"kaoping{n + 1:02d}", ("examiner",), n) for n in range(60)],
    *[(f"dudao{n + 1:02d}", ("supervisor",), 60 + n) for n in range(9)],
    *[(f"jiankao{n + 1:02d}", ("invigilator",), 69 + n) for n in range(70)],
]
SIGN_INS = [
    ("kaowu", "考务管理员：批次、报名、编排、备案、成绩"),
    ("zhuren", "认定中心主任：考务全部职责"),
    ("xibu-qiche", "汽车工程系负责人：导入名册、资格初审"),
    ("shenhe", "资格审核员"),
    ("shijuan", "试卷保管员：组卷、封存、发布"),
    ("zhuanjia", "专家组：题库、评分表、考评组"),
    ("mingti01", "命题专家：编写、审定试题（另有 mingti02—04）"),
    ("jiankao01", "监考员：考前检查、考场控制台（另有 jiankao02—70）"),
    ("kaoping01", "考评员：评分"),
    ("duban", "督导组负责人：查阅全过程、答复公示异议"),
    ("dudao01", "内部质量督导员"),
    ("zhengshu", "证书管理员"),
    ("dangan", "档案管理员"),
    ("xiaozhang", "领导小组：审批"),
]
OTHER_HEADS = [
    ("xibu-shangmao", "财经商贸系负责人"),
    ("xibu-yijiao", "艺术教育系负责人"),
    ("xibu-zhizao", "智能制造系负责人"),
    ("xibu-guijian", "建筑信息系负责人"),
]
