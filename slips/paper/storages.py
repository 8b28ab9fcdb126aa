"""Where slips' files and page pictures are kept, behind Django's storage API: `storages["slips"]`.

Postgres by default, so that every web and worker process finds them; a folder, or a Unity Catalog volume, by setting.
"""

import io
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import connection
from django.utils.deconstruct import deconstructible
from django.utils.module_loading import import_string


def keep(name: str, content: bytes) -> str:
    """Keep the content under the name, in place of what stood there; returns the name the storage gave it."""
    storage = storages["slips"]
    if storage.exists(name):
        storage.delete(name)
    return str(storage.save(name, ContentFile(content)))


def kept(name: str) -> bytes:
    """The content. Raises FileNotFoundError when it is gone."""
    with storages["slips"].open(name) as file:
        content: bytes = file.read()
        return content


def drop(name: str) -> None:
    storages["slips"].delete(name)


@deconstructible
class PostgresStorage(Storage):
    """Rows of `stored_files`, a table whose name stands nowhere else in Python."""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM stored_files WHERE name = %s", [name])
            found = cursor.fetchone()
        if not found:
            raise FileNotFoundError(name)
        return ContentFile(bytes(found[0]), name)

    def _save(self, name: str, content: Any) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO stored_files (name, content) VALUES (%s, %s)
                ON CONFLICT (name) DO UPDATE SET content = excluded.content, stored_at = clock_timestamp()
                """,
                [name, content.read()],
            )
        return name

    def delete(self, name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM stored_files WHERE name = %s", [name])

    def exists(self, name: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM stored_files WHERE name = %s)", [name])
            (there,) = cursor.fetchone() or (False,)
        return bool(there)

    def size(self, name: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT octet_length(content) FROM stored_files WHERE name = %s", [name])
            (size,) = cursor.fetchone() or (0,)
        return int(size)


@deconstructible
class VolumeStorage(Storage):
    """A Unity Catalog volume through the workspace's Files API.

    `folder` is `/Volumes/<catalog>/<schema>/<volume>`, `workspace` the dotted path of a function that returns the
    databricks-sdk client; it is called at first use, after the process has forked.
    """

    def __init__(self, *, folder: str, workspace: str) -> None:
        self.folder = folder.rstrip("/")
        self.workspace = workspace

    def _files(self) -> Any:
        client: Callable[[], Any] = import_string(self.workspace)
        return client().files

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        from databricks.sdk.errors import NotFound

        try:
            return ContentFile(self._files().download(self._path(name)).contents.read(), name)
        except NotFound as gone:
            raise FileNotFoundError(name) from gone

    def _save(self, name: str, content: Any) -> str:
        files = self._files()
        files.create_directory(self._path(name).rpartition("/")[0])
        files.upload(self._path(name), io.BytesIO(content.read()), overwrite=True)
        return name

    def delete(self, name: str) -> None:
        from databricks.sdk.errors import NotFound

        try:
            self._files().delete(self._path(name))
        except NotFound:
            return

    def exists(self, name: str) -> bool:
        from databricks.sdk.errors import NotFound

        try:
            self._files().get_metadata(self._path(name))
        except NotFound:
            return False
        return True

    def size(self, name: str) -> int:
        return int(self._files().get_metadata(self._path(name)).content_length or 0)

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"
