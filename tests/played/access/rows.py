"""Rows that a play leaves none of, so that every kind of page has something to show; and who does what in this school."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.hashers import make_password

from assay.applications.models import Application, Evidence, Exemption
from assay.bank.models import EnemyGroup, Item, Paper, PaperCopies, SecrecyAgreement
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.certificates.models import Certificate, Change, Correction
from assay.demo.posts import ACCOUNTS
from assay.exam.models import RecordAddition, RoomRecord, TheorySheet, WrittenAnswer
from assay.kernel import clock, files
from assay.kernel.models import OutboxMessage, StoredFile
from assay.portal.models import Claim
from assay.results.models import Objection, PublicNotice, Result, ScoreCheck
from assay.setup.usual import POSTS
from assay.sites.models import BrokenStation, Room
from tests import factories as f

PDF = b"%PDF-1.4\n%made up\n"


def furnish() -> None:
    """One of each kind."""
    now = clock.now()
    application = candidates_application()
    paper = files.keep(PDF, "application/pdf")
    Evidence.objects.create(application=application, title="材料", file=paper)
    Exemption.objects.create(
        application=application, part="review", basis="示例", number="1", file=paper, by="某", at=now
    )
    _change(application.certificates.get(), paper)
    _claim(application)
    item = Item.objects.filter(case=None, state="in_use", type="single")[0]
    pair = Item.objects.filter(specification=item.specification, state="in_use", type="single")[:2]
    EnemyGroup.objects.create(specification=item.specification, title="相近").items.set(pair)
    PaperCopies.objects.create(
        paper=Paper.objects.filter(specification__part="theory")[0],
        part="试卷",
        copies=30,
        to="示例考场",
        out_at=now,
        out_by="某",
    )
    RecordAddition.objects.create(
        record=RoomRecord.objects.order_by("pk")[0], kind="corrected", text="示例", by="某", at=now
    )
    sheet = TheorySheet.objects.filter(absent=False).order_by("pk")[0]
    WrittenAnswer.objects.create(sheet=sheet, item=_item_on(sheet), text="先热车，再停机。", full=Decimal(5))
    result = Result.objects.filter(application=application)[0]
    ScoreCheck.objects.create(result=result, part="theory", reason="核对", asked_at=now, before=result.theory)
    notice = PublicNotice.objects.order_by("pk")[0]
    Objection.objects.create(notice=notice, name="某", contact="无", text="示例", at=now)
    BrokenStation.objects.create(
        room=Room.objects.filter(kind="theory")[0], number=1, fault="不亮", reported_on=clock.today()
    )
    OutboxMessage.objects.create(
        kind="filing", key="refused-one", about=Batch.subject(), about_id=str(exam_batch().pk), payload={}, state="refused",
        created_at=now, next_at=now,
    )  # fmt: skip


def _change(certificate: Certificate, paper: StoredFile) -> None:
    """A correction that waits for its decision, and something that the province was not told yet."""
    Correction.objects.create(
        certificate=certificate, before='{"name": "某"}', after='{"name": "某某"}', former_photo=certificate.photo,
        photo=certificate.photo, reason="示例", paper=paper, proposed_by="某", proposed_at=clock.now(),
    )  # fmt: skip
    Change.objects.create(
        certificate=certificate, sequence=1, kind="reprinted", reason="示例", at=clock.now(), refusal="无"
    )


def _claim(application: Application) -> None:
    assert application.department is not None
    Claim.objects.create(
        number="示例1", name="某某", sex="男", id_type="resident", id_number=f.resident_number(904), id_index="0" * 64,
        ethnic="汉族", education="中等专业学校", phone="13900000904", source="student", department=application.department,
        student_no="S904", password=make_password("kao-ping-2026-x"), at=clock.now(), address_index="0" * 64,
    )  # fmt: skip


def promise_secrecy() -> None:
    """Everybody of the staff has promised for this year: without it nobody gets further than the promise."""
    SecrecyAgreement.objects.bulk_create(
        [
            SecrecyAgreement(account=account, year=clock.today().year, text="示例", signed_at=clock.now())
            for account in Account.objects.filter(kind="staff")
        ],
        ignore_conflicts=True,
    )


def _item_on(sheet: TheorySheet) -> int:
    paper = sheet.seating.paper
    assert paper is not None
    return int(paper.frozen()[0]["item"])


def exam_batch() -> Batch:
    return Batch.objects.filter(route="exam").order_by("pk")[0]


def candidates_application() -> Application:
    """The application of the candidate who went the whole way."""
    issued = Certificate.objects.filter(application__batch=exam_batch(), application__ticket__isnull=False)
    return issued.order_by("pk")[0].application


def candidate() -> Account:
    account = candidates_application().person.account
    assert account is not None
    return account


def officer(duty: str) -> Account:
    """The first of the school's accounts whose post holds the duty, the director last of all."""
    with_duty = {code for code, _, _, held in POSTS if duty in held}
    names = [name for name, posts, _ in ACCOUNTS if with_duty & set(posts)]
    return Account.objects.get(username=next((name for name in names if name != "zhuren"), names[0]))
