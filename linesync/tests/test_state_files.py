"""The small files under `var/`: whatever a power cut, a full disk or a tidy person left of them."""

import os
import ssl
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from linesync.start import certificate, databases, files, secret


def test_a_file_is_replaced_whole_and_private_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "url"
    files.replace(file, "first")
    assert file.stat().st_mode & 0o777 == 0o600

    def full(_handle: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.replace(file, "second")
    assert file.read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["url"]


@pytest.mark.parametrize("left", ["", "\n", "\0" * 67, "short", "schlüssel" * 8])
def test_a_signing_key_that_was_lost_is_made_anew_and_kept(tmp_path: Path, left: str) -> None:
    file = tmp_path / "secret_key"
    file.write_text(left)
    key = secret.kept_in(file)
    assert len(key) > 50
    assert key != left
    assert secret.kept_in(file) == file.read_text() == key
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_signing_key_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.write_text("k" * 32 + "\n")
    assert secret.kept_in(file) == "k" * 32


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    keys, gate = [], threading.Barrier(20)

    def ask() -> None:
        gate.wait()
        keys.append(secret.kept_in(tmp_path / "secret_key"))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 20
    assert len(set(keys)) == 1


def test_a_signing_key_that_cannot_be_made_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(ImproperlyConfigured, match=r"can be neither read nor made .* or set SECRET_KEY"):
        secret.kept_in(tmp_path / "secret_key")


def test_a_certificate_is_kept_as_long_as_it_is_whole(tmp_path: Path) -> None:
    made = certificate.made_for(["192.0.2.7"], tmp_path)
    before = [Path(path).read_bytes() for path in made]
    assert certificate.made_for(["192.0.2.7"], tmp_path) == made
    assert [Path(path).read_bytes() for path in made] == before


@pytest.mark.parametrize("name", ["certificate.pem", "key.pem"])
@pytest.mark.parametrize("left", [None, "", "-----BEGIN", "another"])
def test_half_a_certificate_is_made_anew(tmp_path: Path, name: str, left: str | None) -> None:
    certificate.made_for(["192.0.2.7"], tmp_path)
    file = tmp_path / "https" / name
    if left == "another":
        certificate.made_for(["192.0.2.7"], tmp_path / "other")
        left = (tmp_path / "other" / "https" / name).read_text()
    file.unlink()
    if left is not None:
        file.write_text(left)
    certificate_file, key_file = certificate.made_for(["192.0.2.7"], tmp_path)
    # As a web server loads the two; it refuses a pair that is none.
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate_file, key_file)


@pytest.mark.parametrize("left", [None, "", "\0\0\0", "postgre", "http://elsewhere/"])
def test_an_address_file_that_says_nothing_is_nowhere_and_no_traceback(tmp_path: Path, left: str | None) -> None:
    (tmp_path / "postgres").mkdir()
    if left is not None:
        (tmp_path / "postgres" / "url").write_text(left)
    assert databases.embedded_url(tmp_path) == databases.nowhere


def test_an_address_file_that_cannot_be_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "url").mkdir(parents=True)
    with pytest.raises(ImproperlyConfigured, match="Run this as the user who starts LineSync"):
        databases.embedded_url(tmp_path)
