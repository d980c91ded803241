"""What rows are called in the cells of the workbook: by their Chinese name, or by more where several share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from assay.catalogue.models import Level, Major, Occupation, ScopeRow, Standard
from assay.centre.models import Department, Post
from assay.corps.models import Member
from assay.kernel import given
from assay.kernel.identity import RESIDENT, normalise
from assay.kernel.sealing import blind_index

_NAMED = 5
"""So many of those that share a name are said."""


@dataclass(frozen=True)
class Called:
    """A kind of row that cells refer to. `sheet` and `column` are where the workbook has its names; `meant` says which rows a word may
    mean; `exact` is what a row is called whose name others have too."""

    model: type[Model]
    sheet: str
    column: str
    field: str
    meant: Callable[[str], Q]
    exact: Callable[[Any], str] | None = None
    """None: no two have the same name."""

    def rows(self, said: str) -> list[Any]:
        return list(self.model._default_manager.filter(self.meant(said.strip()))[: _NAMED + 1])

    def known(self, said: str) -> bool:
        return bool(self.rows(said))

    def unknown(self, said: str) -> str:
        return f"“{said}”不存在，请先在“{self.sheet}”工作表中填写，或从下拉列表中选择"

    def find(self, said: str) -> Any:
        """The row that is meant. ValueError when there is none, or several."""
        found = self.rows(said)
        if not found:
            raise ValueError(self.unknown(said))
        if len(found) > 1:
            exact = self.exact or str
            raise ValueError(f"叫“{said}”的不止一个，请写成 {'、'.join(exact(row) for row in found[:_NAMED])} 中的一个")
        return found[0]

    def name(self, row: Any) -> str:
        return str(getattr(row, self.field))


class Names:
    """What rows are called, for one workbook: which names are shared is read once for each kind."""

    def __init__(self) -> None:
        self._shared: dict[type[Model], set[str]] = {}

    def of(self, called: Called, row: Any) -> str:
        if row is None:
            return ""
        name = called.name(row)
        return called.exact(row) if called.exact is not None and name in self._names_of_several(called) else name

    def _names_of_several(self, called: Called) -> set[str]:
        if called.model not in self._shared:
            rows: QuerySet[Any] = called.model._default_manager.order_by()
            counted = rows.values(called.field).annotate(n=Count("pk")).filter(n__gt=1)
            self._shared[called.model] = {str(one[called.field]) for one in counted}
        return self._shared[called.model]


def _halves(said: str) -> tuple[str, str]:
    """«6-18-01-01（2022）» as its two parts; the second is empty where there are none."""
    before, _, after = said.replace("(", "（").replace(")", "）").removesuffix("）").rpartition("（")
    return (before.strip(), after.strip()) if before else (said, "")


def _occupation(said: str) -> Q:
    name, dictionary = _halves(said)
    plain = Q(code=said) | Q(name=said)
    return plain | ((Q(code=name) | Q(name=name)) & Q(dictionary=dictionary)) if dictionary else plain


def _standard(said: str) -> Q:
    title, edition = _halves(said)
    return Q(title=said) | Q(title=title, edition=edition) if edition else Q(title=said)


def _scope_row(said: str) -> Q:
    number = given.whole(said)
    return Q(no=number) if number is not None else Q(pk__in=[])


DEPARTMENT = Called(Department, "部门", "名称", "name", lambda said: Q(name=said))
POST = Called(Post, "岗位", "岗位", "title", lambda said: Q(code=said) | Q(title=said), lambda post: str(post.code))
MAJOR = Called(Major, "专业", "专业", "name", lambda said: Q(name=said))
LEVEL = Called(
    Level, "等级", "名称", "title", lambda said: Q(code=said) | Q(title=said), lambda level: str(level.code)
)  # fmt: skip
OCCUPATION = Called(Occupation, "职业", "职业名称", "name", _occupation, lambda o: f"{o.code}（{o.dictionary}）")
STANDARD = Called(Standard, "标准", "标准名称", "title", _standard, lambda s: f"{s.title}（{s.edition}）")
SCOPE_ROW = Called(ScopeRow, "认定范围", "序号", "no", _scope_row)
MEMBER = Called(
    Member, "人员", "身份证号", "id_number", lambda said: Q(id_index=blind_index(RESIDENT, normalise(said)))
)  # fmt: skip
