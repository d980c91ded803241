"""Keys change; what was written with earlier ones stays readable, provable and valid."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag

from assay.certificates import credential
from assay.kernel import heads, ledger, notes, secrets
from assay.kernel.acts import Context, act
from assay.kernel.models import Checkpoint
from assay.kernel.sealing import CONTENT, decrypt, decrypt_bytes, encrypt, encrypt_bytes, seal
from assay.kernel.secrets import SecretsStore, UnknownKey
from assay.kernel.verification import verify
from tests import factories as f

DAY = date(2026, 11, 28)


def rotate(own: SecretsStore, name: str) -> None:
    own.rotate(name, DAY)
    secrets.forget()


def test_a_text_is_read_with_the_key_it_was_written_with(own: SecretsStore) -> None:
    old = encrypt("410105200901010004", "people.id_number")
    rotate(own, "identity")
    new = encrypt("410105200901010004", "people.id_number")
    assert (old[:2], new[:2]) == ("1:", "2:")
    assert decrypt(old, "people.id_number") == decrypt(new, "people.id_number") == "410105200901010004"


def test_a_value_moved_elsewhere_or_under_another_purpose_does_not_open(own: SecretsStore) -> None:
    key_id, sealed = encrypt_bytes(b"A", "paper.content", CONTENT)
    with pytest.raises(InvalidTag):
        decrypt_bytes(key_id, sealed, "item.stem", CONTENT)
    with pytest.raises(InvalidTag):
        decrypt_bytes(key_id, sealed, "paper.content", "identity")


def test_a_key_that_was_added_after_this_process_began_is_found(own: SecretsStore) -> None:
    encrypt("warm", "x")
    SecretsStore(own.path).rotate("identity", DAY)  # another process
    newer = SecretsStore(own.path).keys("identity")[-1]
    assert secrets.key("identity", "2") == newer
    assert newer.since == DAY


def test_a_key_that_nobody_has_is_told_in_a_sentence(own: SecretsStore) -> None:
    with pytest.raises(UnknownKey, match="没有 identity 的第 7 号密钥"):
        decrypt("7:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x")


def test_digests_of_the_ledger_are_compared_under_the_key_they_were_made_with(own: SecretsStore) -> None:
    old = seal("59.0")
    rotate(own, "ledger_seal")
    assert seal("59.0").startswith("2:")
    assert seal("59.0", like=old) == old
    assert seal("88.0", like=old) != old
    assert seal("59.0", like=seal("59.0")) == seal("59.0")


def test_a_printed_code_stays_good_and_a_new_one_names_its_key(own: SecretsStore) -> None:
    claim = credential.Claim("Y000041000000264000001", "龚安然", "汽车维修工", "汽车机械维修工", "四级", "2026-12-31")
    old = credential.sign(claim)
    rotate(own, "certificate")
    new = credential.sign(claim)
    assert old.count(".") == 1
    assert new.endswith(".2")
    assert credential.check(old) == credential.check(new) == claim
    assert credential.check(old + ".2") is None
    assert credential.check(new.removesuffix(".2")) is None
    assert credential.check(new, {"1": credential.public_keys()["1"]}) is None


def test_a_secret_may_come_from_the_environment_with_several_keys(
    own: SecretsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (secrets.as_text(secrets.Key("", bytes([n]) * 32, None)) for n in (1, 2))
    monkeypatch.setenv("ASSAY_SECRET_CONTENT", f"1={one},2={two}")
    assert [key.id for key in own.keys("content")] == ["1", "2"]
    assert own.keys("content")[1].value == bytes([2]) * 32
    monkeypatch.setenv("ASSAY_SECRET_CONTENT", one)
    assert [(key.id, key.value) for key in own.keys("content")] == [("1", bytes([1]) * 32)]
    with pytest.raises(ValueError, match="not rotated here"):
        own.rotate("content", DAY)


@act("tests.before_and_after", duty="E1", title="测试更换密钥前后")
def grow(ctx: Context) -> None:
    ctx.record(f.department())


@pytest.mark.django_db
def test_heads_signed_before_and_after_a_change_of_keys_both_verify(own: SecretsStore) -> None:
    grow(f.actor_with("E1"))
    first = ledger.checkpoint()
    rotate(own, "ledger_signing")
    grow(f.actor_with("E1"))
    second = ledger.checkpoint()
    assert first is not None
    assert second is not None
    before, after = (notes.read(point.note).signatures[0].key_id for point in (first, second))
    assert before != after
    assert [notes.read_vkey(vkey).key_id for vkey in heads.vkeys()] == [before, after]
    assert [x for x in verify().findings if "检查点" in x.where] == []
    Checkpoint.objects.filter(size=first.size).update(note=heads.sign(first.size, second.root))
    assert [x.what for x in verify().findings if "检查点" in x.where] == ["签名无效：检查点被改动"]
