"""Looking a certificate up for the public: by number and name, or by its QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from assay.centre import site
from assay.certificates import codes, credential
from assay.certificates.models import Certificate, CodeIndex
from assay.certificates.numbers import well_formed
from assay.kernel.clock import SHANGHAI
from assay.kernel.identity import comparable_name, mask
from assay.kernel.keyring import private
from assay.kernel.secrets import current


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

    claim: credential.Claim | codes.Code | None = None
    found: Shown | None = None
    corrected_on: str = ""


def by_token(token: str) -> Scanned:
    """What the last part of a QR code's address says, in the first form (which has a dot) or in the second."""
    publics = credential.public_keys().values()
    claim = credential.check(token) if "." in token else codes.read(token, publics)
    if claim is None:
        return Scanned()
    found = Certificate.objects.filter(number=claim.number).first()
    if found is None:
        return Scanned(claim)
    if claim == (claim_of(found) if isinstance(claim, credential.Claim) else _code_of(found)):
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


def code_of(certificate: Certificate, index: int) -> codes.Code:
    return codes.Code(
        certificate.number,
        certificate.name,
        certificate.occupation,
        certificate.job,
        certificate.level_code,
        certificate.issued_on,
        certificate.edition,
        index,
    )


def _code_of(certificate: Certificate) -> codes.Code | None:
    index = certificate.code_indexes.filter(edition=certificate.edition).first()
    return code_of(certificate, index.index) if index else None


def qr_texts(certificates: Sequence[Certificate]) -> dict[int, str]:
    """What the QR codes hold, by the certificate's row: an address of this site that ends in what is signed. Certificates that were
    numbered before there was a status list keep the code that they were printed with."""
    address, key = site.address(), private(current("certificate"))
    rows = CodeIndex.objects.filter(certificate__in=[c.pk for c in certificates])
    indexes = {(row.certificate_id, row.edition): row.index for row in rows}
    texts = {}
    for certificate in certificates:
        index = indexes.get((certificate.pk, certificate.edition))
        texts[certificate.pk] = (
            f"{address}/v/{credential.sign(claim_of(certificate))}"
            if index is None
            else codes.address(address, codes.written(code_of(certificate, index), key))
        )
    return texts


def qr_text(certificate: Certificate) -> str:
    """What the QR code of one certificate holds."""
    return qr_texts([certificate])[certificate.pk]


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
