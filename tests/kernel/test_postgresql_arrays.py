"""Rows written at once arrive as they were said, whatever their texts hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import Transformer
from psycopg.types.array import ListDumper

from assay.kernel.postgresql_arrays import QuickListDumper

TEXTS = st.text(st.sampled_from('\\"{}, \n考a') | st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))


@given(st.lists(TEXTS | st.none(), min_size=1))
def test_a_list_has_the_bytes_that_psycopg_would_give_it(texts: list[str | None]) -> None:
    theirs, ours = ListDumper(list, Transformer()), QuickListDumper(list, Transformer())
    assert ours.dump(texts) == theirs.dump(texts)
