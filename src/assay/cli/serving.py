"""`assay serve`: the office, the hall, the gateway (and the stand-in) as processes of their own, kept running."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import click
import httpx
from cryptography import x509

from assay.cli.office import prepare

if TYPE_CHECKING:
    from assay.office.programs import Program, Tls

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a school says that lets other computers in
THIS_MACHINE = "127.0.0.1"
EXPIRES_SOON = timedelta(days=21)
FIRST_PAGE_S = 4.0
"""So long the first page may take; it is asked for again as often as it takes."""


def programs(
    *,
    host: str,
    port: int,
    hall_port: int,
    standin: bool,
    standin_host: str = THIS_MACHINE,
    standin_port: int,
    tls: Tls = ("", ""),
) -> list[Program]:
    """What `assay serve` runs; addresses and secrets reach the children by environment."""
    from django.conf import settings

    from assay.office import programs as beside
    from assay.office.programs import GIVES_WAY, LOCAL, Program

    hall_url = f"{_scheme(tls)}://{LOCAL}:{hall_port}"
    # Browsers must reach the hall under the machine's own name; the office reaches it locally.
    office_environment = {
        "ASSAY_HALL_URL": hall_url,
        "ASSAY_HALL_SECRET": settings.HALL_SECRET,
        "ASSAY_HALL_PUBLIC_PORT": str(hall_port),
        "ASSAY_HALL_CERT": tls[0],
    }
    if host not in (LOCAL, "localhost") and "ASSAY_ALLOWED_HOSTS" not in os.environ:
        office_environment["ASSAY_ALLOWED_HOSTS"] = ",".join(["localhost", LOCAL, "[::1]", *names_of_this_machine()])
    if standin:
        office_environment["ASSAY_PROVINCE_URL"] = f"http://{_local(standin_host)}:{standin_port}"
    found = [
        beside.office(host, port, office_environment, tls=tls),
        beside.hall(host, hall_port, tls=tls),
        Program(
            "省平台通道", [*GIVES_WAY, sys.executable, "-m", "assay.cli.main", "gateway", "run"], office_environment
        ),
    ]
    if standin:
        found.append(beside.standin(standin_host, standin_port))
    return found


def names_of_this_machine() -> list[str]:
    """The machine's name and addresses in its networks, as browsers of the school may type them."""
    found = {socket.gethostname()}
    with contextlib.suppress(socket.gaierror):  # the name may lead nowhere; the way out is found all the same
        found.update(str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET))
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address for documentation: nothing is sent, the way out is chosen
        found.add(probe.getsockname()[0])
    return sorted(found)


def serve(
    *,
    host: str,
    port: int,
    hall_port: int,
    standin: bool | None,
    standin_host: str,
    standin_port: int,
    tls: Tls = ("", ""),
) -> int:
    """Run everything until SIGINT or SIGTERM; children are stopped in turn."""
    _look_at(tls)
    prepare()
    from assay.centre.models import Centre

    demo = Centre.objects.filter(is_demo=True).exists()
    wanted = demo if standin is None else standin
    running = programs(
        host=host,
        port=port,
        hall_port=hall_port,
        standin=wanted,
        standin_host=standin_host,
        standin_port=standin_port,
        tls=tls,
    )
    province = f"{_local(standin_host)}:{standin_port}" if wanted else ""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    greeted = False
    while not stopping:
        for program in running:
            program.look_after(time.monotonic())
        if not greeted and answers(host, port, _scheme(tls)) and answers(host, hall_port, _scheme(tls)):
            _greet(host, port, hall_port, province, demo, _scheme(tls))
            greeted = True
        time.sleep(0.5)
    for program in running:
        program.stop()
    for program in running:
        program.wait(15)
    return 0


def _scheme(tls: Tls) -> str:
    return "https" if tls[0] else "http"


def _look_at(tls: Tls) -> None:
    """Whether office and hall will be able to use the certificate: better told now than by each of them, again and again."""
    if not any(tls):
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*tls)
        left = x509.load_pem_x509_certificate(Path(tls[0]).read_bytes()).not_valid_after_utc - datetime.now(UTC)
    except (OSError, ValueError) as wrong:
        raise click.ClickException(
            f"证书或私钥用不了（{wrong}）：--tls-cert 应为 PEM 格式的证书（含中间证书），--tls-key 为与之配对的私钥"
        ) from wrong
    if left < EXPIRES_SOON:
        click.echo(f"注意：证书{'已过期' if left < timedelta() else f'还有 {left.days} 天到期'}，请更换", err=True)


def answers(host: str, port: int, scheme: str = "http") -> bool:
    """Whether a page comes from there, whatever it says: who listens may still be loading. An address that does not answer yet is
    not printed. Whose certificate it shows is no matter: this is the machine's own port."""
    any_certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    any_certificate.check_hostname, any_certificate.verify_mode = False, ssl.CERT_NONE
    address = f"{scheme}://{_local(host)}:{port}/"
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(address, timeout=FIRST_PAGE_S, trust_env=False, verify=any_certificate).status_code > 0
    return False


def _local(host: str) -> str:
    """Where this machine reaches what listens on `host`."""
    return THIS_MACHINE if host == EVERYWHERE else host


def warnings(host: str, *, https: bool, proxies: int) -> list[str]:
    """What is unsafe in how the office is reached, in Chinese."""
    outside = host not in (THIS_MACHINE, "localhost", "::1")
    if not https:
        said = (
            "其他计算机通过没有加密的 http 访问，登录信息和个人信息在网络上可被看到。只在可信的内网临时使用；"
            "正式使用请放在 HTTPS 反向代理之后，并设 ASSAY_HTTPS=1，或以 --tls-cert 启动"
        )
        return [said] if outside else []
    if not proxies:
        return [
            "设了 ASSAY_HTTPS=1，但 ASSAY_PROXIES=0：没有代理替它解密，网页会一直跳转打不开。请设 ASSAY_PROXIES=1 并用 HTTPS 反向代理"
        ]
    said = (
        "已设 HTTPS 反向代理，但端口仍对所有计算机开放：绕过代理的请求可以冒充任何来源地址。"
        "请用 --host 127.0.0.1 启动，或在防火墙上只放行代理"
    )
    return [said] if outside else []


def warnings_outwards(province: str) -> list[str]:
    """What is unsafe in how the office reaches others, in Chinese. Halls are no matter of it: what goes there is sealed."""
    address = urlparse(province)
    if address.scheme == "https" or address.hostname in (THIS_MACHINE, "localhost", "::1"):
        return []
    said = f"省平台的地址 {province} 没有加密：报送的证件号码和接入密码在网络上可被看到。请向省中心要 https 地址，填入 ASSAY_PROVINCE_URL"
    return [said]


def _greet(host: str, port: int, hall_port: int, province: str, demo: bool, scheme: str) -> None:
    from django.conf import settings

    shown = _local(host)
    click.echo(f"考评通已启动：{scheme}://{shown}:{port}/   考试端：{scheme}://{shown}:{hall_port}/")
    if province:
        click.echo(f"省平台演示站：http://{province}/   访问密码：{_where_the_token_is()}")
    if host == EVERYWHERE:
        click.echo("其他计算机可用：" + "、".join(f"{scheme}://{name}:{port}/" for name in names_of_this_machine()))
    if scheme == "http":
        for warning in warnings(host, https=settings.HTTPS, proxies=settings.PROXIES):
            click.secho(f"注意：{warning}", fg="yellow", err=True)
    for warning in warnings_outwards(settings.PROVINCE_URL):
        click.secho(f"注意：{warning}", fg="yellow", err=True)
    if demo:
        from assay.demo.signs import sign_ins

        click.echo("演示账号（密码均为 demo-2026-assay）：")
        for username, title in sign_ins():
            click.echo(f"  {username:<20}{title}")
    click.echo("按 Ctrl+C 停止。")


def _where_the_token_is() -> str:
    """Whoever plays the province signs in with the token that the office sends. What is printed may end in a journal that others read."""
    from django.conf import settings

    for name in ("ASSAY_PROVINCE_TOKEN", "ASSAY_SECRET_PROVINCE"):
        if os.environ.get(name):
            return f"即环境变量 {name} 的值"
    return f"见密钥文件 {settings.SECRETS_FILE} 中的 province 一项"


def run_standin(host: str, port: int) -> None:
    """Replace this process by the stand-in."""
    prepare()
    from assay.office.programs import standin

    click.echo(f"省平台演示站：http://{_local(host)}:{port}/   访问密码：{_where_the_token_is()}")
    os.environ.update(standin(host, port).environment)
    os.execv(sys.executable, [sys.executable, "-m", "assay.standin"])  # noqa: S606
