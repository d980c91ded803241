"""Kept files lie enciphered on the disk, whole or not at all, and open to what was kept or say why not."""

from __future__ import annotations

import os
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies
from pytest_django.fixtures import Settings

from assay.cli.main import assay
from assay.kernel import cipher_file, durable, enciphering, files, secrets
from assay.kernel.models import StoredFile
from assay.kernel.secrets import SecretsStore

pytestmark = pytest.mark.django_db
FRAME, TAG = cipher_file.FRAME, 16


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def paper(text: str, size: int = 0) -> bytes:
    return b"%PDF-1.7 " + text.encode() + os.urandom(size)


def kept(content: bytes) -> Path:
    return files.path_of(files.keep(content, "application/pdf").sha256)


def left_in_the_clear(content: bytes) -> Path:
    """As earlier versions kept it."""
    path = files.path_of(files.digest_of(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    StoredFile.objects.create(
        sha256=path.name, content_type="application/pdf", size=len(content), created_at="2026-01-01T00:00Z"
    )
    return path


def test_nothing_of_a_file_is_to_be_seen_on_the_disk(root: Path) -> None:
    one = kept(paper("身份证明", 1000))
    files.keep_all([paper("照片"), paper("毕业证书")])
    assert len(list(root.glob("??/*"))) == 3
    for path in root.glob("??/*"):
        lies = path.read_bytes()
        assert b"PDF" not in lies
        assert not any(text.encode() in lies for text in ("身份证明", "照片", "毕业证书"))
    assert files.digest_of(files.read(one.name)) == one.name


@given(
    strategies.sampled_from([0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 7]),
    strategies.integers(1, FRAME * 2),
)
def test_any_size_comes_back_as_it_was(size: int, piece: int) -> None:
    import io

    content = os.urandom(size)
    out = io.BytesIO()
    cipher_file.write(out, (content[n : n + piece] for n in range(0, size, piece)), size, "digest")
    out.seek(0)
    assert b"".join(cipher_file.read(out, "digest")) == content


def test_what_became_of_a_file_is_named(own: SecretsStore) -> None:
    path = kept(paper("原件", 2 * FRAME))
    whole = path.read_bytes()

    def with_bytes(lies: bytes) -> str:
        path.write_bytes(lies)
        return files.problem_of(path.name)

    assert with_bytes(whole) == ""
    changed = bytearray(whole)
    changed[FRAME] ^= 1
    assert "被改动" in with_bytes(bytes(changed))
    assert "后面一部分已丢失" in with_bytes(whole[:-1])
    assert "后面一部分已丢失" in with_bytes(whole[:20])
    assert "被改动" in with_bytes(whole + b"x")
    assert "被改动" in with_bytes(paper("换过"))
    swapped = whole[: -2 * (FRAME + TAG)] + whole[-(FRAME + TAG) :] + whole[-2 * (FRAME + TAG) : -(FRAME + TAG)]
    assert "被改动" in with_bytes(swapped)
    other = kept(paper("另一份", 2 * FRAME))
    assert "被改动" in with_bytes(other.read_bytes())
    path.unlink()
    assert "已不见" in files.problem_of(path.name)


def test_a_file_of_other_keys_is_told_from_a_changed_one(own: SecretsStore, tmp_path: Path) -> None:
    path = kept(paper("原件"))
    own.rotate("content", date(2026, 11, 28))
    secrets.forget()
    newer = kept(paper("新件"))
    assert files.problem_of(path.name) == files.problem_of(newer.name) == ""
    own.path.unlink()
    secrets.forget()
    assert "另一套密钥" in files.problem_of(path.name)
    assert "没有 content 的第 2 号密钥" in files.problem_of(newer.name)


def test_files_of_an_earlier_version_are_read_as_they_are_and_then_enciphered(root: Path) -> None:
    clear = [left_in_the_clear(paper(f"旧件{n}", n * FRAME)) for n in range(3)]
    assert [files.problem_of(path.name) for path in clear] == ["", "", ""]
    assert enciphering.is_due()
    contents = [files.read(path.name) for path in clear]
    done = enciphering.encipher_kept()
    assert (done.count, done.left, enciphering.is_due()) == (3, [], False)
    assert [files.read(path.name) for path in clear] == contents
    assert not any("旧件".encode() in path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert enciphering.encipher_kept().count == 0


def test_stopped_in_the_middle_nothing_is_lost_and_it_goes_on(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    clear = [left_in_the_clear(paper(f"旧件{n}")) for n in range(4)]
    contents = {path.name: path.read_bytes() for path in clear}
    replaced: list[Path] = []

    def stopped(draft: Path, path: Path) -> Path:
        if len(replaced) == 2:
            raise KeyboardInterrupt
        replaced.append(path)
        os.replace(draft, path)
        return path

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        enciphering.encipher_kept()
    monkeypatch.undo()
    assert {name: files.read(name) for name in contents} == contents
    assert enciphering.is_due()
    assert enciphering.encipher_kept().count == 2
    assert {name: files.read(name) for name in contents} == contents
    assert sorted(p.name for p in root.glob("??/*")) == sorted(contents)


def test_a_file_that_is_not_what_its_name_says_is_left_for_whoever_looks_into_it() -> None:
    good, bad = left_in_the_clear(paper("好")), left_in_the_clear(paper("坏"))
    bad.write_bytes(b"%PDF-1.7 other")
    done = enciphering.encipher_kept()
    assert done.count == 1
    assert bad.name in done.left[0]
    assert bad.read_bytes() == b"%PDF-1.7 other"
    assert files.read(good.name) == paper("好")
    assert enciphering.is_due()


def test_drafts_that_nobody_finishes_are_cleared_away_and_others_are_not() -> None:
    path = kept(paper("一"))
    old, young = path.with_name(f"{path.name}.tmp"), path.with_name(f"{path.name}.abc.draft")
    for draft in (old, young):
        draft.write_bytes(paper("半"))
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    enciphering.encipher_kept()
    assert (old.exists(), young.exists()) == (False, True)


def test_the_command_says_what_it_did() -> None:
    left_in_the_clear(paper("旧"))
    done = CliRunner().invoke(assay, ["files", "encrypt"])
    assert done.exit_code == 0, done.output
    assert "存储的文件已全部加密" in done.output


def test_a_kept_file_is_on_the_disk_before_anything_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes before the name, and the name before the act that points at it commits."""
    told: list[str] = []
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        told.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    path = kept(paper("新"))
    assert told[0].startswith(str(path.parent))
    assert told[0].endswith(durable.DRAFT)
    assert {str(path.parent), str(path.parent.parent), str(path.parent.parent.parent)} <= set(told[1:])


def test_two_writers_of_the_same_file_do_not_spoil_it() -> None:
    content = paper("同", FRAME)
    path = files.path_of(files.digest_of(content))
    durable.put_all([(path, lambda out: cipher_file.write(out, [content], len(content), path.name))] * 16)
    assert files.read(path.name) == content


def test_a_large_file_is_in_memory_once() -> None:
    content = paper("大", 30 * 1024 * 1024)
    tracemalloc.start()
    try:
        path = kept(content)
        written = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        assert files.problem_of(path.name) == ""
        checked = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        read = files.read(path.name)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(read)
    finally:
        tracemalloc.stop()
    assert written < 5 * 1024 * 1024
    assert checked < 5 * 1024 * 1024
