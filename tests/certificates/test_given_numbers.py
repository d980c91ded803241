"""Numbers that the province gives: taken in whole or not at all, everything wrong at its cell, used in order and once."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from assay.certificates.acts import issuing
from assay.certificates.acts.numbering import import_numbers
from assay.certificates.models import Certificate, GivenNumber, NumberCounter
from assay.kernel import clock
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.certificates.conftest import OFFICER, Ready
from tests.certificates.test_at_once import AT_ONCE, all_at_once
from tests.certificates.test_pages import signed_in

BODY = "S000041000123"


def number(serial: int, *, level: str = "4", year: int | None = None, body: str = BODY) -> str:
    return f"{body}{(year or clock.today().year) % 100:02d}{level}{serial:06d}"


def book(*cells: str, head: str = "证书编号") -> SimpleUploadedFile:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "编号"
    for row in ((head, "备注"), *((cell, "") for cell in cells)):
        sheet.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return SimpleUploadedFile("省中心编号.xlsx", kept.getvalue())


def sent(client: Client, file: SimpleUploadedFile, **given: str) -> HttpResponse:
    return client.post(reverse("certificates:numbers"), {"file": file, **given})  # type: ignore[return-value]


@pytest.fixture
def by_province(ready: Ready) -> Ready:
    f.centre(number_source="imported")
    for _ in range(3):
        ready.candidate()
    return ready


def test_numbers_are_used_in_the_order_in_which_they_were_given(by_province: Ready) -> None:
    officer = signed_in("E13")
    given = [number(n) for n in (7001, 7003, 7002, 7010)]
    assert sent(officer, book(*given), count="4", source="豫技鉴〔2026〕9号").status_code == 302
    assert {(row.source, row.certificate_id) for row in GivenNumber.objects.all()} == {("豫技鉴〔2026〕9号", None)}
    made = issuing.number(OFFICER, by_province.batch)
    assert [c.number for c in made] == given[:3]
    assert [row.certificate.number if row.certificate else "" for row in GivenNumber.objects.all()] == [*given[:3], ""]
    assert not NumberCounter.objects.exists()
    page = officer.get(reverse("certificates:numbers")).content.decode()
    assert f"<td>{number(7010)}</td>" in page, "the next one"


def test_everything_wrong_with_a_table_is_said_at_its_cell_and_nothing_comes_in(by_province: Ready) -> None:
    officer, year = signed_in("E13"), clock.today().year
    import_numbers(OFFICER, given=[number(9)], source="示例")
    wrong = [
        number(1), number(1), number(2)[:-1], "Y" + number(3)[1:], number(4, year=year - 3), number(5, level="9"), number(9),
        number(6).replace("S", "1"), "",
    ]  # fmt: skip
    answer = sent(officer, book(*wrong, number(8)), count="12")
    page = answer.content.decode()
    assert answer.status_code == 422
    for row, said in (
        (3, "与「编号」第 2 行重复"), (4, f"“{number(2)[:-1]}”应为 22 位，现为 21 位"), (5, f"的前 13 位不是本中心的机构代码 {BODY}"),
        (6, f"的年份 {(year - 3) % 100:02d} 不对"), (7, "的等级码 9 不对，应为"), (8, "导入过"), (9, "应为 1 位大写字母加 21 位数字"),
    ):  # fmt: skip
        assert said in page, said
        assert f"<td>{row}</td>" in page
    assert "文件里有 9 个编号，填写的是省中心给 12 个" in page
    assert "处问题，全部没有导入" in page
    assert [row.number for row in GivenNumber.objects.all()] == [number(9)]


def test_a_table_without_numbers_or_their_column_is_named(by_province: Ready) -> None:
    officer = signed_in("E13")
    assert "缺少" in sent(officer, book(number(1), head="流水")).content.decode()
    assert sent(officer, book()).status_code == 422
    assert sent(officer, book(f" {number(1).lower()} ")).status_code == 302
    assert GivenNumber.objects.get().number == number(1)


def test_checking_takes_nothing_in(by_province: Ready) -> None:
    officer = signed_in("E13")
    page = officer.post(
        reverse("certificates:numbers"), {"file": book(number(1), number(2, level="3")), "check": "1"}, follow=True
    )
    assert "核对 2 个编号：四级/中级工 1 个，三级/高级工 1 个，没有问题" in page.content.decode()
    assert not GivenNumber.objects.exists()


def test_while_numbers_are_lacking_nobody_gets_one_and_it_is_said_how_many(by_province: Ready) -> None:
    with pytest.raises(Refused, match="四级/中级工需 3 个，现有 0 个。请先在“省中心编号”导入"):
        issuing.number(OFFICER, by_province.batch)
    import_numbers(OFFICER, given=[number(1), number(2), number(3, level="3")], source="示例")
    with pytest.raises(Refused, match="需 3 个，现有 2 个"):
        issuing.number(OFFICER, by_province.batch)
    assert not Certificate.objects.exists()
    page = signed_in("E13").get(reverse("certificates:batch", args=[by_province.batch.pk])).content.decode()
    assert "四级/中级工需 3 个，现有 2 个" in page
    assert reverse("certificates:numbers") in page


def test_a_number_that_a_certificate_bears_is_not_given_again(ready: Ready) -> None:
    ready.candidate()
    (made,) = issuing.number(OFFICER, ready.batch)
    with pytest.raises(Refused, match="本中心自行编号"):
        import_numbers(OFFICER, given=[number(2)], source="示例")
    f.centre(number_source="imported")
    with pytest.raises(Refused, match="已经用在证书上"):
        import_numbers(OFFICER, given=[made.number], source="示例")
    with pytest.raises(Refused, match=f"“{number(5)}”重复"):
        import_numbers(OFFICER, given=[number(5), number(5)], source="示例")


def test_a_centre_that_counts_by_itself_again_leaves_given_numbers_out(by_province: Ready) -> None:
    import_numbers(OFFICER, given=[number(1), number(3)], source="示例")
    f.centre(number_source="generated")
    made = issuing.number(OFFICER, by_province.batch)
    assert [c.number for c in made] == [number(2), number(4), number(5)]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_of_ten_who_import_the_same_at_once_one_does_and_two_batches_share_no_number(transactional_db: None) -> None:
    assert connection.vendor == "postgresql"
    one, other = Ready(), Ready()
    f.centre(number_source="imported")
    for ready in (one, other):
        for _ in range(4):
            ready.candidate()
    given = [number(n) for n in range(1, 9)]
    said = all_at_once(lambda n: import_numbers(OFFICER, given=given, source=f"{n}"))
    assert said.count("") == 1
    assert all("导入过" in text for text in said if text)
    said = all_at_once(lambda n: issuing.number(OFFICER, (one, other)[n % 2].batch))
    assert said.count("") == 2, said
    assert len(said) == AT_ONCE
    assert sorted(Certificate.objects.values_list("number", flat=True)) == given
    assert not GivenNumber.objects.filter(certificate=None).exists()
