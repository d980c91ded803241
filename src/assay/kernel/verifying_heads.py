"""Whether the ledger fits every signed head that is known: in the database, with others, on paper.

Whoever can write the whole database can write the chain and the tree anew, but not a signature: a head that is kept elsewhere
says what was, and a stage that ended without one says that it was taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from pymerkle import InmemoryTree

from assay.kernel import heads, ledger, timestamps
from assay.kernel.clock import SHANGHAI
from assay.kernel.models import Checkpoint, OutsideHead
from assay.kernel.reading import UNREADABLE, Unreadable, chunks


@dataclass(frozen=True)
class HeldHead:
    """A head that others hold: where (as people say it), and its note."""

    where: str
    note: str
    stamp: bytes = b""


Said = tuple[str, str]
"""Where, and what is wrong, in Chinese."""


def held_heads() -> list[HeldHead]:
    """Those of which the database knows that they are kept outside."""
    return [_held(row) for some in chunks(OutsideHead, 1000) for row in some]


def _held(row: OutsideHead | Unreadable) -> HeldHead:
    try:
        if isinstance(row, OutsideHead):
            return HeldHead(f"{row.place}留存的签署点 {row.size}（{_when(row.at)}）", row.note, bytes(row.stamp))
    except TypeError:  # a text in the place of the stamp
        pass
    return HeldHead(f"留存的签署点（第 {row.pk} 行）", "")


def _when(at: datetime | None) -> str:
    """What is no time any more reads as none."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "时间被改动"


def check_heads(digests: Sequence[str], stage_ends: Sequence[int], held: Sequence[HeldHead]) -> Iterator[Said]:
    """`digests`: of the entries, in order; `stage_ends`: entries after which a head was signed."""
    tree = InmemoryTree(algorithm="sha256")
    for digest in digests:
        tree.append_entry(_leaf(digest))
    points: dict[int, Checkpoint] = {}
    for chunk in chunks(Checkpoint, 1000):
        for point in chunk:
            if isinstance(point, Checkpoint):
                points[point.size] = point
            else:
                yield f"检查点 {point.pk}", "内容无法读出：被改动"
    for point in points.values():
        yield from _said(f"检查点 {point.size}", _check_own(tree, len(digests), point))
    for one in held:
        yield from _said(one.where, _check_held(tree, len(digests), one, points))
    yield from _check_stages(stage_ends, points)


def _said(where: str, found: Iterator[Said]) -> Iterator[Said]:
    """What is found, and when something in the place of a note, root or signature stops it, that."""
    try:
        yield from found
    except UNREADABLE:
        yield where, "内容无法读出：被改动"


def _leaf(digest: str) -> bytes:
    """What was put in the place of a digest is a leaf too, of another tree."""
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return digest.encode()


def _check_own(tree: InmemoryTree, size: int, point: Checkpoint) -> Iterator[Said]:
    where = f"检查点 {point.size}（{_when(point.at)}）"
    yield from _fits(tree, size, where, point.size, point.root)
    if not (heads.ours(point.note) and _same(point) if point.note else _signed_of_old(point)):
        yield where, "签名无效：检查点被改动"


def _same(point: Checkpoint) -> bool:
    head = heads.read(point.note)
    return (head.size, head.root) == (point.size, point.root)


def _signed_of_old(point: Checkpoint) -> bool:
    """A signature from before there were notes names no key: any of ours may have made it."""
    message = ledger.checkpoint_message(point.size, point.root)
    for key in ledger.public_keys():
        try:
            key.verify(bytes.fromhex(point.signature), message)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _check_held(tree: InmemoryTree, size: int, held: HeldHead, points: dict[int, Checkpoint]) -> Iterator[Said]:
    try:
        head = heads.read(held.note)
    except ValueError:
        yield held.where, "不是签署点，或已残缺"
        return
    if not heads.ours(held.note):
        yield held.where, "不是用本系统的密钥签署的"
        return
    if held.stamp and not _stamped(held):
        yield held.where, "时间戳与签署点不符，或不是所信任的时间戳机构签发的"
    yield from _fits(tree, size, held.where, head.size, head.root)
    if head.size not in points:
        yield held.where, f"数据库中已没有第 {head.size} 条处的检查点：被删除"


def _stamped(held: HeldHead) -> bool:
    try:
        timestamps.stamped_at(held.stamp, held.note, timestamps.roots())
    except timestamps.BadStamp:
        return False
    return True


def _fits(tree: InmemoryTree, size: int, where: str, said: int, root: str) -> Iterator[Said]:
    if said > size:
        yield where, f"台账少了条目：签署时有 {said} 条，现只有 {size} 条"
    elif tree.get_root(said).hex() != root:
        yield where, "其前的条目与签署时的根不符：台账被改写"


def _check_stages(stage_ends: Sequence[int], points: dict[int, Checkpoint]) -> Iterator[Said]:
    """Since heads are notes each such entry is signed in its own transaction; before that a little later."""
    first_note = min((size for size, point in points.items() if point.note), default=None)
    newest = max(points, default=0)
    for seq in stage_ends:
        signed = seq in points if first_note is not None and seq >= first_note else newest >= seq
        if not signed:
            yield f"台账第 {seq} 条", "批次的这个环节结束时签署的检查点不见了：被删除，或台账被改写"
