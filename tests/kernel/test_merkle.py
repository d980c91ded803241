"""The ledger's own compact tree against an independent implementation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from assay.kernel import merkle


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=70))
def test_the_frontier_has_the_same_root_as_the_whole_tree_after_every_leaf(leaves: list[bytes]) -> None:
    tree = InmemoryTree(algorithm="sha256")
    peaks: list[str] = []
    for size, leaf in enumerate(leaves):
        tree.append_entry(leaf)
        peaks = merkle.append(peaks, size, merkle.leaf_hash(leaf))
        assert merkle.root(peaks) == tree.get_root(size + 1).hex()
