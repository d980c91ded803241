"""Persons who are known already, and what a roster may not say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assay.applications.models import Application, Person
from assay.applications.people import PersonData
from assay.batches.stages import Stage
from assay.kernel.identity import same_name

LASTING = {"sex": "性别", "birth": "出生日期"}
"""What no roster changes once somebody was admitted; beside the name and the ID number, which none ever changes."""
REVIEWED = {"class_name": "班级", "student_no": "学号/工号"}
"""What no roster changes while a batch goes on that admitted the person."""


@dataclass(frozen=True)
class Known:
    """What is known of a person. `admitted`: a batch that goes on and has admitted the person; '' for one that is over; None
    when nobody was admitted. `unvouched`: the account was made by whoever came first with the ID number."""

    name: str
    department: int | None
    sex: str
    birth: object
    class_name: str
    student_no: str
    photo: str | None
    unvouched: bool = False
    admitted: str | None = None


def known_persons(indexes: Iterable[str] | None = None) -> dict[str, Known]:
    """Everybody known by ID index, or those of `indexes` only."""
    persons = Person.objects.order_by()
    admissions = Application.objects.approved().order_by()
    if indexes is not None:
        chosen = list(indexes)
        persons, admissions = persons.filter(id_index__in=chosen), admissions.filter(person__id_index__in=chosen)
    admitted: dict[str, str] = {}
    for index, stage, batch in admissions.values_list("person__id_index", "batch__stage", "batch__name"):
        if stage != Stage.CLOSED or index not in admitted:
            admitted[index] = "" if stage == Stage.CLOSED else batch
    said = persons.values_list(
        "id_index", "name", "department_id", "sex", "birth", "class_name", "student_no", "photo_id", "account__vouched"
    )
    return {
        index: Known(name, department, sex, birth, class_name, student_no, photo, vouched is False, admitted.get(index))
        for index, name, department, sex, birth, class_name, student_no, photo, vouched in said
    }


def objections(data: PersonData, photo: str | None, known: Known | None, own: int | None) -> Iterator[tuple[str, str]]:
    """Why a row may not say this (column, reason): of people of another department than `own` (None: all are the actor's),
    under another name, or differently from what was reviewed. `photo` is the digest of the one that comes with the row.
    What the row leaves empty it does not say."""
    if own is not None and data.department != own:
        yield "department", "只能导入本系部的考生"
    if known is None:
        return
    if own is not None and known.department not in (None, own):
        yield "id_number", "该证件号码的考生登记在其他系部，请核对；确系转入本系部的，由认定中心办理"
        return
    if not same_name(known.name, data.name) and not (known.unvouched and known.admitted is None):
        # Whoever made the account by himself also chose that name: there the roster is believed (`vouching`).
        said = f"该证件号码已登记的姓名是“{known.name}”，请核对"
        yield "name", f"{said}；确需更正的，由办理报名的人在该考生的报名页面更正，审核通过的由认定中心更正"
    if known.admitted is not None:
        yield from _reviewed(data, photo, known)


def _reviewed(data: PersonData, photo: str | None, known: Known) -> Iterator[tuple[str, str]]:
    said = data.columns()
    for column, title in (LASTING | REVIEWED if known.admitted else LASTING).items():
        if said[column] and getattr(known, column) and said[column] != getattr(known, column):
            yield column, _differs(title, known)
    if known.admitted and data.department != known.department:
        yield "department", _differs("院系", known)
    if known.admitted and photo is not None and photo != known.photo:
        yield "photo", f"{_differs('照片', known)}；这次不换照片的，请从压缩包中去掉这一张"


def _differs(title: str, known: Known) -> str:
    batch = f"“{known.admitted}”" if known.admitted else "已办结的批次"
    return f"{title}与{batch}审核通过的不同，请改成一致；原来有误的，由认定中心在该报名页面更正"
