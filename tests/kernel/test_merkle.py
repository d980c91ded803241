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


PUBLISHED_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
PUBLISHED_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_tree_that_is_published_for_transparency_logs_has_its_root_here() -> None:
    """Eight leaves and their root, as the tests of public logs have them."""
    peaks: list[str] = []
    for size, leaf in enumerate(PUBLISHED_LEAVES):
        peaks = merkle.append(peaks, size, merkle.leaf_hash(bytes.fromhex(leaf)))
    assert merkle.root(peaks) == PUBLISHED_ROOT
