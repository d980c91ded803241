"""证书数据 (工作方案 四(一)8): the batch must be readable; each certificate is then taken or refused by itself."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import Any

from assay.standin.checking import Field, Findings, check_record, check_table, day_of, is_day, matches
from assay.standin.wording import OUTCOMES

NUMBER = Field("number", "证书编号", matches(r"[A-Z]\d{14}[0-9A-Z]\d{6}", "应为 1 位大写字母加 21 位数字，共 22 位"))
HEAD = (Field("batch_code", "批次编号"),)
ROW = (
    NUMBER,
    Field("name", "姓名"),
    Field("id_type", "证件类型"),
    Field("id_number", "证件号码"),
    Field("occupation", "职业名称"),
    Field("job", "工种", required=False),
    Field("level", "等级"),
    Field("issued_on", "发证日期", is_day),
    Field("print_serial", "印制流水码", required=False),
    Field("digest", "摘要", matches(r"[0-9a-f]{64}", "应为 64 位小写十六进制")),
)
_YEAR, _LEVEL = slice(13, 15), 15


def check_certificates(body: dict[str, Any], today: date) -> Findings:
    """Only what keeps the whole from being taken: the batch, and a number to name each row by."""
    findings = Findings()
    check_record(body, HEAD, findings)
    check_table(body, "rows", "证书", (Field("number", "证书编号"),), findings)
    return findings


def outcomes_of(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], str]:
    """Who came to what by approved results: whoever it is, for a job and level → outcome."""
    return {_whose(row): row["outcome"] for row in rows}


def _whose(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(key) or None for key in ("id_type", "id_number", "occupation", "job", "level"))


def faults_of(row: dict[str, Any], outcomes: dict[tuple[Any, ...], str]) -> list[str]:
    """Why this certificate cannot be taken; empty when it can. `outcomes` are those of the batch's approved results."""
    findings = Findings()
    check_record(row, ROW, findings)
    said = [p["message"] for p in findings.problems]
    if said:
        return said
    number, issued_on = row["number"], day_of(row["issued_on"])
    if issued_on is not None and number[_YEAR] != f"{issued_on:%y}":
        said.append(f"编号第 14、15 位“{number[_YEAR]}”与发证日期的年份不符")
    if number[_LEVEL] != row["level"]:
        said.append(f"编号第 16 位“{number[_LEVEL]}”与等级“{row['level']}”不符")
    if (outcome := outcomes.get(_whose(row), "pass")) != "pass":
        said.append(f"该考生经审核的成绩结论为“{OUTCOMES[outcome]}”，不能核发证书")
    if digest_of(row) != row["digest"]:
        said.append("摘要与内容不符，数据可能在传送中被改动")
    return said


def digest_of(row: dict[str, Any]) -> str:
    """SHA-256 of the row without its digest, as JSON in UTF-8 with sorted keys and no spaces."""
    said = {key: value for key, value in row.items() if key != "digest"}
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
