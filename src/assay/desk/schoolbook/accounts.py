"""The two sheets that are not plain tables: the centre itself, and accounts."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from django.contrib.auth.hashers import make_password

from assay.catalogue.notation import words
from assay.desk.schoolbook import columns as c
from assay.kernel.tables import as_text

CENTRE_COLUMNS = (
    c.text("名称", "name", required=True),
    c.text("英文名称", "name_en", required=True),
    c.text("学校", "school", required=True),
    c.text("地址", "address"),
    c.text("电话", "phone"),
    c.text("机构代码", "body_code", required=True),
    c.choice("证书编号来源", "number_source", {"本中心编号": "generated", "省中心给号": "imported"}),
    c.Col("演示", "is_demo", lambda value: as_text(value) == "是", lambda value: "是" if value else "否"),
)
ACCOUNT_COLUMNS = (
    c.text("账号", "username", required=True),
    c.text("姓名", "name", required=True),
    c.text("部门", "department"),
    c.Col("岗位", "posts", lambda value: words(as_text(value))),
    replace(c.text("初始密码", "password"), former=("初始口令",)),
    replace(c.yes("首次登录须改密码", "must_change"), former=("首次登录须改口令",)),
    c.text("人员身份证号", "member"),
)


@lru_cache(maxsize=8)
def hashed(password: str) -> str:
    """The hash of an initial password: accounts of one workbook that share it share the work."""
    return make_password(password)
