"""`assay duties`: act → duty → post, from the code."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from assay.centre.duty_table import rows


def print_table() -> int:
    table = Table("行为", "名称", "职责", "条款", "承担岗位")
    for row in rows():
        table.add_row(row.act, row.title, "、".join(row.duties), row.clause, "、".join(row.posts) or "（无人承担）")
    Console(width=160).print(table)
    return 0
