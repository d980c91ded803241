"""The two sheets that are not plain tables: the centre itself, and accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from assay.centre.handed_out import DrawnPassword, drawn_for
from assay.centre.models import Account
from assay.kernel.tables import as_text
from assay.setup import called
from assay.setup import columns as c

CENTRE_COLUMNS = (
    c.text("名称", "name", required=True),
    c.text("英文名称", "name_en", required=True),
    c.text("学校", "school", required=True),
    c.text("地址", "address"),
    c.text("电话", "phone"),
    c.text("机构代码", "body_code", required=True),
    c.choice(
        "证书编号来源", "number_source", {"本中心编号": "generated", "省中心给号": "imported"}, default="本中心编号"
    ),
    c.yes("演示", "is_demo", default=False),
)
ACCOUNT_COLUMNS = (
    c.text("账号", "username", required=True),
    c.text("姓名", "name", required=True),
    c.refer("部门", "department", called.DEPARTMENT, required=False),
    c.refer_many("岗位", "posts", called.POST),
    replace(c.text("初始密码", "password"), former=("初始口令",)),
    replace(c.yes("首次登录须改密码", "must_change"), former=("首次登录须改口令",)),
    c.refer("人员身份证号", "member", called.MEMBER, required=False),
)


Drawn = Mapping[str, DrawnPassword]
"""By account name."""


def draw(book: Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]], *, hashing: bool = True) -> Drawn:
    """Passwords for the new accounts of a workbook that have none in it. Before the act, for hashing takes long; `hashing` is
    off where nothing will be kept."""
    rows = [given for _, given in book.get("账号", ())]
    wanted = [as_text(given.get("账号", "")) for given in rows if not as_text(given.get("初始密码", ""))]
    known = set(Account.objects.filter(username__in=wanted).values_list("username", flat=True))
    return drawn_for([username for username in wanted if username and username not in known], hashing=hashing)


def weakness(password: str, account: Account) -> str:
    """What is wrong with a password that somebody chose for another; nothing when it is good enough."""
    try:
        validate_password(password, account)
    except ValidationError as weak:
        return "".join(weak.messages)
    return ""


@lru_cache(maxsize=8)
def hashed(password: str) -> str:
    """The hash of an initial password: accounts of one workbook that share it share the work."""
    return make_password(password)
