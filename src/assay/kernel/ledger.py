"""The ledger: append-only, chained, a Merkle tree with signed checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from assay.kernel import clock, heads, merkle
from assay.kernel.inserting import insert
from assay.kernel.keyring import private
from assay.kernel.models import Checkpoint, LedgerEntry, LedgerHead, LedgerLine, OutsideHead
from assay.kernel.recorded import canonical
from assay.kernel.secrets import keys

_IN_ORDER = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Line:
    """Facts of one subject after an act; None when the row was removed."""

    subject: str
    subject_id: str
    facts: dict[str, Any] | None


@dataclass(frozen=True)
class Header:
    at: datetime
    act: str
    duty: str
    actor_id: int | None
    actor_name: str
    note: str
    simulated: bool


def canonical_json(value: object) -> bytes:
    """`value` (JSON values only) with names in order and no spaces, in UTF-8: what digests are taken over. The same bytes as
    the standard library's `json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))`."""
    return _IN_ORDER.encode(value)


def entry_digest(seq: int, header: Header, lines: Sequence[Line], previous: str) -> str:
    """SHA-256 over everything the entry says, and over the entry before it."""
    said = {
        "seq": seq,
        "header": canonical(asdict(header)),
        "lines": [[line.subject, line.subject_id, line.facts] for line in lines],
        "previous": previous,
    }
    return sha256(canonical_json(said)).hexdigest()


def append(header: Header, lines: Sequence[Line]) -> LedgerEntry:
    """Write one entry; must run inside the transaction of the act. The head row is the lock."""
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    seq = head.size + 1
    digest = entry_digest(seq, header, lines, head.last_digest)
    entry = LedgerEntry.objects.create(seq=seq, previous=head.last_digest, digest=digest, **asdict(header))
    insert(
        LedgerLine,
        ("entry_id", "position", "subject", "subject_id", "facts"),
        [(entry.pk, n, line.subject, line.subject_id, line.facts) for n, line in enumerate(lines)],
    )
    head.peaks = merkle.append(head.peaks, head.size, merkle.leaf_hash(bytes.fromhex(digest)))
    head.size = seq
    head.last_digest = digest
    head.save()
    return entry


Last = tuple[int, dict[str, Any] | None]
"""What was last said of a row: in which entry, and its facts (None: that it was removed)."""


def last_said(subject: str, pks: Iterable[object]) -> dict[str, Last]:
    """Of these rows, by their numbers as texts; of whom nothing was ever said is not among them."""
    lines = LedgerLine.objects.filter(subject=subject, subject_id__in=[str(pk) for pk in pks])
    in_order = lines.order_by("entry_id", "position").values_list("subject_id", "entry_id", "facts")
    return {pk: (seq, facts) for pk, seq, facts in in_order}


def public_keys() -> list[Ed25519PublicKey]:
    """Of every key that ever signed checkpoints, newest first."""
    return [private(key).public_key() for key in reversed(keys("ledger_signing"))]


def checkpoint_message(size: int, root: str) -> bytes:
    """What checkpoints were signed over before they became notes."""
    return f"assay-checkpoint\n{size}\n{root}\n".encode()


def held_outside(place: str, head: Checkpoint, at: datetime, stamp: bytes = b"") -> None:
    """Within an act: somebody else holds this head now, or has stamped it. Once for each place and size."""
    said = {"at": at, "note": head.note, "stamp": stamp}
    OutsideHead.objects.get_or_create(place=place, size=head.size, defaults=said)


def newest_head() -> Checkpoint | None:
    """The newest checkpoint that is a signed note."""
    return Checkpoint.objects.exclude(note="").order_by("-size").first()


def checkpoint() -> Checkpoint | None:
    """Sign the tree as it stands; None when the ledger is empty. The same size gives the same checkpoint."""
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None or not head.size:
        return None
    root = merkle.root(head.peaks)
    made = Checkpoint.objects.filter(size=head.size).exclude(note="").first()
    if made is None:
        said = {"root": root, "at": clock.now(), "note": heads.sign(head.size, root)}
        made, _ = Checkpoint.objects.update_or_create(size=head.size, defaults=said)
    return made
