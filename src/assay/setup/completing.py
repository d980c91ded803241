"""What a line means only as a whole: a level of a standard by its two cells, a parameter by its title, a person by the ID number.

Each changes the line's values and yields what is wrong with them, at the column that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.catalogue.models import StandardLevel
from assay.centre.parameters import PARAMETERS
from assay.kernel.clock import today
from assay.kernel.identity import (
    RESIDENT,
    contradictions,
    name_problem,
    normalise,
    own_number_problem,
    tidy_name,
    type_of_number,
)
from assay.kernel.sealing import blind_index

Wrong = Iterator[tuple[str, str]]
"""(title of the column, what is wrong)."""
Values = dict[str, Any]


def nothing_more(values: Values) -> Wrong:
    yield from ()


def at_level(values: Values) -> Wrong:
    """The level of a standard, which a line names by both."""
    standard, level = values.pop("standard"), values.pop("level")
    found = StandardLevel.objects.filter(standard=standard, level=level).first()
    if found is None:
        yield "等级", f"“{standard.title}”还没有“{level}”这一级，请先在“标准等级”工作表中填写"
    values["standard_level"] = found


def parameter(values: Values) -> Wrong:
    """A value that differs from the rule's own needs the document that allows it, as on its page."""
    known = PARAMETERS.get(values["key"])
    if known is None:
        yield "参数", f"没有参数“{values['key']}”，请从下拉列表中选择"
        return
    meant = {title: value for value, title in known.choices}
    values["value"] = meant.get(values["value"], values["value"])
    if known.ruled and values["value"] != known.default and not values.get("document_no"):
        yield "依据文号", f"与默认值（{known.shown(known.default)}）不同，请写明依据文号"


def changes_no_default(values: Values) -> bool:
    """Whether a line of the parameters only says what is so anyway."""
    known = PARAMETERS.get(values["key"])
    return known is not None and values["value"] == known.default


def person(values: Values) -> Wrong:
    """The index by which the row is found; and what contradicts the ID number, at its own column."""
    values["id_number"] = normalise(values["id_number"])
    wrong = own_number_problem(values["id_number"], today())
    if wrong:
        yield "身份证号", wrong
        return
    values["id_index"] = blind_index(RESIDENT, values["id_number"])
    values["name"] = tidy_name(values["name"])
    odd = name_problem(values["name"])
    if odd:
        yield "姓名", odd
    said = values.pop("sex", "")  # what the number says stands in the row
    if said:
        kind = type_of_number(values["id_number"])
        for _, against in contradictions(kind, values["id_number"], sex=said):
            yield "性别", against
