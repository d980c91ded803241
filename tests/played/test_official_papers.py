"""Official papers: every one is made, says what it must, has every glyph, and holds the longest names."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from assay.applications.printing import application_form, review_summary
from assay.arrangement import printing as arrangement
from assay.batches.models import Batch
from assay.catalogue.models import ScopeRow
from assay.centre.models import Centre
from assay.certificates import credential
from assay.certificates import printing as certificates
from assay.certificates.codes import read as read_code
from assay.certificates.models import Certificate
from assay.exam.answer_sheets import answer_sheets
from assay.exam.answer_sheets import for_printing as for_answers
from assay.exam.printing import for_printing, room_records
from assay.exam.registers import openings_register, readiness_register
from assay.filing.printing import decisions_form, filing_form
from assay.items import marks
from assay.items.rules import asked
from assay.marking.models import SkillDraw
from assay.marking.printing import draws_register, score_sheets
from assay.marking.queries import sheets_for_printing
from assay.oversight.printing import feedback_forms
from assay.results.printing import check_list, notice_list, objections_register, reports_register, result_list
from tests.papers import about, feet_of, pages_of
from tests.played.conftest import Played

LONG_NAME, LONG_JOB = (
    "阿卜杜热合曼·买买提明江",
    "城市轨道交通车辆空调与制冷设备安装调试及维护保养检修作业人员（高级技能方向）甲乙",
)
RARE = "𠮷㛃龘喆堃"


@pytest.fixture
def batch(played: Played) -> Batch:
    return Batch.objects.get(route="exam")


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-raw", "paper.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return said.stdout.decode()


def squeezed(text: str) -> str:
    return "".join(text.split())


def page_of(pdf: bytes, folder: Path, page: int, dpi: int = 200) -> Image.Image:
    (folder / "paper.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", "paper.pdf", "page"],
        cwd=folder, capture_output=True, check=True,
    )  # fmt: skip
    return Image.open(folder / "page.png").copy()


def fonts_are_embedded(folder: Path) -> bool:
    said = subprocess.run(["pdffonts", "paper.pdf"], cwd=folder, capture_output=True, check=True).stdout.decode()
    rows = said.splitlines()[2:]
    return bool(rows) and all(" yes " in row for row in rows)


def papers(batch: Batch) -> dict[str, tuple[bytes, list[str]]]:
    """Each official paper of the batch, and what it must say."""
    application = batch.applications.order_by("pk")[0]
    rooms = list(arrangement.for_papers().filter(session__batch=batch))
    theory = [r for r in rooms if r.session.part == "theory"][:1]
    number = application.ticket.number
    sheets = list(sheets_for_printing().filter(application=application))
    reviewed = application.decisions.get(step="first")
    first = application.certificates.first() or Certificate.objects.first()
    return {
        "备案表": (
            application_form([application]),
            ["备案表", "第一联", "第二联", application.applicant.name, f"{reviewed.by}签名：＿＿＿＿＿＿＿＿（章）"],
        ),
        "审核汇总": (review_summary(batch), ["资格审核汇总表", application.applicant.name, "通过"]),
        "准考证": (arrangement.tickets(arrangement.for_tickets().filter(pk=application.pk)), ["准考证", number]),
        "考场门贴": (arrangement.door_lists(theory), [theory[0].room.name, "座位"]),
        "座位贴": (arrangement.seat_labels(theory), [theory[0].room.name]),
        "签到表": (arrangement.sign_in_sheets(theory), ["考生签到表", "监考员"]),
        "考场记录表": (room_records(list(for_printing()[:2])), ["职业技能等级认定考场记录表", "应考人数"]),
        "评分记录表": (score_sheets(sheets), ["操作技能考核评分记录表", "否定项", number]),
        "督导反馈表": (feedback_forms(list(batch.feedback.all())), ["督导情况反馈表"]),
        "成绩表": (result_list(batch), ["成绩", number]),
        "理论答卷": (
            answer_sheets(for_answers().filter(application=application)),
            ["理论知识考试答卷", number, "标准答案"],
        ),
        "复核登记": (check_list(batch), ["成绩复核登记表", "请核对理论得分"]),
        "上报登记": (reports_register(batch), ["成绩上报与审核登记表", "第1版", "审核通过"]),
        "异议登记": (objections_register(batch), ["公示异议登记表", "公示期间没有异议"]),
        "公示": (
            notice_list(batch.notice),
            [
                "公示",
                "受理地点",
                "联系电话",
                f"{Centre.objects.get().name}（章）",
                f"{batch.notice.starts_on:%Y年%m月%d日}",
            ],
        ),
        "合格名册": (
            certificates.pass_list(batch),
            ["合格人员成绩及证书编号名册", first.number if first else "", first.id_number if first else ""],
        ),
        "发放登记表": (certificates.issue_list(batch), ["证书", first.number if first else ""]),
        "审批登记": (
            decisions_form(batch),
            ["认定计划审批情况登记表", "第1版", "已批准", batch.filings.get().decided_by],
        ),
        "检查登记": (readiness_register(batch), ["考前检查登记表", theory[0].room.name, "符合"]),
        "启封登记": (
            openings_register(batch),
            ["试卷启封与收卷登记表", "试卷保管", batch.sessions.first().publication.log_digest[:8]],
        ),
        "抽签登记": (draws_register(batch), ["操作技能试卷抽签登记表", SkillDraw.objects.first().witness]),
        "申报表": (
            filing_form(batch.filings.get()),
            ["职业技能等级认定计划申报表", "实施方案", "内部督导员", "四级/中级工"],
        ),
    }


def test_loose_sheets_say_whose_they_are(batch: Batch) -> None:
    """Every page of what is printed of many candidates or rooms at once: whose it is, and which page of how many."""
    sheets = list(sheets_for_printing().filter(application__batch=batch, part="skill", absent=False)[:2])
    for sheet in sheets:
        sheet.settled_at = None
    room = arrangement.for_papers().filter(session__batch=batch)[0]
    for pdf, names in (
        (score_sheets(sheets), [sheet.application.ticket.number for sheet in sheets]),
        (application_form([sheet.application for sheet in sheets]), [s.application.applicant.name for s in sheets]),
        (arrangement.sign_in_sheets([room]), [room.room.name]),
        (arrangement.photo_lists([room]), [room.room.name]),
    ):
        feet = feet_of(pdf)
        numbered = [re.search(r"第(\d+)页共(\d+)页$", foot) for foot in feet]
        assert all(numbered), feet
        assert [foot for foot in feet if not any(squeezed(name) in foot for name in names)] == []
        assert sum(found is not None and found[1] == "1" for found in numbered) == len(
            [found for found in numbered if found is not None and found[1] == found[2]]
        )


def test_every_paper_says_what_it_must_and_embeds_its_fonts(batch: Batch, tmp_path: Path) -> None:
    for title, (pdf, said) in papers(batch).items():
        text = squeezed(text_of(pdf, tmp_path))
        assert fonts_are_embedded(tmp_path), title
        itself = about(pdf)
        assert itself["Title"], title
        assert (itself["pdfaid:part"], itself["pdfaid:conformance"], itself["pdfuaid:part"]) == ("2", "A", "1"), title
        for piece in said:
            assert squeezed(piece) in text, f"{title}: {piece}"
        assert "\ufffd" not in text, title


@pytest.mark.parametrize(
    ("level", "title"), [("5", "五级/初级工"), ("4", "四级/中级工"), ("3", "三级/高级工"), ("2", "二级/技师")]
)
def test_the_certificate_has_every_field_at_every_level(batch: Batch, tmp_path: Path, level: str, title: str) -> None:
    found = Certificate.objects.order_by("pk")[0]
    found.level_code, found.level_title, found.job = level, title, ""
    text = squeezed(text_of(certificates.certificates([found]), tmp_path))
    for piece in (
        "职业技能等级证书", "CertificateofOccupationalSkillLevel", found.name, found.id_number, found.occupation, "--",
        title, found.number, found.print_serial, f"{found.issued_on.year}年{found.issued_on.month}月{found.issued_on.day}日",
        "jndj.osta.org.cn", "pjjg.osta.org.cn",
    ):  # fmt: skip
        assert squeezed(piece) in text, piece


@pytest.mark.parametrize("name", [LONG_NAME, RARE])
def test_long_and_rare_names_and_a_job_of_forty_characters_are_whole(batch: Batch, tmp_path: Path, name: str) -> None:
    assert len(LONG_JOB) == 40
    ScopeRow.objects.filter(pk__in=batch.lines.values("scope_row")).update(job=LONG_JOB)
    application = batch.applications.order_by("pk")[0]
    applicant = application.applicant
    applicant.name = name
    applicant.save()
    certificate = Certificate.objects.order_by("pk")[0]
    certificate.name, certificate.job = name, LONG_JOB
    made = {
        "证书": certificates.certificates([certificate]),
        "准考证": arrangement.tickets(arrangement.for_tickets().filter(pk=application.pk)),
        "备案表": application_form([type(application).objects.select_related("applicant").get(pk=application.pk)]),
        "门贴": arrangement.door_lists(
            [r for r in arrangement.for_papers() if r.seatings.filter(application=application)]
        ),
    }
    for title, pdf in made.items():
        text = squeezed(text_of(pdf, tmp_path))
        assert squeezed(name) in text, title
        assert squeezed(LONG_JOB) in text, title


def test_a_job_of_forty_signs_stands_in_two_lines_of_a_readable_size(batch: Batch) -> None:
    """10.5 points a sign: what is too long for one line is not made small while two would do."""
    certificate = Certificate.objects.order_by("pk")[0]
    certificate.job = LONG_JOB
    _, inside = pages_of(certificates.certificates([certificate]))
    lines = [word for word in inside if word.said in LONG_JOB and len(word.said) > 10]
    assert "".join(word.said for word in lines) == LONG_JOB
    assert len(lines) == 2
    assert (lines[0].right - lines[0].left) / len(lines[0].said) > 10.4


def test_nothing_runs_over_the_edge_of_the_certificate(batch: Batch, tmp_path: Path) -> None:
    """The outermost 4 mm of every page of the longest certificate are blank but for the watermark and the frame."""
    plain = Certificate.objects.order_by("pk")[0]
    first = certificates.certificates([plain])
    plain.name, plain.job = LONG_NAME, LONG_JOB
    long = certificates.certificates([plain])
    margin = int(4 / 25.4 * 200)
    for page in (1, 2):
        usual, stretched = page_of(first, tmp_path, page), page_of(long, tmp_path, page)
        assert usual.size == stretched.size
        for box in (
            (0, 0, usual.width, margin), (0, usual.height - margin, usual.width, usual.height),
            (0, 0, margin, usual.height), (usual.width - margin, 0, usual.width, usual.height),
        ):  # fmt: skip
            assert usual.crop(box).tobytes() == stretched.crop(box).tobytes(), (page, box)


def test_the_qr_code_of_a_printed_certificate_reads_and_is_signed(batch: Batch, tmp_path: Path) -> None:
    found = Certificate.objects.order_by("pk")[0]
    pdf = certificates.certificates([found])
    codes = [c for page in (1, 2) for c in zxingcpp.read_barcodes(page_of(pdf, tmp_path, page, 250))]
    assert codes
    assert codes[0].text.startswith("HTTP://127.0.0.1:8000/V/")
    said = read_code(codes[0].text.rsplit("/", 1)[1], credential.public_keys().values())
    assert said is not None
    assert said == replace(said, number=found.number, name=found.name)
    drawn = zxingcpp.create_barcode(codes[0].text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    side = drawn.to_image(scale=1, add_quiet_zones=False).shape[0]
    assert side <= 61, "modules: half a millimetre each in the 34 mm that it is printed in"


def test_the_marks_of_an_answer_sheet_add_up_to_the_theory_mark(batch: Batch, tmp_path: Path) -> None:
    sheet = for_answers().filter(application__batch=batch, absent=False)[0]
    text = text_of(answer_sheets([sheet]), tmp_path)
    said = re.findall(r"(\d+)\s+(\S+) / (\S+)\s+(\d+(?:\.\d+)?)", text)
    content = asked(sheet.seating.paper.frozen())
    assert [(number, key) for number, key, _, _ in said] == [(str(n), i["key"]) for n, i in enumerate(content, start=1)]
    given = [sheet.answers.get(str(item["item"]), "未答") for item in content]
    assert [answer for _, _, answer, _ in said] == given
    assert sum(Decimal(mark) for *_, mark in said) == sheet.mark


def test_a_settled_score_record_shows_every_examiner_side_by_side(batch: Batch, tmp_path: Path) -> None:
    sheet = sheets_for_printing().filter(application__batch=batch, absent=False)[0]
    text = squeezed(text_of(score_sheets([sheet]), tmp_path))
    scores = list(sheet.scores.all())
    assert len(scores) >= 3
    for score in scores:
        assert score.member.name in text
    assert "合计" + "".join(marks.read(score.total) for score in scores) in text
    assert f"考评组成绩{marks.read(sheet.mark)}" in text


def test_nobody_reads_marks_off_the_paper_before_the_panel_has_settled(batch: Batch, tmp_path: Path) -> None:
    sheet = sheets_for_printing().filter(application__batch=batch, absent=False)[0]
    sheet.settled_at = None
    text = squeezed(text_of(score_sheets([sheet]), tmp_path))
    assert "检测结果" in text
    assert not any(score.member.name in text for score in sheet.scores.all())
    assert not any(marks.read(score.total) in text for score in sheet.scores.all())


def test_the_candidates_own_form_is_silent_about_the_outcome_until_it_is_released(batch: Batch, tmp_path: Path) -> None:
    application = batch.applications.filter(result__outcome="pass").order_by("pk")[0]
    assert "合格" in text_of(application_form([application]), tmp_path)
    application.result.released_at = None
    text = text_of(application_form([application]), tmp_path)
    assert "合格" not in text
    assert marks.read(application.result.theory) not in text
