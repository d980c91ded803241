"""Lists of activation codes, a class a page, to be cut apart and handed out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assay.applications.models import Person
from assay.centre import site
from assay.centre.models import Centre
from assay.kernel import clock
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.portal.models import CODE_LASTS

Made = tuple[Person, str]


def code_lists(made: Sequence[Made]) -> bytes:
    """The codes as they were just made: nowhere else can they be read."""
    centre = Centre.objects.get()
    return render_blocks(
        [
            _list(centre, class_name, list(of_class))
            for class_name, of_class in groupby(made, lambda m: m[0].class_name)
        ],
        demo=centre.is_demo,
        on=clock.today(),
    )


def _list(centre: Centre, class_name: str, made: list[Made]) -> list[b.Block]:
    until = clock.shown(clock.now() + CODE_LASTS)
    where = f"{site.address()}/my/activate/"
    rows = [
        [n, person.name, person.student_no, person.id_masked, code, ""]
        for n, (person, code) in enumerate(made, start=1)
    ]
    return [
        b.title("考生账号激活码", above=centre.name, below=class_name or "（未填班级）"),
        b.text(
            f"本人打开 {where}，填证件号码、激活码并自设密码，即开通账号。激活码一次有效，有效期至 {until}；重新发放后旧码作废。",
            "请核对身份后逐行裁开交给本人，不要张贴、转发或拍照群发：拿到激活码并知道证件号码的人就能登录。",
        ),
        b.table(
            ["序号", "姓名", "学号/工号", "证件号码", "激活码", "领取人签名"], rows,
            widths=["12mm", "24mm", "30mm", "44mm", "36mm", "1fr"],
        ),
        b.signatures("发放人"),
    ]  # fmt: skip
