"""What is known of a person who applies, and how it becomes a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assay import typed
from assay.kernel.identity import (
    RESIDENCE_PERMIT,
    RESIDENT,
    SELF_TELLING,
    birth_problem,
    contradictions,
    lasting,
    mask,
    name_problem,
    normalise,
    number_problem,
    resident_facts,
)
from assay.kernel.pinyin import sort_key
from assay.kernel.sealing import blind_index

# GB/T 3304, in the order of its codes.
ETHNIC_GROUPS = (
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族", "白族",
    "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族",
    "景颇族", "柯尔克孜族", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族",
    "普米族", "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族",
    "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族", "其他",
)  # fmt: skip
# GB/T 4658, the words that entry conditions and the province's forms use.
EDUCATIONS = ("初中", "高中", "技工学校", "中等专业学校", "大学专科和专科学校", "大学本科", "研究生")


CORRECTABLE = (
    "sex", "ethnic", "education", "phone", "email", "address", "major", "class_name", "enrolled_on", "graduates_on",
)  # fmt: skip
"""What a candidate may put right; staff also the name and the student number. The ID number is the person."""
CORRECTABLE_BY_STAFF = ("name", "student_no", *CORRECTABLE)
CORRECTABLE_BY_CENTRE = ("department", *CORRECTABLE_BY_STAFF)
"""Whose department it is, the departments do not settle among themselves."""
CORRECTABLE_OF_APPLICANTS = tuple(name for name in CORRECTABLE_BY_STAFF if name not in ("email", "address"))
"""What may be put right of an application that was reviewed."""


@dataclass(frozen=True)
class PersonData:
    """A person as given: texts trimmed, dates as dates; `department` and `major` are primary keys."""

    name: str
    id_type: str
    id_number: str
    sex: str = ""
    birth: date | None = None
    ethnic: str = "汉族"
    education: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    source: str = "student"
    department: int | None = None
    major: int | None = None
    class_name: str = ""
    student_no: str = ""
    enrolled_on: date | None = None
    graduates_on: date | None = None
    extra: dict[str, str] = field(default_factory=dict, compare=False)

    def contradictions(self) -> list[str]:
        """Where what was said is not what the ID number itself says: `columns` would put the number's in its place."""
        number = normalise(self.id_number)
        return [said for _, said in contradictions(self.id_type, number, sex=self.sex, birth=self.birth)]

    def problems(self, today: date) -> list[str]:
        """What is wrong with the name and the number as they were given."""
        number = normalise(self.id_number)
        birth = birth_problem(self.birth, today) if self.birth and self.id_type not in SELF_TELLING else None
        said = (name_problem(self.name), number_problem(self.id_type, number, today), birth)
        return [*filter(None, said), *self.contradictions()]

    def columns(self) -> dict[str, Any]:
        """Column values of `Person`; birth date and sex come from the number where it has them."""
        number = lasting(self.id_type, normalise(self.id_number))
        facts = resident_facts(number) if self.id_type in SELF_TELLING else None
        return {
            "name": self.name,
            "sort_key": sort_key(self.name),
            "sex": facts.sex if facts else self.sex,
            "id_type": self.id_type,
            "id_number": number,
            "id_index": person_index(self.id_type, number),
            "birth": facts.birth if facts else self.birth,
            "ethnic": self.ethnic,
            "education": self.education,
            "phone": self.phone,
            "email": self.email,
            "address": self.address,
            "source": self.source,
            "department_id": self.department,
            "major_id": self.major,
            "class_name": self.class_name,
            "student_no": self.student_no,
            "enrolled_on": self.enrolled_on,
            "graduates_on": self.graduates_on,
        }


_MOBILE, _ABROAD = re.compile(r"1[3-9]\d{9}"), re.compile(r"\+\d{7,15}")


def normal_phone(text: str) -> str:
    """A telephone number without blanks, hyphens, brackets and the code of the own country."""
    bare = re.sub(r"[().]", "", typed.number(text))
    return re.sub(r"^(?:\+|00)86(?=1)", "", bare)


def phone_problem(phone: str) -> str | None:
    """Why this (as `normal_phone` gives it) is no number of a mobile telephone, in Chinese."""
    if _MOBILE.fullmatch(phone) or _ABROAD.fullmatch(phone):
        return None
    return "手机号码应为 11 位数字；境外号码以 + 和国家或地区代码开头"


def mask_phone(phone: str) -> str:
    """A telephone number that can be told from another by who knows both."""
    return f"{phone[:3]}****{phone[-4:]}" if _MOBILE.fullmatch(phone) else mask(phone)


def month_said(day: date) -> str:
    """A day of enrolment or graduation as it is given: as a month where it is the month's first."""
    return day.isoformat()[:7] if day.day == 1 else day.isoformat()


def person_index(id_type: str, number: str) -> str:
    """The blind index under which a person is found again. Permits of residents are numbered among the residents, and were once
    taken for their cards: a number of either is one person's."""
    kind = RESIDENT if id_type == RESIDENCE_PERMIT else id_type
    return blind_index(kind, lasting(id_type, normalise(number)))
