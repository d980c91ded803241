"""Whether the secrets file is the one with which this database was written."""

from __future__ import annotations

from django.db import connection

from assay.centre.models import KeyPeriod
from assay.kernel.keyring import TITLES, check_values
from assay.kernel.secrets import store

WITHOUT = "没有原来的密钥，已加密的内容读不出，台账和证书也无法验证。"
PUT_BACK = "请把备份的密钥文件放回 {file}（或设置 ASSAY_SECRETS），再启动；不要用新密钥继续使用旧数据库。"


def misfit() -> str:
    """Why the office must not go on with the secrets file at hand, in Chinese; "" when it fits the database, or the database is new.
    Where there was no file, none is left behind that would be taken for the right one later."""
    if KeyPeriod._meta.db_table not in connection.introspection.table_names():
        return ""
    found = missing()
    if found and store().made:
        store().take_back()
        return f"没有密钥文件 {store().path}：这个数据库是用它写的。{WITHOUT}{PUT_BACK.format(file=store().path)}"
    return sentence(found) if found else ""


def missing() -> list[str]:
    """Which keys are gone or others than those that the database was written with, in Chinese; empty when all is well."""
    there = check_values()
    wrong = [row for row in KeyPeriod.objects.all() if there.get((row.name, row.key_id)) != row.check_value]
    return [f"{TITLES.get(row.name, row.name)}第 {row.key_id} 号密钥{_how(row, there)}" for row in wrong]


def _how(row: KeyPeriod, there: dict[tuple[str, str], str]) -> str:
    return "不是原来的" if (row.name, row.key_id) in there else "不在文件中"


def unregistered() -> bool:
    """Whether the file has keys of which the database does not know yet."""
    return bool(check_values().keys() - set(KeyPeriod.objects.values_list("name", "key_id")))


def sentence(found: list[str]) -> str:
    """What whoever starts the service reads when keys are missing."""
    return f"密钥文件与数据库不符：{'；'.join(found)}。{WITHOUT}{PUT_BACK.format(file=store().path)}"
