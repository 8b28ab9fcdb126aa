"""A certificate of our own for handhelds on the LAN: browsers open the camera to https pages only."""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from linesync.start import files, hosts

valid_days = 397
left_days_min = 7


def made_for(addresses: Sequence[str], var: Path) -> tuple[str, str]:
    """Paths of a certificate and its key that name these IP addresses. Kept, so that a handheld accepts it once."""
    folder = var / "https"
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    if not _still_good(certificate_file, key_file, addresses):
        folder.mkdir(parents=True, exist_ok=True)
        _make(certificate_file, key_file, addresses)
    return str(certificate_file), str(key_file)


def _still_good(certificate_file: Path, key_file: Path, addresses: Sequence[str]) -> bool:
    """Whether both are there and whole, belong together, and name these addresses for a while yet."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        return False
    if key.public_key() != certificate.public_key():
        return False
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    named = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    left = certificate.not_valid_after_utc - dt.datetime.now(dt.UTC)
    return left.days >= left_days_min and named >= set(addresses)


def _make(certificate_file: Path, key_file: Path, addresses: Sequence[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "LineSync on this machine")])
    names = [x509.DNSName(known) for known in ("localhost", *hosts.own_names())]
    ips = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", *addresses)]
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=valid_days))
        .add_extension(x509.SubjectAlternativeName([*names, *ips]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files.replace(
        key_file,
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    files.replace(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
