"""Looking a certificate up for the public: by number and name, or by its QR code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import normalize

from django.db.models import Q

from assay.centre import site
from assay.certificates import credential
from assay.certificates.models import Certificate
from assay.certificates.numbers import well_formed
from assay.kernel.clock import SHANGHAI, now
from assay.kernel.identity import comparable_name, mask
from assay.kernel.ledger import canonical_json


@dataclass(frozen=True)
class Shown:
    """What the public may see of a certificate."""

    number: str
    name: str
    id_masked: str
    occupation: str
    job: str
    level: str
    issued_on: str
    state: str
    withdrawn: bool
    withdrawn_on: str = ""
    ground: str = ""
    """Why it was withdrawn, in the words that are meant for the public."""
    corrected_on: str = ""
    """When it was last corrected; empty when it says what it always said."""


def find(number: str, name: str) -> Shown | None:
    """By number and name, both exact (blanks, width and the kind of dot forgiven). None when there is no such certificate."""
    number, name = _plain(number).upper(), comparable_name(name)
    if not well_formed(number) or not name:
        return None
    found = Certificate.objects.filter(number=number).first()
    return _shown(found) if found and comparable_name(found.name) == name else None


@dataclass(frozen=True)
class Scanned:
    """What a QR code turned out to be. `claim`: what it says (None: not signed by this centre); `found`: the certificate as it
    stands now, when that is what the code says; `corrected_on`: when what it says was corrected, so that the sheet is void."""

    claim: credential.Claim | None = None
    found: Shown | None = None
    corrected_on: str = ""


def by_token(token: str) -> Scanned:
    claim = credential.check(token)
    if claim is None:
        return Scanned()
    found = Certificate.objects.filter(number=claim.number).first()
    if found is None:
        return Scanned(claim)
    if claim_of(found) == claim:
        return Scanned(claim, _shown(found))
    return Scanned(claim, corrected_on=_corrected_on(found) if claim.edition < found.edition else "")


def claim_of(certificate: Certificate) -> credential.Claim:
    return credential.Claim(
        certificate.number,
        certificate.name,
        certificate.occupation,
        certificate.job,
        certificate.level_title,
        certificate.issued_on.isoformat(),
        certificate.edition,
    )


def qr_text(certificate: Certificate) -> str:
    """What the QR code holds: an address of this site that ends in the signed token."""
    return f"{site.address()}/v/{credential.sign(claim_of(certificate))}"


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


def _shown(certificate: Certificate) -> Shown:
    return Shown(
        certificate.number,
        certificate.name,
        mask(certificate.id_number),
        certificate.occupation,
        certificate.job or "--",
        certificate.level_title,
        certificate.issued_on.isoformat(),
        "已撤销" if certificate.state == Certificate.State.WITHDRAWN else "有效",
        certificate.state == Certificate.State.WITHDRAWN,
        _day(certificate.withdrawn_at),
        certificate.get_withdrawn_ground_display(),
        _corrected_on(certificate),
    )


def _corrected_on(certificate: Certificate) -> str:
    if certificate.edition == 1:
        return ""
    return _day(certificate.corrections.get(edition=certificate.edition).decided_at)


def _day(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).date().isoformat() if at else ""


def revoked() -> dict[str, Any]:
    """What whoever checks QR codes without asking here has to know, signed: certificates that are withdrawn, and the edition
    from which on the codes of corrected ones are good."""
    rows = Certificate.objects.filter(Q(state=Certificate.State.WITHDRAWN) | Q(edition__gt=1)).order_by("number")
    said = {
        "as_of": now().isoformat(timespec="seconds"),
        "withdrawn": {
            c.number: {"on": _day(c.withdrawn_at), "ground": c.get_withdrawn_ground_display()}
            for c in rows
            if c.state == Certificate.State.WITHDRAWN
        },
        "corrected": {c.number: c.edition for c in rows if c.edition > 1},
    }
    return {**said, "signature": credential.signature_of(canonical_json(said))}
