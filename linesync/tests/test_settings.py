"""Each setting that makes no sense is refused in a sentence that names it, what was said, and an example."""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from linesync.start import deployed, ports
from linesync.tests.fake_lakebase import root


def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **environment: str) -> dict[str, Any]:
    """Every setting, read anew from this environment."""
    monkeypatch.setenv("LINESYNC_VAR", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(root / "linesync" / "settings.py"))


numbers = {
    "REORDER_POINT": (0, 999_999_999),
    "REORDER_QTY": (1, 999_999_999),
    "LOCK_WAIT_SECONDS": (1, 60),
    "SLIP_READERS_MAX": (1, 64),
    "SLIP_RETENTION_DAYS": (0, 36_500),
    "WEB_CONCURRENCY": (1, 64),
    "WEB_THREADS": (1, 64),
}


@pytest.mark.parametrize("name", numbers)
def test_a_number_is_whole_and_within_its_bounds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    least, most = numbers[name]
    for good in (least, most):
        assert read(monkeypatch, tmp_path, **{name: str(good)})[name] == good
    for bad in ("abc", "1.5", "1e3", "٣", str(least - 1), str(most + 1), "9" * 40):
        with pytest.raises(ImproperlyConfigured) as refusal:
            read(monkeypatch, tmp_path, **{name: bad})
        assert str(refusal.value).startswith(
            f"{name}={bad} must be {least} to {most:,}, a whole number; for example {name}="
        )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SITE_TIME_ZONE", "Mars/One", "is no time zone known here; for example SITE_TIME_ZONE=Europe/Berlin"),
        ("SITE_TIME_ZONE", "../../etc/passwd", "is no time zone known here"),
        ("LOG_LEVEL", "loud", "is none of DEBUG, INFO, WARNING, ERROR, CRITICAL; for example LOG_LEVEL=INFO"),
        ("LOG_FORMAT", "xml", "is none of text, json; for example LOG_FORMAT=text"),
        ("STATIC_MANIFEST", "maybe", "is neither on nor off: use 1 or 0"),
        ("DEBUG", "2", "is neither on nor off: use 1 or 0"),
        ("STATIONS", "Döck", "is not a station's name"),
        ("REVIEWERS", "kim", "is not an e-mail address or @domain; for example REVIEWERS=kim@example.com"),
        ("CSRF_TRUSTED_ORIGINS", "dock.example.com", "for example CSRF_TRUSTED_ORIGINS=https://dock.example.com"),
        ("ALLOWED_HOSTS", "https://dock.example.com", "no scheme, no port"),
        ("SLIP_STORAGE", "s3", "is not known; use postgres, disk"),
        ("LAKEBASE_ENDPOINT", "mine", "is not of the form projects/"),
    ],
)
def test_a_name_is_one_that_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, words: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, tmp_path, **{name: value})
    assert str(refusal.value).startswith(f"{name}={value} ")
    assert words in str(refusal.value)


def test_a_lakebase_port_is_a_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKEBASE_ENDPOINT", "projects/a/branches/b/endpoints/c")
    with pytest.raises(ImproperlyConfigured, match=r"LAKEBASE_PORT=abc .* for example LAKEBASE_PORT=5432"):
        read(monkeypatch, tmp_path, PGPORT="abc")


@pytest.mark.parametrize("url", ["postgresql://u:hush@host:abc/db", "postgresql://u:hu/sh@host/db"])
def test_a_database_address_that_cannot_be_read_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, tmp_path, DATABASE_URL=url)
    assert "for example postgresql://user:password@localhost:5432/linesync" in str(refusal.value)
    assert "hu" not in str(refusal.value).replace("DATABASE_URL", "")


def test_an_empty_setting_is_its_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain = read(monkeypatch, tmp_path)
    empty = read(
        monkeypatch, tmp_path, **dict.fromkeys([*numbers, "SITE_TIME_ZONE", "LOG_LEVEL", "LOG_FORMAT", "HTTPS"], "")
    )
    for name in (*numbers, "TIME_ZONE", "LOG_FORMAT", "HTTPS"):
        assert empty[name] == plain[name]


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("65535", 65_535)])
def test_a_port_is_a_number_of_a_port(text: str, port: int) -> None:
    assert ports.given("PORT", text) == port


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "", "8000 ", "٨٠٠٠"])
def test_what_is_no_port_is_told_with_the_setting_that_named_it(text: str) -> None:
    with pytest.raises(ports.BadPort) as refusal:
        ports.given("DATABRICKS_APP_PORT", text)
    assert str(refusal.value) == (
        f"DATABRICKS_APP_PORT={text} is no port; use a number from 1 to 65535, for example DATABRICKS_APP_PORT=8000."
    )
    assert "DATABRICKS_APP_PORT" not in os.environ


@pytest.mark.parametrize("name", ["DATABRICKS_APP_PORT", "PORT"])
def test_a_container_with_a_port_that_is_none_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setenv(name, "http")
    assert deployed.main() == 1
    said = capsys.readouterr().err
    assert said == (
        f"LineSync does not start. {name}=http is no port; use a number from 1 to 65535, for example {name}=8000.\n"
    )
