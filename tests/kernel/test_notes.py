"""Signed notes as others write and read them."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel import heads, notes

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
"""A note and its verifier key that are published with the first implementation of the form."""
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_published_note_is_read_and_its_signature_is_right() -> None:
    note, verifier = notes.read(SIGNED), notes.read_vkey(VKEY)
    assert note.text == TEXT
    assert note.signed_by(verifier)
    assert verifier.vkey == VKEY


@pytest.mark.parametrize(
    "vkey", ["PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "x", "a+b+c", ""]
)
def test_a_verifier_key_that_contradicts_itself_is_refused(vkey: str) -> None:
    with pytest.raises(notes.BadNote):
        notes.read_vkey(vkey)


@given(st.integers(0, len(SIGNED) - 1), st.characters(codec="utf-8"))
def test_a_note_of_which_one_character_was_changed_is_not_signed(place: int, other: str) -> None:
    changed = SIGNED[:place] + other + SIGNED[place + 1 :]
    if changed == SIGNED:
        return
    try:
        read = notes.read(changed)
    except notes.BadNote:
        return
    assert not read.signed_by(notes.read_vkey(VKEY)) or read == notes.read(SIGNED)


def test_a_note_of_ours_reads_back_and_bears_more_signatures() -> None:
    ours = notes.sign("a\nb\n", "school.example/ledger", KEY)
    witness = notes.sign("a\nb\n", "witness.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    both = notes.read(ours + witness.rpartition("\n\n")[2])
    mine = notes.Verifier("school.example/ledger", KEY.public_key().public_bytes_raw())
    assert len(both.signatures) == 2
    assert both.signed_by(mine)
    assert not both.signed_by(notes.Verifier("school.example/other", mine.public))


@pytest.mark.parametrize(("text", "name"), [("a", "n"), ("a\n\nb\n", "n"), ("a\n", "two words"), ("a\n", "a+b")])
def test_what_would_not_read_back_is_not_signed(text: str, name: str) -> None:
    with pytest.raises(notes.BadNote):
        notes.sign(text, name, KEY)


def test_a_head_is_three_lines_and_its_note_is_ours() -> None:
    note = heads.sign(8, ROOT)
    head = heads.read(note)
    assert (head.size, head.root) == (8, ROOT)
    assert base64.b64decode(note.splitlines()[2]).hex() == ROOT
    assert heads.ours(note)
    assert notes.read(note).signed_by(notes.read_vkey(heads.vkeys()[0]))
    assert not heads.ours(notes.sign(head.text, head.origin, KEY))
    assert not heads.ours(note.replace("\n8\n", "\n9\n"))


@pytest.mark.parametrize(
    "printed",
    [
        lambda note: note,
        lambda note: note.replace("\n\n", "\n"),
        lambda note: "\u200b".join(note).replace("\n\u200b\n", "\n"),
        lambda note: f"  {note[:-40]}\n{note[-40:]} ".replace("\n\n", "\n"),
        lambda note: note.replace("— ", "-").replace("\n", "\r\n"),
    ],
)
def test_a_head_copied_from_paper_is_read_though_lines_are_broken(printed: Callable[[str], str]) -> None:
    note = heads.sign(8, ROOT)
    assert heads.as_printed(printed(note)) == note


@pytest.mark.parametrize("text", ["", "看不清", "a\nb\nc\n", "a\nb\nc\n\n— d AAAA\n"])
def test_what_is_no_head_stays_what_it_is(text: str) -> None:
    assert heads.as_printed(text) == text


@pytest.mark.parametrize("text", ["o\n-1\nAA==\n", "o\n08\nAA==\n", "o\n8\nAA==\n", "o\n8\n", "o\nacht\nAA==\n"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"head|root"):
        heads.read(notes.sign(text, "o", KEY))
