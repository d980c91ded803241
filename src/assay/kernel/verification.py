"""`assay ledger verify`: finds any recorded fact that was changed behind the ledger's back, and names it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any

from django.db.models import ForeignKey

from assay.kernel import acts, files, ledger, security_log
from assay.kernel.coverage import recorded_models
from assay.kernel.ledger import Last
from assay.kernel.models import Checkpoint, LedgerEntry, LedgerHead, LedgerLine, StoredFile
from assay.kernel.reading import UNREADABLE, chunks
from assay.kernel.verifying_heads import HeldHead, check_heads, held_heads
from assay.kernel.verifying_rows import check_rows, named, shown

_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the ledger recorded it. `where` names it; `what` says in Chinese what is wrong."""

    where: str
    what: str


@dataclass
class Report:
    entries: int
    subjects: int
    checkpoints: int
    outside: int
    findings: list[Finding]

    @property
    def verdict(self) -> str:
        """In a sentence, and no more than was seen: without a head elsewhere nobody knows of a history that was written anew whole."""
        if self.findings:
            return f"发现 {len(self.findings)} 处不符。"
        if not self.outside:
            return "系统内前后一致；没有留存在系统外的签署点可供核对，不能排除整本台账连同签署点被重写。"
        return "全部一致，没有改动。"


def verify(outside: Sequence[HeldHead] = ()) -> Report:
    """Check entries, chain, tree, heads, every recorded row against its last line, every kept file and the security
    log. `outside`: heads that others hold, beside those of which the database itself knows."""
    findings: list[Finding] = []
    latest: dict[tuple[str, str], Last] = {}
    digests: list[str] = []
    stage_ends: list[int] = []
    previous, signing = "", _signing_acts()
    for read in _entries():
        if isinstance(read, Finding):
            findings.append(read)
            continue
        entry, lines = read
        findings.extend(_check_entry(entry, lines, len(digests) + 1, previous))
        previous = entry.digest
        digests.append(entry.digest)
        if entry.act in signing or any(_asks_for_a_head(line, latest) for line in lines):
            stage_ends.append(entry.seq)
        for line in lines:
            latest[(line.subject, line.subject_id)] = (entry.seq, _facts(line))
    held = [*outside, *held_heads()]
    findings.extend(Finding(*said) for said in check_heads(digests, stage_ends, held))
    findings.extend(_check_head_row(digests))
    findings.extend(_check_rows(latest))
    findings.extend(_check_files())
    findings.extend(Finding(where, what) for where, what in security_log.differences())
    return Report(len(digests), len(latest), Checkpoint.objects.count(), len(held), findings)


def _facts(line: ledger.Line) -> dict[str, Any] | None:
    """What lies there instead was named with its entry, and says nothing of the row."""
    return line.facts if line.facts is None or isinstance(line.facts, dict) else {}


def _asks_for_a_head(line: ledger.Line, latest: Mapping[tuple[str, str], Last]) -> bool:
    """Whether something has changed by it that changes with a signed head alone: what an act is called can be written otherwise."""
    headed, before = _headed().get(line.subject, ""), latest.get((line.subject, line.subject_id))
    if not headed or before is None:
        return False
    was, now = before[1] or {}, _facts(line) or {}
    return headed in was and headed in now and was[headed] != now[headed]


@cache
def _headed() -> dict[str, str]:
    return {model.subject(): model.HEADED for model in recorded_models() if model.HEADED}


def _signing_acts() -> set[str]:
    """The acts that end with a signed head."""
    return {one.name for one in acts.declared() if one.signs}


def _entries() -> Iterator[tuple[LedgerEntry, list[ledger.Line]] | Finding]:
    """Each entry with its lines in order; of what cannot be read, that."""
    for chunk in chunks(LedgerEntry, 1000):
        lines: dict[int, list[LedgerLine]] = defaultdict(list)
        for part in chunks(LedgerLine, 2000, entry_id__gte=chunk[0].pk, entry_id__lte=chunk[-1].pk):
            for line in part:
                if isinstance(line, LedgerLine):
                    lines[line.entry_id].append(line)
                else:
                    yield Finding(f"台账行 {line.pk}", "内容无法读出：被改动")
        for entry in chunk:
            if isinstance(entry, LedgerEntry):
                ordered = sorted(lines[entry.seq], key=_position)
                yield entry, [ledger.Line(line.subject, line.subject_id, line.facts) for line in ordered]
            else:
                yield Finding(f"台账第 {entry.pk} 条", "内容无法读出：被改动")


def _position(line: LedgerLine) -> float:
    """What is no number any more comes last."""
    return line.position if isinstance(line.position, int | float) else inf


def _check_entry(entry: LedgerEntry, lines: list[ledger.Line], seq: int, previous: str) -> Iterator[Finding]:
    where = f"台账第 {entry.seq} 条（{shown(entry.act)}，{shown(entry.actor_name)}）"
    if entry.seq != seq:
        yield Finding(where, f"序号不连续：应为第 {seq} 条，其前有条目缺失")
    if entry.previous != previous:
        yield Finding(where, "与上一条的衔接不符：本条或上一条的校验码被改动")
    header = ledger.Header(
        entry.at, entry.act, entry.duty, entry.actor_id, entry.actor_name, entry.note, entry.simulated
    )
    if not _is_as_digested(entry, header, lines):
        yield Finding(where, "内容与校验码不符：本条内容被改动")


def _is_as_digested(entry: LedgerEntry, header: ledger.Header, lines: list[ledger.Line]) -> bool:
    try:
        return ledger.entry_digest(entry.seq, header, lines, entry.previous) == entry.digest
    except UNREADABLE:  # no digest is taken over such a value
        return False


def _check_head_row(digests: list[str]) -> Iterator[Finding]:
    head = LedgerHead.objects.filter(pk=1).values_list("size", "last_digest").first()
    if head is not None and head != (len(digests), digests[-1] if digests else ""):
        yield Finding("台账表头", f"记载 {shown(head[0])} 条，实有 {len(digests)} 条或末条校验码不符")


def _check_rows(latest: Mapping[tuple[str, str], Last]) -> Iterator[Finding]:
    by_table: dict[str, dict[str, Last]] = defaultdict(dict)
    for (subject, pk), last in latest.items():
        by_table[subject][pk] = last
    for model in recorded_models():
        yield from (Finding(*said) for said in check_rows(model, by_table[model.subject()]))


def _check_files() -> Iterator[Finding]:
    """A file is named by the digest of its bytes; the rows that point at it are recorded, the bytes lie on the disk."""
    for digest in StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).iterator(chunk_size=2000):
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            yield Finding(f"文件 {shown(digest)}", "登记的校验码不是校验码：被改动")
        elif wrong := files.problem_of(digest):
            yield Finding(_where_kept(digest), wrong)


def _where_kept(digest: str) -> str:
    """The recorded rows that point at the file, as whoever looks for it knows them."""
    rows = [
        named(row)
        for model in recorded_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is StoredFile
        for row in model._default_manager.filter(**{field.name: digest}).only("pk")
    ]
    return f"文件 {files.path_of(digest)}（{'；'.join(rows) or '没有记录引用它'}）"
