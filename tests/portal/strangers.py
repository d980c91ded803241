"""A stranger with a browser before the candidates' doors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from assay.centre.models import Account, Department
from assay.kernel.acts import Actor
from tests import factories as f

PASSWORD = "kao-ping-2026-x"


def sign_up_form(number: str, department: Department, **changes: str) -> dict[str, Any]:
    """The sign-up page as somebody fills it in."""
    return {
        "name": "柳一", "id_type": "resident", "id_number": number, "source": "student", "student_no": "S77",
        "department": str(department.pk), "class_name": "汽修2301", "sex": "", "ethnic": "汉族",
        "education": "中等专业学校", "phone": "13900000077", "password": PASSWORD, **changes,
    }  # fmt: skip


def sign_up(number: str, department: Department, client: Client | None = None, **changes: str) -> Any:
    return (client or Client()).post("/my/sign-up/", sign_up_form(number, department, **changes))


def sign_in(client: Client, number: str, password: str = PASSWORD, **request: str) -> Any:
    given = {"id_type": "resident", "id_number": number, "password": password}
    return client.post("/my/sign-in/", given, **request)


def said(page: Any) -> str:
    """What a page says, without what differs from answer to answer anyway."""
    text = re.sub(r"[0-9A-Za-z]{64}", "", page.content.decode())
    return re.sub(r'value="[0-9A-Z]{18}"', "", text)


@dataclass(frozen=True)
class School:
    """A department and its head, who vouches for its people."""

    department: Department
    head: Account

    @property
    def actor(self) -> Actor:
        return f.actor_with("R1", account=self.head)

    @property
    def desk(self) -> Client:
        client = Client()
        client.force_login(self.head)
        return client
