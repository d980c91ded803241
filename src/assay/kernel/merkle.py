"""The compact frontier of an RFC 9162 Merkle tree: append in O(log n), know the root at any time. Pure.

`peaks` are the roots of the perfect subtrees, largest first, as hex. Verification uses pymerkle, an independent
implementation, so the two check each other.
"""

from __future__ import annotations

from hashlib import sha256


def leaf_hash(data: bytes) -> str:
    return sha256(b"\x00" + data).hexdigest()


def _node(left: str, right: str) -> str:
    return sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def append(peaks: list[str], size: int, leaf: str) -> list[str]:
    """The peaks after one more leaf; `size` is the number of leaves before it."""
    grown = [*peaks, leaf]
    while size % 2:
        right = grown.pop()
        grown[-1] = _node(grown[-1], right)
        size //= 2
    return grown


def root(peaks: list[str]) -> str:
    """Root of the tree; of the empty tree, SHA-256 of nothing."""
    if not peaks:
        return sha256(b"").hexdigest()
    result = peaks[-1]
    for peak in reversed(peaks[:-1]):
        result = _node(peak, result)
    return result
