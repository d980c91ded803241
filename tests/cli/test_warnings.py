"""What a start warns of."""

from __future__ import annotations

import pytest

from assay.cli.serving import warnings_outwards


@pytest.mark.parametrize("address", ["http://jd.example.gov.cn/api", "http://10.2.0.9:8002", "HTTP://jd.example"])
def test_a_province_that_is_reached_in_the_clear_is_named(address: str) -> None:
    (said,) = warnings_outwards(address)
    assert address in said
    assert "ASSAY_PROVINCE_URL" in said


@pytest.mark.parametrize("address", ["https://jd.example.gov.cn", "http://127.0.0.1:8002", "http://localhost:8002"])
def test_one_that_nobody_can_listen_to_is_not(address: str) -> None:
    assert warnings_outwards(address) == []
