"""Looking a certificate up for the public: by number and name, or by its QR code."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import normalize

from assay.centre import parameters
from assay.certificates import credential
from assay.certificates.models import Certificate
from assay.certificates.numbers import well_formed
from assay.kernel.identity import mask


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


def find(number: str, name: str) -> Shown | None:
    """By number and name, both exact (blanks and width forgiven). None when there is no such certificate."""
    number, name = _plain(number).upper(), _plain(name)
    if not well_formed(number) or not name:
        return None
    found = Certificate.objects.filter(number=number).first()
    return _shown(found) if found and _plain(found.name) == name else None


def by_token(token: str) -> tuple[credential.Claim | None, Shown | None]:
    """What a QR code claims (None: not signed by this centre), and the certificate as it stands now."""
    claim = credential.check(token)
    if claim is None:
        return None, None
    found = Certificate.objects.filter(number=claim.number).first()
    same = found is not None and claim_of(found) == claim
    return claim, _shown(found) if found is not None and same else None


def claim_of(certificate: Certificate) -> credential.Claim:
    return credential.Claim(
        certificate.number,
        certificate.name,
        certificate.occupation,
        certificate.job,
        certificate.level_title,
        certificate.issued_on.isoformat(),
    )


def qr_text(certificate: Certificate) -> str:
    """What the QR code holds: an address of this site that ends in the signed token."""
    return f"{parameters.text('site.url').rstrip('/')}/v/{credential.sign(claim_of(certificate))}"


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
        "已撤销" if certificate.state == "withdrawn" else "有效",
        certificate.state == "withdrawn",
    )
