"""What goes to the printer: which certificates, laid out how, by whom; copies and reissues say what they are."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assay.certificates import printing
from assay.certificates.acts import correcting, issuing
from assay.certificates.layouts import Layout
from assay.certificates.models import Certificate, PrintRun
from assay.kernel.models import LedgerEntry
from tests import factories as f
from tests.certificates.conftest import OFFICER, Ready
from tests.certificates.test_pages import BACKEND, signed_in
from tests.papers import Word, pages_of, text_of

MOVED = pytest.mark.parameter("certificate.offset_right", "certificate.offset_down")


def opened() -> None:
    f.set_parameter("site.url", "https://rd.example.edu.cn")


@pytest.fixture
def printed(ready: Ready) -> list[Certificate]:
    """Four of two classes, on sheets AB0001 to AB0003 the first three; no photo, for the paper is what counts."""
    opened()
    for class_name in ("汽修1班", "汽修2班", "汽修1班", "汽修2班"):
        application = ready.candidate()
        application.applicant.class_name = class_name
        application.applicant.save()
    made = issuing.number(OFFICER, ready.batch)
    issuing.print_certificates(OFFICER, made[:3], first_serial="AB0001")
    Certificate.objects.update(photo=None)
    return list(Certificate.objects.order_by("number"))


def sent(client: Client, certificate: Certificate, **given: object) -> HttpResponse:
    address = reverse("certificates:batch_print", args=[certificate.application.batch_id])
    return client.post(address, {"layout": "inside", **given})  # type: ignore[return-value]


def numbers_on(answer: HttpResponse) -> list[str]:
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()
    text = text_of(answer.content)
    return sorted(c.number for c in Certificate.objects.all() if c.number in text)


def test_printing_is_known_by_whom_when_and_which(printed: list[Certificate]) -> None:
    officer = signed_in("E13")
    answer = sent(officer, printed[0], layout="whole")
    assert numbers_on(answer) == [c.number for c in printed[:3]], "who has no sheet yet is left out"
    run = PrintRun.objects.get()
    assert (run.count, run.layout, run.first, run.last) == (3, "whole", printed[0].number, printed[2].number)
    assert run.sheets == [[c.number, 1, c.print_serial] for c in printed[:3]]
    assert LedgerEntry.objects.filter(act="certificates.draw").count() == 1
    page = officer.get(reverse("certificates:batch_print", args=[printed[0].application.batch_id])).content.decode()
    assert f"3 本：{printed[0].number} 至 {printed[2].number}" in page
    assert run.by in page


def test_a_class_a_stretch_of_numbers_and_one_of_sheets_are_printed(printed: list[Certificate]) -> None:
    officer, (one, two, three, _) = signed_in("E13"), printed
    assert numbers_on(sent(officer, one, class_name="汽修1班")) == [one.number, three.number]
    assert numbers_on(sent(officer, one, first=two.number, last=three.number)) == [two.number, three.number]
    assert numbers_on(sent(officer, one, first="ab0002", last="AB0003")) == [two.number, three.number]
    assert numbers_on(sent(officer, one, first="AB0002")) == [two.number]
    assert numbers_on(sent(officer, one, line=one.application.line_id)) == [one.number, two.number, three.number]
    mixed = sent(officer, one, first=two.number, last="AB0003")
    assert "须都是证书编号，或都是印制流水码" in mixed.content.decode()


def test_pages_lie_in_the_order_of_their_sheets(printed: list[Certificate]) -> None:
    issuing.print_certificates(OFFICER, printed[:1], first_serial="AB0009", reason="印坏")
    text = text_of(sent(signed_in("E13"), printed[0]).content)
    assert text.index(printed[1].number) < text.index(printed[2].number) < text.index(printed[0].number)


def test_who_has_it_already_or_has_no_sheet_is_printed_only_by_whoever_asks_for_it(printed: list[Certificate]) -> None:
    officer = signed_in("E13")
    issuing.hand_out(OFFICER, printed[:3])
    nothing = sent(officer, printed[0]).content.decode()
    assert "3 本已发放（确要重印，请选“也重印已发放的”并写明原因）" in nothing
    assert "1 本还没有登记打印" in nothing
    assert "重印已发放的证书须写明原因" in sent(officer, printed[0], handed_out="again").content.decode()
    ticked = sent(officer, printed[0], chosen=[printed[0].pk, printed[3].pk]).content.decode()
    assert f"证书 {printed[0].number} 已发放" in ticked
    assert f"证书 {printed[3].number} 还没有登记打印" in ticked
    assert not PrintRun.objects.exists()
    answer = sent(officer, printed[0], handed_out="again", unregistered="too", reason="档案馆要一份")
    assert len(numbers_on(answer)) == 4
    run = PrintRun.objects.get()
    assert (run.again, run.unregistered, run.reason) == (3, 1, "档案馆要一份")


def test_what_waits_to_be_corrected_is_not_printed(printed: list[Certificate]) -> None:
    correcting.propose_correction(OFFICER, printed[0], printed={"name": "欧阳更正"}, reason="录错", paper=b"%PDF-")
    officer = signed_in("E13")
    assert numbers_on(sent(officer, printed[0])) == [c.number for c in printed[1:3]]
    assert "的更正尚待审批" in sent(officer, printed[0], chosen=[printed[0].pk]).content.decode()


def test_whose_code_leads_to_this_computer_alone_nobody_prints(issued: Certificate) -> None:
    Certificate.objects.update(photo=None)
    batch = issued.application.batch_id
    holder = Client()
    holder.force_login(f.candidate(issued.application.person), backend=BACKEND)
    officer = signed_in("E13", "L2")
    for client, name in ((officer, "pdf"), (signed_in("L2"), "pdf"), (holder, "my_certificate")):
        refused = client.get(reverse(f"certificates:{name}", args=[issued.pk]))
        assert refused.status_code == 409, name
        assert "请先由中心主任或领导小组在“中心设置—参数”" in refused.content.decode()
    assert "只有本机能打开" in sent(officer, issued, handed_out="again", reason="x").content.decode()
    page = officer.get(reverse("certificates:batch_print", args=[batch])).content.decode()
    assert "只有本机能打开" in page
    assert ">打印</button>" not in page
    assert not PrintRun.objects.exists()
    opened()
    assert officer.get(reverse("certificates:pdf", args=[issued.pk]))["Content-Type"] == "application/pdf"
    assert numbers_on(sent(officer, issued, handed_out="again", reason="示例")) == [issued.number]


def test_a_copy_says_on_each_page_that_it_is_one(issued: Certificate) -> None:
    opened()
    Certificate.objects.update(photo=None)
    holder = Client()
    holder.force_login(f.candidate(issued.application.person), backend=BACKEND)
    own = holder.get(reverse("certificates:my_certificate", args=[issued.pk])).content
    office = signed_in("L2").get(reverse("certificates:pdf", args=[issued.pk])).content
    for pdf in (own, office):
        for page in pages_of(pdf):
            said = "".join(word.said for word in page)
            assert "副本" in said
            assert "仅供查阅，不作证书原件使用" in said
        assert issued.print_serial not in text_of(pdf), "the sheet's number is the original's alone"
    original = text_of(printing.certificates(Certificate.objects.all()))
    assert "副本" not in original
    assert f"No.{issued.print_serial}" in original


def test_a_reissued_certificate_says_so_and_when(issued: Certificate) -> None:
    opened()
    Certificate.objects.update(photo=None)
    assert "补发" not in text_of(printing.certificates(Certificate.objects.all()))
    officer = signed_in("E13")
    officer.post(
        reverse("certificates:reprint", args=[issued.pk]),
        {"first_serial": "41000002", "kind": "reissued", "reason": "遗失"},
    )
    again = Certificate.objects.get()
    day = again.reissued_on
    assert day is not None
    for layout in Layout:
        said = text_of(printing.certificates([again], layout))
        assert f"补发补发日期：{day.year}年{day.month}月{day.day}日" in said, layout
    assert f"补发{day:%Y-%m-%d}" in text_of(printing.issue_list(again.application.batch))
    officer.post(
        reverse("certificates:reprint", args=[issued.pk]),
        {"first_serial": "41000003", "kind": "replaced", "reason": "印坏"},
    )
    assert Certificate.objects.get().reissued_on == day, "a new sheet for a reissued one is a reissue still"


def places(pdf: bytes) -> dict[str, tuple[float, float]]:
    """Where each word of the last page stands."""

    def place(word: Word) -> tuple[float, float]:
        return round(word.left, 1), round(word.top, 1)

    return {word.said: place(word) for word in pages_of(pdf)[-1]}


@MOVED
def test_overprinting_prints_what_is_filled_in_alone_where_it_stands_on_the_whole_one(
    printed: list[Certificate],
) -> None:
    one = printed[0]
    whole, values = (places(printing.certificates([one], layout)) for layout in (Layout.WHOLE, Layout.VALUES))
    for said in (one.name, one.id_number, one.number, "四级/中级工"):
        assert values[said] == whole[said], said
    text = text_of(printing.certificates([one], Layout.VALUES))
    for said in ("职业技能等级证书", "本证书由", "Name", "姓名", "No.", "发证日期", "网址", one.print_serial, "印章"):
        assert said not in text, said
    f.set_parameter("certificate.offset_right", "-1.5")
    f.set_parameter("certificate.offset_down", "2")
    moved = places(printing.certificates([one], Layout.VALUES))
    for said, (left, top) in values.items():
        assert moved[said] == pytest.approx((left - 1.5 / 25.4 * 72, top + 2 / 25.4 * 72), abs=0.2), said
    assert places(printing.certificates([one])) == whole, "what is printed whole stays where it is"


def test_a_long_entry_moves_no_other(printed: list[Certificate]) -> None:
    one = printed[0]
    usual = places(printing.certificates([one], Layout.VALUES))
    one.name, one.job = (
        "阿卜杜热合曼·阿卜杜克里木·买买提明江·图尔荪",
        "工业机器人系统操作与智能制造生产线联调运维含视觉检测与数字孪生仿真方向工",
    )
    long = places(printing.certificates([one], Layout.VALUES))
    for said in (one.id_number, one.number, "四级/中级工"):
        assert usual[said] == long[said], said


@pytest.mark.parameter("certificate.offset_right")
def test_the_test_sheet_shows_the_offsets_and_nobodys_data(printed: list[Certificate]) -> None:
    f.set_parameter("certificate.offset_right", "-1.5")
    pdf = signed_in("E13").get(reverse("certificates:test_sheet")).content
    text = text_of(pdf)
    assert "套打测试页" in text
    assert "右移−1.5毫米，下移0毫米" in text
    assert not any(c.number in text or c.name in text for c in printed)
    usual = places(printing.certificates(printed[:1], Layout.VALUES))
    assert usual[printed[0].number][1] == places(pdf)["X000000000000000000000"][1]


def test_the_inside_alone_is_one_page_and_the_cover_leaves_the_fold_free(printed: list[Certificate]) -> None:
    assert len(pages_of(printing.certificates(printed[:1], Layout.INSIDE))) == 1
    cover, inside = pages_of(printing.certificates(printed[:1]))
    fold = 297 / 2 / 25.4 * 72
    assert min(word.left for word in cover) > fold
    assert not [word for word in inside if word.left < fold < word.right]
    assert "（加盖印章处）" in "".join(word.said for word in inside)


def test_the_issue_list_of_a_class_names_that_class_alone(printed: list[Certificate]) -> None:
    address = reverse("certificates:issue_list", args=[printed[0].application.batch_id])
    text = text_of(signed_in("E13").get(address, {"class_name": "汽修2班"}).content)
    assert "汽修2班共2本" in text
    assert [c.number in text for c in printed] == [False, True, False, True]
    assert "共4本" in text_of(signed_in("E13").get(address).content)


def test_ticked_certificates_are_printed_from_the_list(printed: list[Certificate]) -> None:
    officer = signed_in("E13")
    page = officer.get(reverse("certificates:batch", args=[printed[0].application.batch_id])).content.decode()
    assert ">打印（勾选）<" in page
    assert 'name="chosen"' in page
    two, three = printed[1:3]
    assert numbers_on(sent(officer, printed[0], chosen=[two.pk, three.pk])) == [two.number, three.number]
