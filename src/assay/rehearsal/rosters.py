"""Made-up students as the files that departments hand in: an Excel roster and a ZIP of photos."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

from assay.batches.models import BatchLine
from assay.batches.stages import Route
from assay.demo import people
from assay.demo.school import class_names

FIRST_NUMBER = 1000
TITLES = (
    "姓名", "证件号码", "手机号码", "文化程度", "院系", "专业", "班级", "学号", "入学年月", "预计毕业年月", "职业编码",
    "工种名称", "等级",
)  # fmt: skip
EXTRA: dict[str, tuple[str, ...]] = {
    Route.EXAM: (),
    Route.DIRECT: ("1+X证书名称", "1+X证书等级", "1+X证书编号"),
    Route.PROCESS: ("课程成绩",),
    Route.CONTEST: ("竞赛名称", "竞赛名次", "竞赛成绩"),
}


@dataclass
class Students:
    """Rows of made-up students by department code. `exam_on` makes them final-year students on that day; serials
    go on from `next_serial`, so that nobody is made twice."""

    exam_on: date
    next_serial: int = 0
    rows: dict[str, list[list[str]]] = field(default_factory=dict)

    def add(self, line: BatchLine, count: int, extra: Sequence[Sequence[str]] = ()) -> None:
        """`count` students for a line; `extra[n]` are the n-th one's values of the route's own columns."""
        row = line.scope_row
        majors = list(row.majors.select_related("department"))
        year = self.exam_on.year + (1 if self.exam_on.month >= 7 else 0)
        for n in range(count):
            serial = self.next_serial
            self.next_serial += 1
            major = majors[n % len(majors)]
            assert major.department is not None
            department = major.department
            classes = class_names(department.code)
            number = people.number(serial, year - 18)
            self.rows.setdefault(department.code, []).append(
                [
                    people.name(serial), number, f"139{serial:08d}", "中等专业学校", department.name, major.name,
                    classes[serial // 40 % len(classes)], f"{year - 3}{serial:06d}", f"{year - 3}-09-01", f"{year}-06-30",
                    row.occupation.code, row.job, line.level.code, *(extra[n] if extra else ()),
                ]
            )  # fmt: skip

    def roster(self, department: str, route: str) -> bytes:
        """The department's .xlsx."""
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, [*TITLES, *EXTRA[route]])
        for number, row in enumerate(self.rows[department], start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
        book.close()
        return buffer.getvalue()

    def photos(self, department: str) -> bytes:
        """The department's ZIP of photos."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for n, row in enumerate(self.rows[department]):
                archive.writestr(f"{row[0]}_{row[1]}.jpg", people.photo(n))
        return buffer.getvalue()
