"""A school that is set up chooses on what its rules rest, and never reads another's numbers."""

from __future__ import annotations

from typing import Any

import pytest

from assay.centre.models import BasisVersion
from assay.kernel.citing import in_full
from assay.kernel.verification import verify
from assay.setup.acts import install_school
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("book", "kinds", "said"),
    [
        ({}, ["national"], "考评通内置规则：上报认定计划"),
        ({"规则依据": [(2, {"依据": "国家规定"})]}, ["national"], "考评通内置规则：上报认定计划"),
        (
            {
                "规则依据": [(2, {"依据": "本校文件", "文件名称": "办法"})],
                "条款号": [(2, {"规则内容": "上报认定计划", "条款号": "9"})],
            },
            ["own"],
            "办法 9 上报认定计划",
        ),
        (
            {"规则依据": [(2, {"依据": "本校文件", "文件名称": "办法", "施行日期": "2099-01-01"})]},
            ["national", "own"],
            "考评通内置规则：上报认定计划",
        ),
    ],
)
def test_a_new_school_chooses_its_basis_and_never_sees_anothers(book: Any, kinds: list[str], said: str) -> None:
    centre = {
        "名称": "某校认定中心", "英文名称": "Centre", "学校": "某校", "机构代码": "S000041000123", "证书编号来源": "本中心编号",
    }  # fmt: skip
    install_school(f.actor_with("L1"), {"中心": [(2, centre)], **book})
    assert [row.kind for row in BasisVersion.objects.all()] == kinds
    assert in_full("四(一)4") == said
    assert verify().findings == []
