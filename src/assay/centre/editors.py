"""What the centre keeps by the common editor: departments and posts."""

from __future__ import annotations

from assay.centre.acts.accounts import DEPARTMENTS, POSTS
from assay.centre.departures import carry_out_and_say
from assay.centre.duties import in_words
from assay.centre.editing import Editor
from assay.centre.forms import DepartmentForm, PostForm
from assay.centre.models import Department, Post
from assay.kernel.listing import Column

READERS = ("L1", "L2", "E1", "E2", "E10", "Q5")
TABS = (
    ("中心信息", "centre:profile"),
    ("部门", "centre:departments_list"),
    ("岗位", "centre:posts_list"),
    ("账号", "centre:accounts"),
    ("参数", "centre:parameters"),
    ("规则依据", "centre:basis"),
)

departments: Editor[Department] = Editor(
    DEPARTMENTS,
    "departments",
    DepartmentForm,
    [Column("代码", lambda d: d.code, "code"), Column("名称", lambda d: d.name, "name")],
    readers=READERS,
    search=("code", "name"),
    order="code",
    tabs=TABS,
    hint="教学系部组织报名并初审，考生按所在系部归口。",
)
posts: Editor[Post] = Editor(
    POSTS,
    "posts",
    PostForm,
    [
        Column("岗位", lambda p: p.title, "title"),
        Column("组别", lambda p: p.group, "group"),
        Column("职责", lambda p: in_words(p.duties)),
        Column("代码", lambda p: p.code, "code"),
    ],
    readers=READERS,
    search=("title", "group", "code"),
    order="code",
    tabs=TABS,
    hint="岗位承担哪些职责，决定任此岗位的人能办什么（工作方案 三(一)）。",
    afterwards=carry_out_and_say,
)
