"""`assay ledger verify`: finds any recorded fact that was changed behind the ledger's back, and names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey
from pymerkle import InmemoryTree

from assay.kernel import files, ledger
from assay.kernel.models import Checkpoint, LedgerEntry, LedgerHead, LedgerLine, StoredFile
from assay.kernel.recorded import Recorded
from assay.kernel.secrets import UnknownKey


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
    findings: list[Finding]


def verify() -> Report:
    """Check entries, chain, tree, signatures, every recorded row against its last line, and every kept file."""
    findings: list[Finding] = []
    latest: dict[tuple[str, str], tuple[int, dict[str, Any] | None]] = {}
    digests: list[str] = []
    previous = ""
    for entry, lines in _entries():
        findings.extend(_check_entry(entry, lines, len(digests) + 1, previous))
        previous = entry.digest
        digests.append(entry.digest)
        for line in lines:
            latest[(line.subject, line.subject_id)] = (entry.seq, line.facts)
    findings.extend(_check_tree(digests))
    findings.extend(_check_rows(latest))
    findings.extend(_check_files())
    return Report(len(digests), len(latest), Checkpoint.objects.count(), findings)


def _entries() -> Iterator[tuple[LedgerEntry, list[ledger.Line]]]:
    rows = LedgerLine.objects.order_by("entry_id", "position").iterator(chunk_size=2000)
    grouped = groupby(rows, key=lambda row: row.entry_id)
    pending = next(grouped, None)
    for entry in LedgerEntry.objects.order_by("seq").iterator(chunk_size=2000):
        lines: list[ledger.Line] = []
        if pending is not None and pending[0] == entry.seq:
            lines = [ledger.Line(row.subject, row.subject_id, row.facts) for row in pending[1]]
            pending = next(grouped, None)
        yield entry, lines


def _check_entry(entry: LedgerEntry, lines: list[ledger.Line], seq: int, previous: str) -> Iterator[Finding]:
    where = f"台账第 {entry.seq} 条（{entry.act}，{entry.actor_name}）"
    if entry.seq != seq:
        yield Finding(where, f"序号不连续：应为第 {seq} 条，其前有条目缺失")
    if entry.previous != previous:
        yield Finding(where, "与上一条的衔接不符：本条或上一条的摘要被改动")
    header = ledger.Header(
        entry.at, entry.act, entry.duty, entry.actor_id, entry.actor_name, entry.note, entry.simulated
    )
    if ledger.entry_digest(entry.seq, header, lines, entry.previous) != entry.digest:
        yield Finding(where, "内容与摘要不符：本条内容被改动")


def _check_tree(digests: list[str]) -> Iterator[Finding]:
    keys = ledger.public_keys()
    tree = InmemoryTree(algorithm="sha256")
    for digest in digests:
        tree.append_entry(bytes.fromhex(digest))
    for point in Checkpoint.objects.order_by("size"):
        where = f"检查点 {point.size}（{point.at:%Y-%m-%d %H:%M}）"
        if point.size > len(digests):
            yield Finding(where, f"台账少了条目：检查点有 {point.size} 条，现只有 {len(digests)} 条")
            continue
        if tree.get_root(point.size).hex() != point.root:
            yield Finding(where, "其前的条目与签署时的根不符")
        if not any(_signed(point, key) for key in keys):
            yield Finding(where, "签名无效：检查点被改动")
    head = LedgerHead.objects.filter(pk=1).first()
    if head is not None and (head.size, head.last_digest) != (len(digests), digests[-1] if digests else ""):
        yield Finding("台账表头", f"记载 {head.size} 条，实有 {len(digests)} 条或末条摘要不符")


def _signed(point: Checkpoint, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(point.signature), ledger.checkpoint_message(point.size, point.root))
    except (InvalidSignature, ValueError):
        return False
    return True


def recorded_models() -> list[type[Recorded]]:
    return [m for m in apps.get_models() if issubclass(m, Recorded)]


def _check_rows(latest: dict[tuple[str, str], tuple[int, dict[str, Any] | None]]) -> Iterator[Finding]:
    for model in recorded_models():
        subject, title = model.subject(), str(model._meta.verbose_name)
        expected = {pk: said for (name, pk), said in latest.items() if name == subject}
        for row in model._default_manager.order_by("pk").iterator(chunk_size=2000):
            seq, facts = expected.pop(str(row.pk), (0, None))
            if facts is None:
                what = f"台账第 {seq} 条记为已删除，表中仍在" if seq else "台账中没有这一行的来历：绕过系统写入"
                yield Finding(_named(row), what)
            else:
                yield from _differences(row, seq, facts)
        for pk, (seq, facts) in expected.items():
            if facts is not None:
                yield Finding(f"{title} {subject}:{pk}", f"台账第 {seq} 条有记载，表中已不见")


def _named(row: Recorded) -> str:
    return f"{row._meta.verbose_name} {row.subject()}:{row.pk}（{row}）"


def _differences(row: Recorded, seq: int, said: dict[str, Any]) -> Iterator[Finding]:
    """What an earlier version of the product did not record, the ledger cannot speak of; what it recorded must be there."""
    try:
        found = row.facts(said)
        found |= {name: _fact_of_old(row, name, said[name]) for name in said.keys() - found.keys()}
    except (ValueError, TypeError, UnknownKey):
        yield Finding(_named(row), f"内容无法读出；台账第 {seq} 条有记载")
        return
    for name in sorted(name for name in said if said[name] != found[name]):
        before, after = ("（摘要）", "（已改）") if name.startswith("#") else (said[name], found[name])
        yield Finding(_named(row), f"“{name.lstrip('#')}”被改动：台账第 {seq} 条记为 {before}，表中为 {after}")


def _fact_of_old(row: Recorded, name: str, said: Any) -> Any:
    """What was once recorded open and is sealed now, or the other way; of a column that is gone, nothing."""
    try:
        return row.fact(name, said)
    except FieldDoesNotExist:
        return None


def _check_files() -> Iterator[Finding]:
    """A file is named by the digest of its bytes; the rows that point at it are recorded, the bytes lie on the disk."""
    for stored in StoredFile.objects.order_by("sha256").iterator(chunk_size=2000):
        if wrong := files.problem_of(stored.sha256):
            yield Finding(_where_kept(stored), wrong)


def _where_kept(stored: StoredFile) -> str:
    """The recorded rows that point at the file, as whoever looks for it knows them."""
    rows = [
        _named(row)
        for model in recorded_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is StoredFile
        for row in model._default_manager.filter(**{field.name: stored})
    ]
    return f"文件 {files.path_of(stored.sha256)}（{'；'.join(rows) or '没有记录引用它'}）"
