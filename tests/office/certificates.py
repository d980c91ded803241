"""Made-up authorities and certificates for tests of TLS."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

KEPT = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass
class Authority:
    """Signs certificates; `file` is its own."""

    folder: Path
    name: str = "示例学校"

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = _named(self.name)
        basic = x509.BasicConstraints(ca=True, path_length=0)
        made = (
            self._begun(self._subject, self._key, 365)
            .add_extension(basic, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = str(self.folder / f"{self.name}-ca.pem")
        Path(self.file).write_bytes(made.public_bytes(Encoding.PEM))

    def issue(self, *names: str, days: int = 90) -> tuple[str, str]:
        """Files of a certificate for these names (or addresses) and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        known = x509.SubjectAlternativeName([_as_name(name) for name in names])
        made = (
            self._begun(_named(names[0]), key, days)
            .add_extension(known, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        stem = self.folder / f"{self.name}-{names[0]}-{days}"
        stem.with_suffix(".crt").write_bytes(made.public_bytes(Encoding.PEM))
        stem.with_suffix(".key").write_bytes(key.private_bytes(*KEPT))
        return str(stem.with_suffix(".crt")), str(stem.with_suffix(".key"))

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self._subject, subject, key.public_key(), x509.random_serial_number())
        return builder.not_valid_before(now - timedelta(days=100)).not_valid_after(now + timedelta(days=days))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _as_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
