"""Volumes of a batch: drawn up beside everybody else's work, bound in one act, untouched once sealed."""

from __future__ import annotations

import io
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from PIL import Image

from assay.applications.models import Evidence
from assay.archive import acts
from assay.archive.models import Volume, VolumeDocument
from assay.archive.printing import COVER
from assay.batches.models import Batch
from assay.centre.acts.basis import Given, set_basis
from assay.centre.models import BasisVersion
from assay.kernel import contributions, files
from assay.kernel.clock import today
from assay.kernel.contributions import VolumePart, VolumeSource
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f
from tests.papers import text_of

PAPERS = {"1-one": [b"%PDF-1"], "2-two": [b"%PDF-2", b"%PDF-3"]}


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("direct", "archive", [(f.scope_row(), "4", 10)])


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bytes]]:
    """Two volumes whose documents a test may change."""
    held = {kind: list(contents) for kind, contents in PAPERS.items()}

    def source(kind: str) -> VolumeSource:
        def parts(batch: Batch) -> Iterator[VolumePart]:
            for n, content in enumerate(held[kind], start=1):
                yield VolumePart(f"{kind} {n}.pdf", content)

        return VolumeSource(kind, f"卷 {kind}", "示例", ("direct",), parts)

    monkeypatch.setattr(contributions, "volumes", [source(kind) for kind in held])
    return held


def named(batch: Batch) -> list[tuple[str, str]]:
    documents = VolumeDocument.objects.filter(volume__batch=batch).order_by("volume__kind", "position")
    return [(d.volume.kind, d.name) for d in documents]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_the_papers_are_drawn_up(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []

    def parts(batch: Batch) -> Iterator[VolumePart]:
        inside.append(connection.in_atomic_block)
        yield VolumePart("甲.pdf", b"%PDF-1")

    monkeypatch.setattr(contributions, "volumes", [VolumeSource("1-one", "卷", "示例", ("direct",), parts)])
    acts.assemble(f.actor_with("E10"), batch)
    assert inside == [False]
    assert named(batch) == [("1-one", COVER), ("1-one", "甲.pdf")]
    assert LedgerEntry.objects.filter(act="archive.build").count() == 1


@pytest.mark.django_db
def test_volumes_are_made_again_until_they_are_sealed(batch: Batch, papers: dict[str, list[bytes]]) -> None:
    keeper = f.actor_with("E10")
    first = {v.kind: v.digest for v in acts.assemble(keeper, batch)}
    papers["2-two"].append(b"%PDF-4")
    time.sleep(1.1)  # the same papers are the same files, whenever they are drawn up
    again = {v.kind: v.digest for v in acts.assemble(keeper, batch)}
    assert first["1-one"] == again["1-one"]
    assert first["2-two"] != again["2-two"]
    assert len(named(batch)) == 6
    acts.seal(keeper, batch)
    papers["1-one"].append(b"%PDF-5")
    with pytest.raises(Refused, match="已封卷"):
        acts.assemble(keeper, batch)
    assert len(named(batch)) == 6


@pytest.mark.django_db
def test_a_volume_sealed_while_it_was_drawn_up_stays_as_it_was_sealed(
    batch: Batch, papers: dict[str, list[bytes]]
) -> None:
    keeper = f.actor_with("E10")
    acts.assemble(keeper, batch)
    sealed = {v.kind: v.digest for v in acts.seal(keeper, batch)}
    papers["1-one"].append(b"%PDF-9")
    late = acts.Drawn(contributions.volumes[0], sealed["1-one"], [])
    with pytest.raises(Refused, match="已封卷"):
        acts.build(keeper, batch, [late])
    assert {v.kind: v.digest for v in Volume.objects.filter(batch=batch)} == sealed


@pytest.mark.django_db
def test_nothing_is_drawn_up_at_another_stage_or_by_another_post(batch: Batch, papers: dict[str, list[bytes]]) -> None:
    with pytest.raises(NotAllowed):
        acts.assemble(f.actor_with("E3"), batch)
    Batch.objects.filter(pk=batch.pk).update(stage="certificates")
    with pytest.raises(Refused, match="还不能归档"):
        acts.assemble(f.actor_with("E10"), batch)
    assert not Volume.objects.exists()


@pytest.mark.django_db
def test_the_cover_lists_what_is_in_the_volume_and_a_cover_alone_is_not_sealed(
    batch: Batch, papers: dict[str, list[bytes]], tmp_path: Path
) -> None:
    keeper = f.actor_with("E10")
    acts.assemble(keeper, batch)
    documents = list(VolumeDocument.objects.filter(volume__kind="2-two").order_by("position"))
    (tmp_path / "cover.pdf").write_bytes(files.read(documents[0].file_id))
    said = subprocess.run(["pdftotext", "-raw", "cover.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    text = "".join(said.stdout.decode().split())
    assert "卷内目录" in text
    assert "2件" in text
    for document in documents[1:]:
        assert f"{document.position}{document.name}".replace(" ", "") in text
        assert document.file_id[:16] in text
    papers["2-two"].clear()
    acts.assemble(keeper, batch)
    with pytest.raises(Refused, match="卷内没有文件：卷 2-two"):
        acts.seal(keeper, batch)


@pytest.mark.django_db
@pytest.mark.parameter("archive.paper_years", "archive.electronic_years")
def test_how_long_volumes_are_kept_is_what_the_parameters_page_was_told(
    batch: Batch, papers: dict[str, list[bytes]]
) -> None:
    keeper = f.actor_with("E10")

    def cover() -> str:
        acts.assemble(keeper, batch)
        found = VolumeDocument.objects.filter(volume__batch=batch, position=0).order_by("volume__kind")[0]
        return text_of(files.read(found.file_id))

    assert "纸质不少于3年，电子不少于5年" in cover()
    f.set_parameter("archive.paper_years", "6")
    f.set_parameter("archive.electronic_years", "9")
    assert "纸质不少于6年，电子不少于9年" in cover()
    kept = {volume.keep_until.year - today().year for volume in acts.seal(keeper, batch) if volume.keep_until}
    assert kept == {9}


@pytest.mark.django_db
def test_the_registration_volume_holds_the_decisions_and_everybodys_evidence(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contributions, "volumes", [s for s in contributions.volumes if s.kind == "1-registration"])
    application = f.application(batch)
    image = io.BytesIO()
    Image.new("RGB", (8, 8)).save(image, "PNG")
    kept = files.keep(image.getvalue())
    Evidence.objects.create(application=application, title="毕业证书", file=kept)
    acts.assemble(f.actor_with("E10"), batch)
    documents = {d.name: d.file_id for d in VolumeDocument.objects.filter(volume__batch=batch)}
    assert {"资格审核汇总表.pdf", "备案表（1-1）.pdf"} < set(documents)
    evidence = f"证明材料 {application.person.name} {application.pk}-1 毕业证书.png"
    assert documents[evidence] == kept.pk


@pytest.mark.django_db
def test_what_somebody_else_has_drawn_up_meanwhile_is_not_replaced_by_older_papers(
    batch: Batch, papers: dict[str, list[bytes]]
) -> None:
    keeper = f.actor_with("E10")
    acts.assemble(keeper, batch)
    older = acts.Drawn(contributions.volumes[0], "", [])
    with pytest.raises(Refused, match="刚由他人重新组卷"):
        acts.build(keeper, batch, [older])
    assert len(named(batch)) == 5


@pytest.mark.django_db
def test_a_volume_without_its_cover_is_not_sealed(batch: Batch, papers: dict[str, list[bytes]]) -> None:
    keeper = f.actor_with("E10")
    acts.assemble(keeper, batch)
    VolumeDocument.objects.filter(volume__kind="1-one", position=0).delete()
    with pytest.raises(Refused, match=r"没有卷封与卷内目录，请重新组卷：卷 1-one$"):
        acts.seal(keeper, batch)


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_evidence_that_is_lost_is_named_with_whose_it_is(
    batch: Batch, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(contributions, "volumes", [s for s in contributions.volumes if s.kind == "1-registration"])
    application = f.application(batch)
    kept = files.keep(b"%PDF-" + damage.encode())
    Evidence.objects.create(application=application, title="毕业证书", file=kept)
    path = files.path_of(kept.pk)
    path.unlink()
    if damage == "changed":
        path.write_bytes(b"%PDF-other")
    with pytest.raises(Refused, match=f"{application.person.name} .*毕业证书”的文件丢失或已损坏"):
        acts.assemble(f.actor_with("E10"), batch)
    assert not Volume.objects.exists()


@pytest.mark.django_db
def test_a_volume_and_its_cover_keep_the_basis_by_which_they_were_bound(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts(batch: Batch) -> Iterator[VolumePart]:
        yield VolumePart("one.pdf", b"%PDF-1")

    one = VolumeSource("registration", "报名与资格审核卷", "工作方案 四(一)9(1)", ("direct",), parts)
    monkeypatch.setattr(contributions, "volumes", [one])
    keeper = f.actor_with("E10")

    def bound() -> tuple[str, str, str]:
        (volume,) = acts.assemble(keeper, batch)
        cover = text_of(files.read(volume.documents.get(position=0).file_id))
        return volume.clause, volume.basis_said, cover

    clause, said, cover = bound()
    assert (clause, said) == ("工作方案 四(一)9(1)", "依据 工作方案 四(一)9(1) 备案表")
    assert "归档依据工作方案四(一)9(1)" in cover
    set_basis(f.actor_with("L1"), Given("own", "认定实施办法", numbers={"四(一)9(1)": "第三十一条"}))
    assert Volume.objects.get().basis_said == "依据 工作方案 四(一)9(1) 备案表"
    clause, said, cover = bound()
    assert (clause, said) == ("认定实施办法 第三十一条", "依据 认定实施办法 第三十一条")
    assert "归档依据认定实施办法第三十一条" in cover
    assert "工作方案" not in cover
    acts.seal(keeper, batch)
    set_basis(f.actor_with("L1"), Given("national"), was=BasisVersion.objects.latest("pk").pk)
    assert Volume.objects.get().basis_said.startswith("依据 认定实施办法 第三十一条，")
