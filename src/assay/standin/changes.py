"""证书变更: what became of certificates that are registered here. Each is taken or refused by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from assay.standin.certificates import NUMBER, digest_of
from assay.standin.checking import Field, Findings, check_record, check_table, is_count, is_day, matches, one_of
from assay.standin.wording import CERTIFICATE_STATES, CHANGES

HEAD = (Field("batch_code", "批次编号"),)
ROW = (
    NUMBER,
    Field("sequence", "变更序号", is_count),
    Field("change", "变更", one_of(list(CHANGES))),
    Field("state", "状态", one_of(list(CERTIFICATE_STATES))),
    Field("reason", "原因"),
    Field("changed_on", "变更日期", is_day),
    Field("name", "姓名"),
    Field("id_type", "证件类型"),
    Field("id_number", "证件号码"),
    Field("issued_on", "发证日期", is_day),
    Field("print_serial", "印制流水码", required=False),
    Field("digest", "摘要", matches(r"[0-9a-f]{64}", "应为 64 位小写十六进制")),
)


def check_changes(body: dict[str, Any], today: date) -> Findings:
    """Only what keeps the whole from being taken: the batch, and a number to name each row by, once."""
    findings = Findings()
    check_record(body, HEAD, findings)
    if check_table(body, "rows", "变更", (Field("number", "证书编号"),), findings):
        seen: set[str] = set()
        for n, row in enumerate(body["rows"]):
            if row["number"] in seen:
                findings.add(f"rows[{n}].number", f"变更第 {n + 1} 行：同一证书在一次报送中只能有一项变更")
            seen.add(row["number"])
    return findings


def faults_of(row: dict[str, Any], known: dict[str, Any] | None, last: dict[str, Any] | None) -> list[str]:
    """Why this change cannot be taken: `known` is the certificate as it was first received, `last` its newest change."""
    findings = Findings()
    check_record(row, ROW, findings)
    said = [p["message"] for p in findings.problems]
    if said:
        return said
    if digest_of(row) != row["digest"]:
        return ["摘要与内容不符，数据可能在传送中被改动"]
    if known is None:
        return ["编号未登记，没有可变更的证书"]
    if row["change"] == "withdrawn" and row["state"] != "withdrawn":
        return ["撤销的证书状态应为 withdrawn"]
    if last is not None and row["sequence"] <= last["sequence"]:
        return [] if row == last else [f"第 {last['sequence']} 项变更已登记，不能再报较早的变更"]
    if last is not None and last["change"] == "withdrawn":
        return ["证书已撤销，不再变更"]
    return []
