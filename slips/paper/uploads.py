"""Files that arrive: counted, recognised when they were sent before, kept, and handed to the readers."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.http import HttpRequest
from django.utils.timezone import localtime

from linesync.ground.rows import Row
from slips.models import RECEIVED, Slip
from slips.paper import storages
from slips.paper.pages import BadSlip, slip_bytes_max, slip_pages_max
from slips.queue import tasks
from slips.values import StoredFile

upload_bytes_max = 60 * 1024 * 1024
form_bytes_max = 64 * 1024
name_characters_max = 120


class SentBefore(Exception):
    """One of the files was sent before: the message says when and by whom, `slip_id` as which slip."""

    def __init__(self, before: Row) -> None:
        who, when = before["uploaded_by"] or "unknown", f"{localtime(before['uploaded_at']):%d %b %Y at %H:%M}"
        stands = "received" if before["state"] == RECEIVED else "not received yet"
        super().__init__(f"“{before['name']}” was uploaded already, by {who} on {when}; that slip is {stands}.")
        self.slip_id: UUID = before["slip_id"]


class Quota(FileUploadHandler):
    """Drops the files of a request that is larger than any slip, so that they fill neither memory nor disk."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:
        self.is_over = content_length > upload_bytes_max + form_bytes_max

    def new_file(self, *arguments: Any, **named: Any) -> None:
        if self.is_over:
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def sent_files(request: HttpRequest) -> list["UploadedFile[Any]"]:
    """The files of this request, those that were photographed after those that were chosen. Raises BadSlip."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > upload_bytes_max + form_bytes_max:
        raise BadSlip(f"These files have more than {upload_bytes_max // 1024**2} MB together. Send fewer at once.")
    files = [*request.FILES.getlist("files"), *request.FILES.getlist("photo")]
    if not files:
        raise BadSlip("Choose a file or take a photo first.")
    if len(files) > slip_pages_max:
        raise BadSlip(f"These are {len(files)} files; a slip may have {slip_pages_max} pages.")
    return files


def take_in(files: Sequence["UploadedFile[Any]"], *, by: str | None, again_reason: str = "") -> UUID:
    """Keep the files as one new slip and queue its reading, in one transaction. Raises BadSlip, SentBefore."""
    contents = [(_name(file), _content(file)) for file in files]
    digests = [hashlib.sha256(content).hexdigest() for _, content in contents]
    before = Slip.objects.sent_before(digests)
    if before and not again_reason.strip():
        raise SentBefore(before)
    slip_id = uuid4()
    with transaction.atomic():
        stored = [
            StoredFile(name, len(content), digest, storages.keep(f"slips/{slip_id}/file-{place}", content))
            for place, ((name, content), digest) in enumerate(zip(contents, digests, strict=True))
        ]
        Slip.objects.begin(slip_id, stored, uploaded_by=by, again_reason=again_reason.strip() or None)
        tasks.queue_pages(slip_id)
    return slip_id


def _name(file: "UploadedFile[Any]") -> str:
    name = "".join(character for character in file.name or "" if character.isprintable())
    return name[-name_characters_max:] or "unnamed"


def _content(file: "UploadedFile[Any]") -> bytes:
    if not file.size:
        raise BadSlip(f"“{_name(file)}” is empty.")
    if file.size > slip_bytes_max:
        raise BadSlip(f"“{_name(file)}” is larger than {slip_bytes_max // 1024**2} MB.")
    return bytes(file.read())
