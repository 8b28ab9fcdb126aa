"""Where files are kept: the same contract for Postgres, a folder and a volume."""

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
from databricks.sdk.errors import NotFound
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, Storage

from linesync.start import slip_storage
from slips.paper import storages
from slips.paper.storages import PostgresStorage, VolumeStorage


class Files:
    """What the workspace's Files API does, in memory."""

    def __init__(self) -> None:
        self.folders: set[str] = set()
        self.kept: dict[str, bytes] = {}

    def create_directory(self, path: str) -> None:
        self.folders.add(path)

    def upload(self, path: str, contents: BinaryIO, *, overwrite: bool) -> None:
        assert path.rpartition("/")[0] in self.folders
        self.kept[path] = contents.read()

    def download(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(contents=io.BytesIO(self._get(path)))

    def delete(self, path: str) -> None:
        self._get(path)
        del self.kept[path]

    def get_metadata(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(content_length=len(self._get(path)))

    def _get(self, path: str) -> bytes:
        if path not in self.kept:
            raise NotFound(path)
        return self.kept[path]


workspace_files = Files()


def workspace() -> SimpleNamespace:
    return SimpleNamespace(files=workspace_files)


@pytest.fixture(params=["postgres", "disk", "volume"])
def storage(request: pytest.FixtureRequest, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    makers: dict[str, Callable[[], Storage]] = {
        "postgres": PostgresStorage,
        "disk": lambda: FileSystemStorage(location=tmp_path, base_url=None),
        "volume": lambda: VolumeStorage(folder="/Volumes/a/b/c", workspace="slips.tests.test_storages.workspace"),
    }
    made = makers[request.param]()
    monkeypatch.setattr(storages, "storages", {"slips": made})
    return made


def test_what_is_kept_comes_back_until_it_is_dropped(storage: Storage) -> None:
    name = storages.keep("slips/1/page-0.jpg", b"first")
    assert (name, storages.kept(name), storage.size(name)) == ("slips/1/page-0.jpg", b"first", 5)
    assert storages.keep("slips/1/page-0.jpg", b"second") == name
    assert storages.kept(name) == b"second"
    storages.drop(name)
    storages.drop(name)
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storages.kept(name)


@pytest.mark.parametrize(
    ("setting", "backend"),
    [("postgres", "PostgresStorage"), ("disk", "FileSystemStorage"), ("/Volumes/a/b/c", "VolumeStorage")],
)
def test_one_setting_chooses(setting: str, backend: str, tmp_path: Path) -> None:
    assert slip_storage.from_setting(setting, tmp_path)["BACKEND"].endswith(backend)


def test_an_unknown_storage_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SLIP_STORAGE=s3"):
        slip_storage.from_setting("s3", tmp_path)
