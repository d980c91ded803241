"""What whoever checks codes without asking here has to have: the public keys, and the signed lists of what became of certificates."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from typing import Any

import cbor2
from django.db.models import F, Q

from assay.centre import site
from assay.centre.models import KeyPeriod
from assay.certificates import cose, credential, status_list
from assay.certificates.models import Certificate, CodeIndex
from assay.certificates.status_list import Status
from assay.kernel.clock import day_of, now
from assay.kernel.keyring import private
from assay.kernel.ledger import canonical_json
from assay.kernel.secrets import current

STATUS_ADDRESS = "/verify/status.cwt"


@dataclass(frozen=True)
class PublicKey:
    """A key that signs or signed certificates. `to`: the day since which the next one is used; None: it is in use."""

    id: str
    public: bytes
    since: date | None
    to: date | None

    @property
    def key_id(self) -> str:
        """As codes and lists name it."""
        return cose.key_id(self.public).hex()

    @property
    def used_said(self) -> str:
        """Between which days it signs, as far as that is known."""
        begins = f"，{self.since} 启用" if self.since else ""
        return begins + (f"，用到 {self.to}" if self.to else "")

    @property
    def hex(self) -> str:
        return self.public.hex()


def keys() -> list[PublicKey]:
    """Oldest first; the last one is in use."""
    since = dict(KeyPeriod.objects.filter(name="certificate").values_list("key_id", "since"))
    publics = list(credential.public_keys().items())
    begun: list[date | None] = [since.get(own_id) for own_id, _ in publics]
    return [
        PublicKey(own_id, public, begins, ends)
        for (own_id, public), begins, ends in zip(publics, begun, [*begun[1:], None], strict=True)
    ]


def key_set() -> dict[str, Any]:
    """As JWK set (RFC 7517, RFC 8037). `kid` is what codes of the second form name, `number` what those of the first form name."""
    return {
        "keys": [
            {
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.key_id,
                "x": base64.urlsafe_b64encode(key.public).rstrip(b"=").decode(), "number": key.id,
                "from": key.since.isoformat() if key.since else None, "to": key.to.isoformat() if key.to else None,
            }
            for key in keys()
        ]
    }  # fmt: skip


def cose_key_set() -> bytes:
    """The same as COSE_KeySet (RFC 9052 §7), without periods."""
    return cbor2.dumps(
        [{1: 1, 2: cose.key_id(key.public), 3: cose.EDDSA, -1: 6, -2: key.public} for key in keys()], canonical=True
    )


def statuses() -> bytes:
    """The status list as of now, signed with the key in use."""
    rows = CodeIndex.objects.filter(
        Q(certificate__state=Certificate.State.WITHDRAWN) | Q(edition__lt=F("certificate__edition"))
    )
    values = {
        index: Status.WITHDRAWN if state == Certificate.State.WITHDRAWN else Status.CORRECTED
        for index, state in rows.values_list("index", "certificate__state")
    }
    address = site.address() + STATUS_ADDRESS
    return status_list.written(values, private(current("certificate")), address=address, as_of=now())


def revoked() -> dict[str, Any]:
    """The same for codes of the first form, which have no place in the status list, by number and signed: which certificates are
    withdrawn, and the edition from which on the codes of corrected ones are good."""
    first_form = Certificate.objects.exclude(code_indexes__edition=1)
    rows = first_form.filter(Q(state=Certificate.State.WITHDRAWN) | Q(edition__gt=1)).order_by("number")
    said = {
        "as_of": now().isoformat(timespec="seconds"),
        "withdrawn": {
            c.number: {
                "on": day_of(c.withdrawn_at).isoformat() if c.withdrawn_at else "",
                "ground": c.get_withdrawn_ground_display(),
            }
            for c in rows
            if c.state == Certificate.State.WITHDRAWN
        },
        "corrected": {c.number: c.edition for c in rows if c.edition > 1},
    }
    return {**said, "signature": credential.signature_of(canonical_json(said))}
