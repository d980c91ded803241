"""Whoever opened the page once, or saved it, checks certificates without a network: by picture, PDF, camera or text."""

from __future__ import annotations

import base64
import io
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed.browsers import CHROMIUM, SWITCHES

from assay.centre.models import Centre
from assay.certificates import published, verification
from assay.certificates.acts import issuing
from assay.certificates.models import Certificate, CodeIndex
from assay.certificates.printing import certificates
from assay.kernel import clock, secrets
from tests import factories as f
from tests.accessibility import violations
from tests.browser.conftest import SHOTS
from tests.browser.test_applying import _database_beside_the_browsers_loop  # noqa: F401 - a fixture
from tests.certificates.conftest import LEADER, OFFICER, Ready
from tests.certificates.test_correcting import corrected
from tests.patience import PATIENCE_MS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/verify/offline/"
STORED = json.loads((Path(__file__).parents[1] / "certificates/vectors/codes.json").read_text(encoding="utf-8"))


@pytest.fixture
def four(transactional_db: None) -> list[Certificate]:
    ready = Ready()
    for _ in range(4):
        ready.candidate()
    made = issuing.number(OFFICER, ready.batch)
    issuing.print_certificates(OFFICER, made, first_serial="41000001")
    issuing.hand_out(OFFICER, made)
    return list(Certificate.objects.order_by("number"))


def photo(text: str, *, turned: float = 0.0) -> bytes:
    """The code as a telephone takes it: on a sheet, turned a little, soft, noisy, darker on one side."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = Image.fromarray(np.array(code.to_image(scale=8, add_quiet_zones=True))).resize(
        (420, 420), Image.Resampling.LANCZOS
    )
    sheet = Image.new("L", (1600, 1100), 235)
    sheet.paste(drawn, (900, 250))
    soft = sheet.rotate(turned, Image.Resampling.BICUBIC, fillcolor=180).filter(ImageFilter.GaussianBlur(0.8))
    light = np.array(soft) * np.linspace(0.6, 1, 1600)[None, :]
    noise = np.random.default_rng(1).normal(0, 5, light.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(light + noise, 0, 255).astype("uint8")).save(out, "JPEG", quality=80)
    return out.getvalue()


def opened(context: BrowserContext, address: str) -> Page:
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    page.problems = problems  # type: ignore[attr-defined]
    page.goto(address)
    expect(page.locator("#age")).to_contain_text("撤销清单截至")
    return page


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    yield context
    context.close()


def says(page: Page, title: str) -> None:
    expect(page.locator("#title")).to_have_text(title)


def show(page: Page, content: bytes, name: str = "照片.jpg", kind: str = "image/jpeg") -> None:
    page.locator("#file").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def test_without_a_network_it_tells_good_altered_withdrawn_corrected_old_and_foreign(
    phone: BrowserContext, live_server, four: list[Certificate]
) -> None:
    good, withdrawn, void, old = four
    codes = {c.pk: verification.qr_text(c) for c in four}
    issuing.withdraw(LEADER, withdrawn, reason="替考", ground="misconduct")
    corrected(void, id_number=f.resident_number(778))
    CodeIndex.objects.filter(certificate=old).delete()  # as it was numbered before there was a list
    codes[old.pk] = verification.qr_text(old)
    Centre.objects.update(is_demo=True)
    page = opened(phone, live_server.url + PAGE)
    expect(page.get_by_text("演示数据")).to_be_visible()
    assert violations(page) == []
    phone.set_offline(True)
    for certificate, title in (
        (good, "真实有效"),
        (withdrawn, "已撤销"),
        (void, "这张纸质证书已作废"),
        (old, "真实有效"),
    ):
        show(page, photo(codes[certificate.pk], turned=random.Random(certificate.pk).uniform(-25, 25)))
        says(page, title)
        expect(page.locator("#claim")).to_contain_text(certificate.number)
        expect(page.locator("#claim")).to_contain_text("四级/中级工")
        assert violations(page) == []
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"offline-{certificate.pk}.png", full_page=True)
    changed = codes[good.pk][:-30] + ("A" if codes[good.pk][-30] != "A" else "B") + codes[good.pk][-29:]
    show(page, photo(changed))
    says(page, "不是本中心签发")
    expect(page.locator("#claim")).to_be_empty()
    show(page, photo("https://example.com/v/whatever"))
    says(page, "不是本中心签发")
    noise = Image.effect_noise((800, 600), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG")
    for rubbish in (out.getvalue(), b"no picture at all", b""):
        show(page, rubbish)
        expect(page.locator("#said")).to_contain_text("没有找到二维码")
        expect(page.locator("#verdict")).to_be_hidden()
    assert page.problems == []  # type: ignore[attr-defined]


def test_stored_codes_of_both_forms_and_all_keys_are_good_for_ever(
    phone: BrowserContext, live_server, four: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = (f"{n}={base64.urlsafe_b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
    monkeypatch.setenv("ASSAY_SECRET_CERTIFICATE", ",".join(keys))
    secrets.forget()
    page = opened(phone, live_server.url + PAGE)
    phone.set_offline(True)
    page.get_by_text("粘贴二维码的内容").click()
    first = [(f"https://zyjn.school.edu.cn/v/{one['token']}", STORED["said"][1]) for one in STORED["first_form"]]
    second = [(f"HTTPS://ZYJN.SCHOOL.EDU.CN/V/{one['code']}", one["name"]) for one in STORED["second_form"]]
    for text, name in (*first, *second):
        page.get_by_label("扫码得到的网址").fill(text)
        page.get_by_role("button", name="查验", exact=True).click()
        says(page, "真实有效")
        expect(page.locator("#claim")).to_contain_text(name)
        page.get_by_label("扫码得到的网址").fill(f"{text[:-30]}{'Q' * 12}{text[-18:]}")
        page.get_by_role("button", name="查验", exact=True).click()
        says(page, "不是本中心签发")
    monkeypatch.undo()
    secrets.forget()


def test_our_pdf_and_a_scanned_one_are_read(phone: BrowserContext, live_server, four: list[Certificate]) -> None:
    page = opened(phone, live_server.url + PAGE)
    phone.set_offline(True)
    four[0].photo_id = None  # of whom nothing was taken
    f.set_parameter("site.url", "https://rd.example.edu.cn")
    printed = certificates([four[0]])
    show(page, printed, "证书.pdf", "application/pdf")
    says(page, "真实有效")
    expect(page.locator("#claim")).to_contain_text(four[0].number)
    show(page, b"no picture at all")
    expect(page.locator("#verdict")).to_be_hidden()
    for dpi in (100, 200, 400):  # a picture of the whole sheet, as it is photographed or scanned
        drawn = subprocess.run(
            ["pdftoppm", "-png", "-r", str(dpi), "-f", "2", "-l", "2", "-"],
            input=printed,
            capture_output=True,
            check=True,
        )
        show(page, drawn.stdout, f"{dpi}.png", "image/png")
        says(page, "真实有效")
        show(page, b"no picture at all")
        expect(page.locator("#verdict")).to_be_hidden()
    scan = io.BytesIO()
    Image.open(io.BytesIO(photo(verification.qr_text(four[1]), turned=3))).save(scan, "PDF")
    show(page, scan.getvalue(), "扫描.pdf", "application/pdf")
    expect(page.locator("#claim")).to_contain_text(four[1].number)
    show(page, b"%PDF-1.7 nothing", "空.pdf", "application/pdf")
    expect(page.locator("#said")).to_contain_text("没有找到二维码")


def test_opened_once_it_opens_again_without_a_network(
    phone: BrowserContext, live_server, four: list[Certificate]
) -> None:
    page = opened(phone, live_server.url + PAGE)
    expect(page.get_by_text("没有网络也能打开")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.set_offline(True)
    page.reload()
    expect(page.locator("#age")).to_contain_text("撤销清单截至")
    show(page, photo(verification.qr_text(four[0])))
    says(page, "真实有效")
    page.get_by_role("button", name="联网更新撤销清单").click()
    expect(page.locator("#said")).to_contain_text("现在连不上本中心网站")


def test_a_saved_page_ages_and_takes_a_newer_list_from_a_file(
    phone: BrowserContext, live_server, four: list[Certificate], tmp_path: Path
) -> None:
    page = opened(phone, live_server.url + PAGE)
    with page.expect_download() as saved:
        page.get_by_role("link", name="保存本页").click()
    file = tmp_path / "证书离线验证.html"
    saved.value.save_as(file)
    phone.set_offline(True)
    later = phone.new_page()
    later.clock.set_fixed_time(clock.now().replace(year=clock.now().year + 1))
    later.goto(file.as_uri())
    expect(later.locator("#age")).to_contain_text("已有 365 天")
    later.get_by_text("粘贴二维码的内容").click()
    later.get_by_label("扫码得到的网址").fill(verification.qr_text(four[0]))
    later.get_by_role("button", name="查验", exact=True).click()
    today = clock.today().isoformat()
    says(later, f"状态未知：清单是 {today} 的")
    later.screenshot(path=SHOTS / "offline-saved.png", full_page=True)
    issuing.withdraw(LEADER, four[0], reason="替考", ground="misconduct")
    show(later, published.statuses(), "assay-status.cwt", "application/octet-stream")
    expect(later.locator("#said")).to_contain_text("已载入清单")
    later.get_by_role("button", name="查验", exact=True).click()
    says(later, "已撤销")  # an old list is enough to know that
    show(later, b"\xd2\x84", "assay-status.cwt", "application/octet-stream")
    expect(later.locator("#said")).to_contain_text("没有载入")


@pytest.mark.parametrize(
    "without", ["delete Crypto.prototype.subtle", "crypto.subtle.importKey = () => { throw new Error() }"]
)
def test_a_browser_without_ed25519_borrows_it(
    phone: BrowserContext, live_server, four: list[Certificate], without: str
) -> None:
    phone.add_init_script(without)
    page = opened(phone, live_server.url + PAGE)
    text = verification.qr_text(four[0])
    for code, title in ((text, "真实有效"), (text[:-9] + "22222" + text[-4:], "不是本中心签发")):
        show(page, photo(code))
        says(page, title)


def test_a_camera_finds_the_code_by_itself(
    browser: Browser, live_server, four: list[Certificate], tmp_path: Path
) -> None:
    film = tmp_path / "camera.mjpeg"
    film.write_bytes(photo(verification.qr_text(four[0]), turned=12) * 2)
    switches = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    filming = browser.browser_type.launch(executable_path=CHROMIUM, args=[*SWITCHES, *switches])
    context = filming.new_context(locale="zh-CN")
    page = opened(context, live_server.url + PAGE)
    context.set_offline(True)
    page.get_by_role("button", name="用摄像头扫描").click()
    says(page, "真实有效")
    expect(page.locator("#video")).to_be_hidden()
    filming.close()


def test_where_there_is_no_camera_a_picture_is_asked_for(
    phone: BrowserContext, live_server, four: list[Certificate]
) -> None:
    page = opened(phone, live_server.url + PAGE)
    page.get_by_role("button", name="用摄像头扫描").click()
    expect(page.locator("#said")).to_contain_text("请用“拍照或选择图片、PDF”")
