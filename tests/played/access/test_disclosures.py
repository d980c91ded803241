"""No page hands out whole ID numbers without a line in the security log: every page that is opened is read for them."""

from __future__ import annotations

import pytest

from tests.played.access.opening import Opened

MUST_SHOW = {
    "applications:form", "archive:document", "arrangement:room_paper", "arrangement:tickets_pdf",
    "certificates:batch_pass_list", "certificates:issue_list", "certificates:pdf",
    "corps:members_edit", "results:list_pdf", "setup:present",
}  # fmt: skip


@pytest.mark.once
def test_whole_id_numbers_are_read_by_nobody_without_a_line_in_the_log(openings: list[Opened]) -> None:
    assert [f"{one.address} {one.who.name}" for one in openings if one.whole and not one.told] == []
    shown = {one.door.name for one in openings if one.whole}
    assert shown >= MUST_SHOW, sorted(MUST_SHOW - shown)
