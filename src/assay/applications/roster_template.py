"""The roster template: columns, drop-downs for the batch's own jobs and conditions, and how to fill it in."""

from __future__ import annotations

import io

import xlsxwriter

from assay.applications.roster import HEADINGS
from assay.applications.roster_lookup import Lookup
from assay.batches.models import Batch
from assay.centre.models import Department

_BY_ROUTE = {
    "exam": {"condition", "theory", "skill", "work_years", "prior_certificate"},
    "direct": {"x_certificate", "x_level", "x_number"},
    "process": {"courses"},
    "contest": {"contest", "rank", "score"},
}
_NOTES = (
    "一、每人一行，从第 2 行起填写；不要改动表头，不要合并单元格，不要使用公式。",
    "二、证件号码列请设为文本；身份证号的校验码、出生日期、性别由系统核对。",
    "三、出生日期、入学年月、预计毕业年月填成 2023-09-01 的样子。",
    "四、照片放在一个 ZIP 里，命名为“姓名_身份证号.jpg”，与本表一起上传。",
    "五、有任何一行有问题，整个文件都不会导入；改正后重新上传即可，同一人不会重复。",
    "六、课程成绩写成“汽车维护=85；发动机构造=78”。",
)


def template(batch: Batch) -> bytes:
    """An .xlsx for one batch: only the columns of its route."""
    others = set().union(*(keys for route, keys in _BY_ROUTE.items() if route != batch.route))
    headings = [h for h in HEADINGS if h.key not in others]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("名册")
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, f"{heading.title}{'*' if heading.required else ''}", bold)
        sheet.set_column(column, column, 22 if heading.key == "id_number" else 13, text)
    sheet.freeze_panes(1, 1)
    lookup = Lookup(batch)
    lines = list(batch.lines.select_related("scope_row__occupation", "level").order_by("scope_row__no"))
    choices = {
        "sex": ["男", "女"],
        "department": list(Department.objects.values_list("name", flat=True)),
        "theory": ["新考", "补考", "免考"],
        "skill": ["新考", "补考", "免考"],
    }
    for column, heading in enumerate(headings):
        source = choices.get(heading.key, [])
        if source and len(",".join(source)) < 250:
            sheet.data_validation(1, column, 5000, column, {"validate": "list", "source": source})
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 90)
    for number, note in enumerate(_NOTES):
        notes.write_string(number, 0, note)
    listed = book.add_worksheet("说明-本批次工种")
    listed.write_row(0, 0, ["职业编码", "职业名称", "工种名称", "等级", "对应专业", "申报条件"], bold)
    for number, line in enumerate(lines, start=1):
        row = line.scope_row
        majors = "、".join(row.majors.values_list("name", flat=True))
        conditions = "；".join(f"{c.code} {c.text}" for c in lookup.conditions(line).values())
        listed.write_row(
            number, 0, [row.occupation.code, row.occupation.name, row.job, line.level.code, majors, conditions]
        )
    listed.autofit()
    book.close()
    return buffer.getvalue()
