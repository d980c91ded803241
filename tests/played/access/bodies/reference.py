"""Reference data by the common editor, the centre itself, accounts, and what the desk takes in."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from assay.catalogue.models import Level, PaperPattern
from assay.centre.forms import CentreForm
from assay.centre.models import Account, Appointment, BasisVersion, Centre, Department, Post, SecondFactor
from assay.centre.parameters import PARAMETERS
from assay.demo.school import PASSWORD
from assay.kernel import totp
from assay.kernel.clock import real_now, today
from assay.setup import workbook
from tests import factories as f
from tests.played.access.bodies import BODIES, WITHOUT_AN_ACT, Posting, body, file, filled
from tests.played.access.doors import Door, doors
from tests.played.access.rows import officer

NEW_PASSWORD = "kao-ping-2026-x"
# What makes a copy of a row another row.
_ANOTHER: dict[str, dict[str, Any]] = {
    "departments": {"code": "99", "name": "另一系"}, "posts": {"code": "another", "title": "另一岗位"},
    "levels": {"code": "6", "rank": "9", "title": "另一等级"}, "majors": {"name": "另一专业"},
    "occupations": {"code": "4-99-99-99", "name": "另一职业"}, "standards": {"edition": "2031 年版"},
    "scope": {"no": "999", "job": "另一工种"}, "conditions": {"code": "another"}, "patterns": {"name": "另一结构"},
    "weights": {"name": "另一项", "percent": "0"}, "members": {"id_number": f.resident_number(901), "account": ""},
    "cards": {"number": "another"}, "rooms": {"code": "another"}, "faults": {"number": "2"},
    "contests": {"contest": "另一竞赛"}, "credits": {"name": "另一办法"}, "mappings": {"certificate": "另一证书"},
}  # fmt: skip


def _editing(door: Door) -> Posting:
    """A row as it stands is saved again, put in once more as another, or removed."""
    editor, what = door.editor, door.name.rpartition("_")[2]
    assert editor is not None
    row = editor.queryset().order_by("pk")[0]
    by = officer(editor.kept.saving.duties[0])
    given = {} if what == "remove" else filled(editor.form(instance=row))
    if what == "add":
        return Posting(by, {**given, **(_ANOTHER.get(editor.name) or _another_level())})
    return Posting(by, given, {"pk": row.pk})


def _another_level() -> dict[str, Any]:
    """A level that no standard has yet."""
    made = Level.objects.create(code="7", title="示例等级", certificate_title="示例等级", rank=7)
    return {"level": str(made.pk)}


for _door in doors():
    if _door.editor is not None and not _door.name.endswith("_list"):
        BODIES[_door.name] = lambda door=_door: _editing(door)  # type: ignore[misc]

WITHOUT_AN_ACT |= {
    "desk:sign_in": "who signs in is in the security log", "desk:sign_out": "and who signs out",
    "desk:sign_in_code": "and whose second step it was",
    "portal:sign_in": "and which candidate", "desk:verify": "it reads",
}  # fmt: skip


@body("desk:sign_in")
def _sign_in() -> Posting:
    return Posting(None, {"username": "kaowu", "password": "wrong-on-purpose"})


@body("desk:sign_in_code")
def _code() -> Posting:
    return Posting(None, {"code": "123456"})


@body("desk:second_factor")
def _set_up() -> Posting:
    return Posting(officer("E1"), {"code": "123456", "for": "confirm"})


@body("desk:end_session")
def _ends_own() -> Posting:
    by = officer("E1")
    _open_session(by)
    return Posting(by)


def _open_session(account: Account) -> None:
    account.open_sessions.create(
        fingerprint=account.get_session_auth_hash()[:32], since=real_now(), seen=real_now(), address="192.0.2.1",
        device="Chrome",
    )  # fmt: skip


@body("desk:reset_second_factor")
def _lost() -> Posting:
    SecondFactor.objects.create(account=_somebody(), secret=totp.new_secret(), since=real_now())
    return Posting(officer("L2"), {"reason": "手机丢失，本人在场"}, {"pk": _somebody().pk})


@body("centre:end_sessions")
def _ends_anothers() -> Posting:
    return Posting(officer("L1"), {}, {"pk": _somebody().pk})


@body("portal:sign_in")
def _candidates_sign_in() -> Posting:
    return Posting(None, {"id_type": "resident", "id_number": f.resident_number(902), "password": "wrong-on-purpose"})


@body("desk:sign_out")
def _sign_out() -> Posting:
    return Posting(officer("E1"))


@body("desk:verify")
def _verify() -> Posting:
    return Posting(officer("L2"))


@body("desk:password")
def _own_password() -> Posting:
    return Posting(
        officer("E1"), {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    )


@body("desk:release_sign_in")
def _let_in() -> Posting:
    return Posting(officer("E8"), {"reason": "本人在场"}, {"pk": _somebody().pk})


@body("desk:calendar")
def _days_off() -> Posting:
    return Posting(officer("E1"), {"first": "2031-01-01", "works": "off", "title": "元旦"})


@body("desk:year_whole")
def _year_not_whole() -> Posting:
    return Posting(officer("E1"), {"year": "2031", "whole": "no"})


@cache
def _school() -> bytes:
    return workbook.write(with_data=True)


@body("setup:workbook")
def _school_book() -> Posting:
    return Posting(officer("L1"), {"file": file("学校.xlsx", _school())})


@body("corps:open_accounts")
def _somebody_without_an_account() -> Posting:
    return Posting(officer("L1"), {"member": str(f.member().pk)})


@body("setup:start")
def _a_level_without_a_paper_pattern() -> Posting:
    row = f.scope_row(levels="4", no=998)
    PaperPattern.objects.filter(standard_level__standard=row.standard).delete()
    return Posting(officer("L1"), {"line": f"标准/{row.standard.pk}/4"})


@body("centre:profile")
def _profile() -> Posting:
    return Posting(officer("L1"), filled(CentreForm(instance=Centre.objects.get())))


@body("centre:parameter")
def _parameter() -> Posting:
    key = next(iter(PARAMETERS))
    return Posting(officer("L1"), {"value": PARAMETERS[key].default, "document_no": "示例文号"}, {"key": key})


@body("centre:set_basis")
def _basis() -> Posting:
    last = BasisVersion.objects.last()
    own = {"kind": "own", "title": "认定实施办法", "number_0": "第一条"}
    return Posting(officer("L1"), {**own, "was": str(last.pk) if last else ""})


@body("centre:account_add")
def _account() -> Posting:
    return Posting(officer("L1"), {"username": "another", "name": "某某"})


def _somebody() -> Account:
    return Account.objects.get(username="dudao09")


@body("centre:account")
def _name() -> Posting:
    return Posting(
        officer("L1"), {"name": "某某", "department": str(Department.objects.all()[0].pk)}, {"pk": _somebody().pk}
    )


@body("centre:appoint")
def _appoint() -> Posting:
    given = {"post": str(Post.objects.get(code="finance").pk), "since": str(today() + timedelta(days=1))}
    return Posting(officer("L1"), given, {"pk": _somebody().pk})


@body("centre:end_appointment")
def _end() -> Posting:
    held = Appointment.objects.filter(account=_somebody())[0]
    return Posting(officer("L1"), {"until": str(today())}, {"pk": _somebody().pk, "number": held.pk})


@body("centre:password")
def _reset() -> Posting:
    return Posting(officer("L1"), {}, {"pk": _somebody().pk})


@body("centre:active")
def _disable() -> Posting:
    return Posting(officer("L1"), {"active": "0"}, {"pk": _somebody().pk})
