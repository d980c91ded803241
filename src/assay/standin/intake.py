"""Taking a message in: once for each idempotency key, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from assay.standin import certificates, changes, clock
from assay.standin.failures import Problem
from assay.standin.kinds import Kind
from assay.standin.store import Book, Store, Submission, written
from assay.standin.wording import AUTO_SIGNER

SHANGHAI = ZoneInfo("Asia/Shanghai")


def receive(store: Store, kind: Kind, body: dict[str, Any], key: str, *, auto_approve: bool) -> tuple[str, bool]:
    """Take `body` in under the idempotency key `key`; (answer as JSON text, whether it is a first answer repeated).

    Raises Problem 409 when the key already stands for something else, 422 when the content has faults. A refusal
    is not remembered: mended content may come under the same key.
    """
    at = clock.now()
    digest = sha256(written(body).encode()).hexdigest()
    findings = kind.check(body, at.astimezone(SHANGHAI).date())
    with store.writing() as book:
        if (given := book.answer_to(key)) is not None:
            return _repeated(given, kind, digest), True
        if refusal := findings.refusal():
            raise refusal
        _require_known_filing(book, body)
        submission = _submission(book, kind, body, at)
        book.add(submission, body)
        reply = {kind.id_key: submission.id, "received_at": at.isoformat(), "warnings": findings.warnings}
        state = "received"
        if not kind.decided:
            reply |= (taken := _TAKING[kind.name](book, submission, body["rows"]))
            state = _state_after(taken)
        book.set_reply(submission.id, reply, state)
        if kind.decided and auto_approve:
            book.decide(submission.id, "approved", reason="", by=AUTO_SIGNER)
        answer = written(reply)
        book.remember_answer(key, kind.name, digest, answer)
    return answer, False


def _repeated(given: tuple[str, str, str], kind: Kind, digest: str) -> str:
    first_kind, first_digest, answer = given
    if (first_kind, first_digest) != (kind.name, digest):
        raise Problem(409, "key_reused", "此 Idempotency-Key 已用于另一份内容，请换用新的键")
    return answer


def _require_known_filing(book: Book, body: dict[str, Any]) -> None:
    """A result report may name the filing it belongs to; then that filing must be here."""
    named = body.get("filing_id")
    if named is None:
        return
    filing = book.submission(named)
    if filing is None or filing.kind != "filings":
        said = f"认定计划受理号“{named}”不存在"
        raise Problem(422, "invalid", said, [{"field": "filing_id", "message": said}])


def _submission(book: Book, kind: Kind, body: dict[str, Any], at: datetime) -> Submission:
    """Numbers read F20261123-000001: kind, day of receipt in Shanghai, running number."""
    rows = body[kind.counted]
    size = sum(row["candidates"] for row in rows) if kind.counted == "lines" else len(rows)
    id = f"{kind.letter}{at.astimezone(SHANGHAI):%Y%m%d}-{book.next_number():06d}"
    return Submission(id, kind.name, body["batch_code"], size, at, "received", "", None, None)


Taken = dict[str, list[Any]]


def _take_certificates(book: Book, submission: Submission, rows: list[dict[str, Any]]) -> Taken:
    """Take each certificate or say why not; a number known already is taken again only if nothing differs."""
    outcomes = certificates.outcomes_of(book.approved_results(submission.batch_code))

    def take(row: dict[str, Any]) -> list[str]:
        faults = certificates.faults_of(row, outcomes)
        known = None if faults else book.certificate(row["number"])
        if known is not None and known != row:
            return ["编号已登记，且内容不同"]
        if not faults and known is None:
            book.add_certificate(submission.id, row)
        return faults

    return _each(rows, take)


def _take_changes(book: Book, submission: Submission, rows: list[dict[str, Any]]) -> Taken:
    """Take each change or say why not; the newest one again only if nothing differs."""

    def take(row: dict[str, Any]) -> list[str]:
        last = book.last_change(row["number"])
        faults = changes.faults_of(row, book.certificate(row["number"]), last)
        if not faults and row != last:
            book.add_change(submission.id, row)
        return faults

    return _each(rows, take)


def _each(rows: list[dict[str, Any]], take: Callable[[dict[str, Any]], list[str]]) -> Taken:
    said = [(row["number"], take(row)) for row in rows]
    return {
        "accepted": [number for number, faults in said if not faults],
        "rejected": [{"number": number, "reason": "；".join(faults)} for number, faults in said if faults],
    }


_TAKING: dict[str, Callable[[Book, Submission, list[dict[str, Any]]], Taken]] = {
    "certificates": _take_certificates,
    "certificate-changes": _take_changes,
}


def _state_after(taken: dict[str, Any]) -> str:
    if not taken["rejected"]:
        return "accepted"
    return "partly" if taken["accepted"] else "rejected"
