"""The compact frontier of an RFC 9162 Merkle tree: append in O(log n), know the root at any time. Pure.

`peaks` are the roots of the perfect subtrees, largest first, as hex. Verification uses pymerkle, an independent
implementation, so the two check each other.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def inclusion(leaves: Sequence[str], index: int) -> list[str]:
    """The audit path of leaf `index` in the tree of all `leaves` (their hashes, hex), nearest first (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion(leaves[:split], index), _subtree(leaves[split:])]
    return [*inclusion(leaves[split:], index - split), _subtree(leaves[:split])]


def included(leaf: str, index: int, size: int, path: Sequence[str], tree_root: str) -> bool:
    """Whether the path leads from the leaf to the root of a tree of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node % 2 or node == last:
            found = _node(step, found)
            while not node % 2 and node:
                node, last = node >> 1, last >> 1
        else:
            found = _node(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == tree_root


def _subtree(leaves: Sequence[str]) -> str:
    peaks: list[str] = []
    for size, leaf in enumerate(leaves):
        peaks = append(peaks, size, leaf)
    return root(peaks)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
