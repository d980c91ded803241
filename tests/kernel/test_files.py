"""What is kept: uploads of a known kind and a bearable size; what the product draws up itself as it is."""

from __future__ import annotations

import pytest

from assay.kernel import files
from assay.kernel.models import StoredFile
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
HEAD = b"%PDF-1.7 ceiling"


def paper(size: int) -> bytes:
    return HEAD + b"0" * (size - len(HEAD))


def test_an_upload_of_just_the_ceiling_is_kept_and_one_byte_more_is_not() -> None:
    assert files.keep(paper(files.LARGEST_UPLOAD)).size == files.LARGEST_UPLOAD
    before = f.kept_files()
    for keep in (files.keep, lambda content: files.keep_all([content])):
        with pytest.raises(Refused, match=r"10\.0 MB，超过 10 MB，请压缩后再上传"):
            keep(paper(files.LARGEST_UPLOAD + 1))
    assert f.kept_files() == before


def test_a_paper_of_the_product_is_as_large_as_it_is() -> None:
    drawn = paper(files.LARGEST_UPLOAD + 2)
    assert files.read(files.keep(drawn, "application/pdf").sha256) == drawn


def test_many_are_kept_as_one_by_one_and_known_ones_stay_as_they_are() -> None:
    first = files.keep(paper(100))
    files.keep_all([paper(100), paper(101), paper(101)])
    assert {row.size for row in StoredFile.objects.all()} == {100, 101}
    assert StoredFile.objects.get(pk=first.pk).created_at == first.created_at
    assert files.read(files.digest_of(paper(101))) == paper(101)
