"""`assay ledger verify`: finds any recorded fact that was changed behind the ledger's back, and names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey
from django.utils.module_loading import autodiscover_modules

from assay.kernel import acts, files, ledger, security_log
from assay.kernel.models import Checkpoint, LedgerEntry, LedgerHead, LedgerLine, StoredFile
from assay.kernel.reading import UNREADABLE, chunks
from assay.kernel.recorded import Recorded
from assay.kernel.verifying_heads import HeldHead, check_heads, held_heads


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


def verify(outside: Sequence[HeldHead] = ()) -> Report:
    """Check entries, chain, tree, heads, every recorded row against its last line, every kept file and the security
    log. `outside`: heads that others hold, beside those of which the database itself knows."""
    findings: list[Finding] = []
    latest: dict[tuple[str, str], tuple[int, dict[str, Any] | None]] = {}
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
        if entry.act in signing:
            stage_ends.append(entry.seq)
        for line in lines:
            latest[(line.subject, line.subject_id)] = (entry.seq, line.facts)
    held = [*outside, *held_heads()]
    findings.extend(Finding(*said) for said in check_heads(digests, stage_ends, held))
    findings.extend(_check_head_row(digests))
    findings.extend(_check_rows(latest))
    findings.extend(_check_files())
    findings.extend(Finding(where, what) for where, what in security_log.differences())
    return Report(len(digests), len(latest), Checkpoint.objects.count(), len(held), findings)


def _signing_acts() -> set[str]:
    """The acts that end with a signed head; whoever asks may not have loaded all rooms yet."""
    autodiscover_modules("acts")
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
                ordered = sorted(lines[entry.seq], key=lambda line: line.position)
                yield entry, [ledger.Line(line.subject, line.subject_id, line.facts) for line in ordered]
            else:
                yield Finding(f"台账第 {entry.pk} 条", "内容无法读出：被改动")


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


def _check_head_row(digests: list[str]) -> Iterator[Finding]:
    head = LedgerHead.objects.filter(pk=1).first()
    if head is not None and (head.size, head.last_digest) != (len(digests), digests[-1] if digests else ""):
        yield Finding("台账表头", f"记载 {head.size} 条，实有 {len(digests)} 条或末条摘要不符")


def recorded_models() -> list[type[Recorded]]:
    return [m for m in apps.get_models() if issubclass(m, Recorded)]


def _check_rows(latest: dict[tuple[str, str], tuple[int, dict[str, Any] | None]]) -> Iterator[Finding]:
    for model in recorded_models():
        subject, title = model.subject(), str(model._meta.verbose_name)
        expected = {pk: said for (name, pk), said in latest.items() if name == subject}
        for chunk in chunks(model, 2000):
            for row in chunk:
                seq, facts = expected.pop(str(row.pk), (0, None))
                if not isinstance(row, Recorded):
                    yield Finding(f"{title} {subject}:{row.pk}", f"内容无法读出：被改动（台账第 {seq} 条有记载）")
                elif facts is None:
                    what = f"台账第 {seq} 条记为已删除，表中仍在" if seq else "台账中没有这一行的来历：绕过系统写入"
                    yield Finding(_named(row), what)
                else:
                    yield from _differences(row, seq, facts)
        for pk, (seq, facts) in expected.items():
            if facts is not None:
                yield Finding(f"{title} {subject}:{pk}", f"台账第 {seq} 条有记载，表中已不见")


def _named(row: Recorded) -> str:
    try:
        said = f"（{row}）"
    except UNREADABLE:  # called after another row, which cannot be deciphered
        said = ""
    return f"{row._meta.verbose_name} {row.subject()}:{row.pk}{said}"


def _differences(row: Recorded, seq: int, said: dict[str, Any]) -> Iterator[Finding]:
    """What an earlier version of the product did not record, the ledger cannot speak of; what it recorded must be there."""
    try:
        found = row.facts(said)
        found |= {name: _fact_of_old(row, name, said[name]) for name in said.keys() - found.keys()}
    except UNREADABLE:
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
        for row in model._default_manager.filter(**{field.name: stored}).only("pk")
    ]
    return f"文件 {files.path_of(stored.sha256)}（{'；'.join(rows) or '没有记录引用它'}）"
