"""Pages of the certificates room: who is in doubt, and what the director decides of it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assay.certificates.acts import correcting, issuing
from assay.certificates.models import Certificate, Change, IssueDecision
from assay.certificates.printing import certificates
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.results.models import Result
from tests import factories as f
from tests.certificates.conftest import LEADER, OFFICER, Ready
from tests.papers import text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(*duties: str) -> Client:
    client = Client()
    client.force_login(f.staff(*duties), backend=BACKEND)
    return client


def test_the_page_names_every_difference_and_takes_the_directors_decision(ready: Ready) -> None:
    ready.candidate()
    doubtful = ready.candidate()
    Result.objects.filter(application=doubtful).update(theory=Decimal(99))
    url = reverse("certificates:rights", args=[ready.batch.pk])
    officer, director = signed_in("E13"), signed_in("L2")
    page = officer.get(url).content.decode()
    assert "理论成绩应为 80.0，成绩表为 99.0" in page
    assert ">决定暂不核发<" not in page
    assert ">决定暂不核发<" in director.get(url).content.decode()
    number = officer.post(reverse("certificates:number", args=[ready.batch.pk]))
    assert number.status_code == 409
    assert doubtful.person.name in number.content.decode()
    decision = reverse("certificates:decide_right", args=[doubtful.pk])
    assert officer.post(decision, {"verdict": "withhold", "reason": "待查"}).status_code == 403
    director.post(decision, {"verdict": "withhold", "reason": "待查"})
    assert IssueDecision.objects.get().verdict == "withhold"
    assert "全部一致" in officer.get(url).content.decode()
    officer.post(reverse("certificates:number", args=[ready.batch.pk]))
    assert Certificate.objects.count() == 1


def test_a_certificate_corrected_after_its_batch_was_closed_stands_on_the_worktables(issued: Certificate) -> None:
    issued.application.batch.stage = "closed"
    issued.application.batch.save()
    proposer, decider = f.actor_with("E13", account=f.staff("E13")), f.staff("L2")
    correction = correcting.propose_correction(
        proposer, issued, printed={"name": "欧阳更正"}, reason="录错", paper=b"%PDF-"
    )
    director, officer = Client(), signed_in("E13")
    director.force_login(decider, backend=BACKEND)
    assert "证书更正待审批" in director.get(reverse("desk:home")).content.decode()
    correcting.decide_correction(f.actor_with("L2", account=decider), correction, approve=True)
    assert "证书更正待审批" not in director.get(reverse("desk:home")).content.decode()
    assert "更正、补发的证书待打印、发放" in officer.get(reverse("desk:home")).content.decode()
    page = reverse("certificates:batch", args=[issued.application.batch_id])
    assert "登记打印（勾选）" in officer.get(page).content.decode()
    issuing.print_certificates(OFFICER, [issued], first_serial="41000002")
    issuing.hand_out(OFFICER, [issued])
    assert "更正、补发的证书待打印、发放" not in officer.get(reverse("desk:home")).content.decode()


def test_all_that_can_be_printed_are_while_withdrawn_and_doubtful_ones_stay_out(ready: Ready) -> None:
    for _ in range(3):
        ready.candidate()
    good, withdrawn, waiting = issuing.number(OFFICER, ready.batch)
    issuing.withdraw(LEADER, withdrawn, reason="核发有误")
    correcting.propose_correction(OFFICER, waiting, printed={"name": "欧阳更正"}, reason="录错", paper=b"%PDF-")
    officer = signed_in("E13")
    for what, given in (("print", {"first_serial": "41000001"}), ("hand-out", {})):
        url = reverse("certificates:on_chosen", args=[ready.batch.pk, what])
        assert officer.post(url, {"all": "1", **given}).status_code == 302
    assert list(Certificate.objects.filter(state="issued")) == [good]


def test_a_serial_that_cannot_be_read_leaves_the_officer_at_the_list(ready: Ready) -> None:
    ready.candidate()
    issuing.number(OFFICER, ready.batch)
    officer, page = signed_in("E13"), "http://testserver" + reverse("certificates:batch", args=[ready.batch.pk])
    sent = {"all": "1", "first_serial": "四一〇"}
    address = reverse("certificates:on_chosen", args=[ready.batch.pk, "print"])
    said = officer.post(address, sent, headers={"referer": page}, follow=True)
    assert said.redirect_chain == [(page, 302)]
    assert "data-refused" in said.content.decode()
    assert not Certificate.objects.exclude(print_serial="").exists()


def test_the_empty_list_says_what_comes_next_and_who_does_it(ready: Ready) -> None:
    page = reverse("certificates:batch", args=[ready.batch.pk])
    assert "没有可以编制证书的人员" in signed_in("E13").get(page).content.decode()
    ready.candidate()
    shown = signed_in("E13").get(page).content.decode()
    assert "还没有证书，有 1 人待编制：点右上“编制证书”。" in shown
    assert "公示结束后" not in shown
    assert "由证书管理员编制" in signed_in("L2").get(page).content.decode()
    ready.batch.stage = "notice"
    ready.batch.save()
    assert "公示结束后在这里编制" in signed_in("E13").get(page).content.decode()


def test_a_withdrawn_certificate_is_called_so_to_its_holder_and_offered_nowhere(issued: Certificate) -> None:
    holder = Client()
    holder.force_login(f.candidate(issued.application.person), backend=BACKEND)
    f.set_parameter("site.url", "https://rd.example.edu.cn")
    own, mine = reverse("certificates:my_certificate", args=[issued.pk]), reverse("portal:home")
    assert own in holder.get(mine).content.decode()
    issuing.withdraw(LEADER, issued, reason="某同学举报替考", ground="misconduct")
    shown = holder.get(mine).content.decode()
    day = clock.now().astimezone(clock.SHANGHAI)
    assert f"证书 {issued.number} 已于 {day.year}年{day.month}月{day.day}日 撤销，不再有效。" in shown
    assert "事由：考核中违规违纪" in shown
    assert "证书已撤销</span>" in shown
    assert "举报" not in shown, "the reason in full stays in the house"
    assert own not in shown
    assert holder.get(own).status_code == 404
    office, pdf = signed_in("E13"), reverse("certificates:pdf", args=[issued.pk])
    for page in ("one", "list"):
        address = reverse(f"certificates:{page}", args=[issued.pk] if page == "one" else [])
        assert pdf not in office.get(address).content.decode()


def shown(certificate: Certificate, client: Client) -> str:
    return client.get(reverse("certificates:one", args=[certificate.pk])).content.decode()


def test_who_proposed_a_correction_reads_who_decides_it(issued: Certificate) -> None:
    both, other = f.staff("E13", "L2"), f.staff("L2")
    proposer = f.actor_with("E13", account=both)
    correcting.propose_correction(proposer, issued, printed={"name": "欧阳更正"}, reason="录错", paper=b"%PDF-")
    director, hers = Client(), Client()
    hers.force_login(both, backend=BACKEND)
    director.force_login(other, backend=BACKEND)
    assert ">同意更正<" not in shown(issued, hers)
    assert "提出证书更正与审批更正须由不同的人办理" in shown(issued, hers)
    assert ">同意更正<" in shown(issued, director)
    assert "须由提出人以外、承担“" in shown(issued, signed_in("E13"))
    assert ">登记重新打印<" not in shown(issued, hers), "what waits to be corrected is not printed"


def test_one_page_offers_what_can_be_done_with_a_certificate(issued: Certificate) -> None:
    offered = {"E13": ("更正印错的内容", ">登记重新打印<"), "L2": (">撤销</button>",), "E12": ()}
    everything = {one for some in offered.values() for one in some}
    for duty, some in offered.items():
        page = shown(issued, signed_in(duty))
        assert {one for one in everything if one in page} == set(some), duty
    issuing.withdraw(LEADER, issued, reason="核发有误")
    assert not [one for one in everything if one in shown(issued, signed_in("E13", "L2"))]


def test_of_changes_that_the_province_did_not_take_the_earliest_is_sent_again(issued: Certificate) -> None:
    Certificate.objects.update(reported=True)
    for sequence in (1, 2):
        Change.objects.create(
            certificate=issued, sequence=sequence, kind="reprinted", reason="遗失", at=clock.now(), refusal="系统维护"
        )
    page = shown(issued, signed_in("E13"))
    assert page.count(">重新报送<") == 1
    assert page.count("未接收</b>") == 2
    assert ">重新报送<" not in shown(issued, signed_in("L2"))


def test_nobody_is_offered_to_correct_an_own_certificate(issued: Certificate) -> None:
    officer = f.staff("E13")
    person = issued.application.person
    person.account = officer
    person.save()
    client = Client()
    client.force_login(officer, backend=BACKEND)
    assert "更正印错的内容" not in shown(issued, client)


def test_nobody_decides_over_an_own_right(ready: Ready) -> None:
    application, director = ready.candidate(), f.staff("L2")
    application.person.account = director
    application.person.save()
    Result.objects.filter(application=application).update(theory=Decimal(99))
    client = Client()
    client.force_login(director, backend=BACKEND)
    page = client.get(reverse("certificates:rights", args=[ready.batch.pk])).content.decode()
    assert ">决定暂不核发<" not in page
    assert "涉及您本人" in page
    with pytest.raises(Refused, match="涉及您本人"):
        issuing.decide_right(f.actor_with("L2", account=director), application, verdict="withhold", reason="待查")
    assert not IssueDecision.objects.exists()


def test_printing_and_handing_out_are_offered_while_something_waits_for_them(ready: Ready) -> None:
    page, officer = reverse("certificates:batch", args=[ready.batch.pk]), signed_in("E13")
    ready.candidate()

    def offered() -> tuple[bool, bool, bool]:
        said = officer.get(page).content.decode()
        return "登记打印（勾选）" in said, "登记发放（勾选）" in said, 'name="chosen"' in said

    assert offered() == (False, False, False)
    made = issuing.number(OFFICER, ready.batch)
    assert offered() == (True, False, True)
    issuing.print_certificates(OFFICER, made, first_serial="41000001")
    assert offered() == (False, True, True)
    issuing.hand_out(OFFICER, made)
    assert offered() == (False, False, False)


def test_who_decides_finds_the_way_to_the_doubts_from_the_list(ready: Ready) -> None:
    page, rights = (reverse(f"certificates:{name}", args=[ready.batch.pk]) for name in ("batch", "rights"))
    assert rights not in signed_in("L2").get(page).content.decode()
    ready.candidate()
    assert rights in signed_in("L2").get(page).content.decode()


def test_serials_longer_than_twenty_digits_are_refused(ready: Ready) -> None:
    for _ in range(2):
        ready.candidate()
    made = issuing.number(OFFICER, ready.batch)
    with pytest.raises(Refused, match="不够 2 个印制流水码"):
        issuing.print_certificates(OFFICER, made, first_serial="9" * 20)
    assert not Certificate.objects.exclude(print_serial="").exists()


def test_a_certificate_says_which_printing_it_is_and_who_collected_it() -> None:
    certificate = Certificate(print_serial="41000009", printed_times=2, handed_to="柳一")
    assert certificate.serial_said == "41000009（第 2 次打印）"
    assert Certificate(printed_times=0).serial_said == "未登记打印"
    assert certificate.handed_said == "未发放"
    certificate.handed_at = clock.now()
    assert certificate.handed_said == f"{clock.shown(certificate.handed_at)}，领取人 柳一"


@pytest.mark.parameter("certificate.url", "certificate.body_url")
def test_where_to_look_up_is_what_the_parameters_page_was_told(issued: Certificate) -> None:
    issued.photo_id = None
    f.set_parameter("site.url", "https://rd.example.edu.cn")

    def said() -> list[str]:
        public = "".join(re.findall('http[^<>" ]+cn/', Client().get(reverse("portal:verify")).content.decode())[:1])
        return [*re.findall("网址（[A-Za-z]+）：([!-~]+?/)(?=机构|No)", text_of(certificates([issued]))), public]

    assert said() == ["http://jndj.osta.org.cn/", "http://pjjg.osta.org.cn/", "http://jndj.osta.org.cn/"]
    f.set_parameter("certificate.url", "https://chaxun.example.cn/")
    f.set_parameter("certificate.body_url", "https://jigou.example.cn/")
    assert said() == ["https://chaxun.example.cn/", "https://jigou.example.cn/", "https://chaxun.example.cn/"]
