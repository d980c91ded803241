"""Whose people an actor acts for: candidates for themselves, a department for its own, the centre for all."""

from __future__ import annotations

from assay.applications.models import Application, Person
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused

DEPARTMENTS = "工作方案 五(五)3"


def department_of(actor: Actor) -> int | None:
    """The one department that the actor acts for; None for who acts for all of them."""
    if "E5" in actor.duties or "R1" not in actor.duties:
        return None
    return own_department(actor)


def own_department(actor: Actor) -> int:
    """The department of the actor's account; refused without one."""
    if actor.department is None:
        raise Refused("您的账号没有所属系部，请管理员先设定", DEPARTMENTS)
    return actor.department


def require_of_own_department(actor: Actor, application: Application) -> None:
    """Refuse unless the application is one of the actor's department."""
    if application.department_id != own_department(actor):
        raise Refused(f"{application.applicant} 不属于您的系部", DEPARTMENTS)


def require_own(actor: Actor, person: Person) -> None:
    """Refuse unless the person is one whom the actor may act for."""
    if "C1" in actor.duties:
        if person.account_id is None or person.account_id != actor.account_id:
            raise Refused("只能为本人办理", "工作方案 四(一)2")
        return
    own = department_of(actor)
    if own is not None and person.department_id not in (None, own):
        raise Refused(f"{person} 登记在“{person.department}”，不属于您的系部", DEPARTMENTS)
