"""Static files: collected when one has changed, and not at every start."""

import os
from pathlib import Path

import pytest
from pytest_django import Settings

from linesync.start import statics


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = str(tmp_path / "collected")
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    file = tmp_path / "source" / "page.css"
    file.parent.mkdir()
    file.write_text("a { color: red }")
    return file


def collected(tmp_path: Path) -> str:
    return (tmp_path / "collected" / "page.css").read_text()


def test_a_second_start_copies_nothing(source: Path, tmp_path: Path) -> None:
    assert statics.collect() is True
    assert collected(tmp_path) == "a { color: red }"
    assert statics.collect() is False


@pytest.mark.parametrize("text", ["a { color: blue }", "a { color: 7ed }"])
def test_a_changed_file_is_collected_again(source: Path, tmp_path: Path, text: str) -> None:
    statics.collect()
    before = source.stat().st_mtime_ns
    source.write_text(text)
    os.utime(source, ns=(before + 1_000_000_000, before + 1_000_000_000))
    assert statics.collect() is True
    assert collected(tmp_path) == text


@pytest.mark.parametrize("lost", ["page.css", "staticfiles.json"])
def test_a_file_that_was_lost_is_collected_again(source: Path, settings: Settings, tmp_path: Path, lost: str) -> None:
    # Without the admin's own, which take seconds to compress.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    statics.collect()
    assert statics.collect() is False
    (tmp_path / "collected" / lost).unlink()
    assert statics.collect() is True
    assert (tmp_path / "collected" / lost).is_file()


def test_a_folder_that_was_emptied_is_filled_again(source: Path, tmp_path: Path) -> None:
    statics.collect()
    for path in sorted((tmp_path / "collected").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / "collected").rmdir()
    assert statics.collect() is True
    assert collected(tmp_path) == "a { color: red }"
