"""What a start warns of."""

from __future__ import annotations

import pytest

from assay.cli.serving import _greet, warnings_outwards


@pytest.mark.parametrize("address", ["http://jd.example.gov.cn/api", "http://10.2.0.9:8002", "HTTP://jd.example"])
def test_a_province_that_is_reached_in_the_clear_is_named(address: str) -> None:
    (said,) = warnings_outwards(address)
    assert address in said
    assert "ASSAY_PROVINCE_URL" in said


@pytest.mark.parametrize("address", ["https://jd.example.gov.cn", "http://127.0.0.1:8002", "http://localhost:8002"])
def test_one_that_nobody_can_listen_to_is_not(address: str) -> None:
    assert warnings_outwards(address) == []


@pytest.mark.parametrize(("host", "said"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_start_that_lets_other_computers_in_without_tls_says_so(
    host: str, said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _greet(host, 8000, 8001, "", False, "http")
    assert ("通过没有加密的 http 访问" in capsys.readouterr().err) is said
