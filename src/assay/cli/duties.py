"""`assay duties`: act → duty → post, and which deeds one person never does both of, from the code."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from assay.centre.duty_table import kept_apart, rows
from assay.kernel.citing import cited, held


def print_table() -> int:
    duties = Table("行为", "名称", "职责", "条款", "承担岗位")
    apart = Table("对象", "行为", "同一人不得再办", "内容", "依据", title="不相容的行为（同一对象）")
    with held():
        for row in rows():
            posts = "、".join(row.posts) or "（无人承担）"
            duties.add_row(row.act, row.title, "、".join(row.duties), cited(row.clause), posts)
        for pair in kept_apart():
            apart.add_row(pair.subject, pair.one, pair.other, pair.said, cited(pair.clause))
    console = Console(width=160)
    console.print(duties)
    console.print(apart)
    return 0
