"""Pictures for the docs show what they say."""

from __future__ import annotations

import httpx
import pytest
from testbed.hall_screenshots import answered


def test_a_step_that_was_refused_makes_no_picture() -> None:
    asked = httpx.Request("POST", "http://hall/room/act")
    answered(httpx.Response(200, request=asked))
    answered(httpx.Response(409, request=asked), 409)
    with pytest.raises(RuntimeError, match="/room/act: 409 已交卷"):
        answered(httpx.Response(409, request=asked, text="已交卷"))
    with pytest.raises(RuntimeError):
        answered(httpx.Response(200, request=asked), 409)
