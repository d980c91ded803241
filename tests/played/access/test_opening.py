"""Every address, opened by everybody, answers as its view declares; nothing that is there answers with an error."""

from __future__ import annotations

import pytest

from assay.kernel.access import Access
from tests.played.access.doors import doors
from tests.played.access.opening import Opened, opens
from tests.played.access.visitors import NEW, Visitor

PUBLIC = {
    "certificates:revoked", "desk:sign_in", "desk:sign_in_code", "portal:activate", "portal:announcement", "portal:public",
    "portal:public_notice", "portal:received", "portal:sign_in", "portal:sign_up", "portal:verify", "portal:verify_token",
    "portal:cose_keys", "portal:keys", "portal:verify_code", "portal:verify_codes", "portal:verify_offline",
    "portal:verify_offline_worker", "portal:verify_status",
}  # fmt: skip
FINE = (200, 302, 409)
"""A page, on to another page, or a refusal that says why not now."""
OWN_ONLY = {
    "applications:detail", "applications:evidence", "applications:exemption",
    "applications:form", "applications:mend", "applications:person", "applications:photo",
    "arrangement:my_ticket", "certificates:my_certificate", "marking:panel", "marking:score", "marking:tasks_pdf",
    "portal:claim", "portal:score_check",
}  # fmt: skip
"""Not everybody who may open the kind of page may open each of them: `test_own_rows` says who opens which."""
NOT_THERE = {
    "arrangement:my_ticket", "exam:answer_log", "exam:answer_log_sheet", "exam:record_pdf",
    "marking:tasks_pdf", "portal:apply", "portal:verify_token",
    "applications:photo", "portal:score_check", "marking:again", "applications:evidence", "bank:picture",
    "exam:paper_exam", "exam:paper_entries",
}  # fmt: skip
"""Some rows have none: no ticket on a short route, no record of a theory room before it is closed, no window for a check, no
paper exam in a skill room."""


def problem(found: Opened) -> str:
    """What is wrong with an answer to a GET; "" when nothing is."""
    one, who, status = found.door, found.who, found.status
    if status >= 500:
        return "an error"
    if not opens(one, who):
        return "" if found.shut else "opened to whom it is closed"
    if who.name == NEW and one.name not in ("desk:password", "desk:sign_out"):
        return "" if (status, found.on_to) == (302, "/password/") else "opened before the password was changed"
    if one.name in OWN_ONLY and status in (403, 404):
        return ""
    if one.name in NOT_THERE and status == 404:
        return ""
    return "" if status in FINE or status == 405 else "closed to whom it is open"


def test_every_view_says_who_may_open_it() -> None:
    assert [one.name for one in doors() if one.access in (None, Access())] == []


def test_the_public_sees_only_what_is_meant_for_it() -> None:
    assert {one.name for one in doors() if one.access is not None and one.access.public} == PUBLIC


@pytest.mark.once
def test_every_address_answers_everybody_as_its_view_declares(openings: list[Opened]) -> None:
    assert {one.door.name for one in openings} == {one.name for one in doors()}
    wrong = [f"{said}: {one.who.name} {one.address} {one.status}" for one in openings if (said := problem(one))]
    assert wrong == []


def test_every_address_has_rows_to_try_it_with(crowd: list[Visitor]) -> None:
    assert [one.name for one in doors() if not one.addresses()] == []
