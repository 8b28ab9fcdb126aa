"""Idempotency-Key: the first answer again, and nothing written twice, whatever happened to the first reply."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from ninja.errors import HttpError
from pydantic import BaseModel

from linesync.ground.people import DockRequest
from linesync.managers import KeptAnswer
from linesync.models import ApiAnswer

View = Callable[..., Any]


def answered_once(view: View) -> View:
    """A view whose answer to an `idempotency_key` is kept in the transaction that books.

    A refusal keeps nothing: nothing was booked, and the key is free for the corrected request. A view marked
    `takes_long` books nothing itself: its transaction is opened after it has answered, not around it.
    """

    @wraps(view)
    def once(request: DockRequest, **values: Any) -> HttpResponse:
        key: str | None = values.get("idempotency_key")
        if key is None:
            return _as_json(view(request, **values))
        person_email, fingerprint = request.person.email or "", _fingerprint(request, values)
        if getattr(view, "takes_long", False):
            first = ApiAnswer.objects.first_answer(person_email=person_email, key=key)
            if first:
                return _again(first, fingerprint)
            early = _as_json(view(request, **values))
            return _kept(person_email, key, fingerprint, lambda: early)
        return _kept(person_email, key, fingerprint, lambda: _as_json(view(request, **values)))

    return once


def _kept(person_email: str, key: str, fingerprint: bytes, answer: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        first = ApiAnswer.objects.claim(person_email=person_email, key=key, fingerprint=fingerprint)
        if first:
            return _again(first, fingerprint)
        response = answer()
        ApiAnswer.objects.keep(
            person_email=person_email, key=key, status=response.status_code, body=response.content.decode()
        )
    return response


def _again(first: KeptAnswer, fingerprint: bytes) -> HttpResponse:
    if first.fingerprint != fingerprint:
        raise HttpError(409, "This Idempotency-Key was used for another request. Every booking needs a key of its own.")
    response = HttpResponse(first.body, content_type="application/json", status=first.status)
    response["Idempotent-Replayed"] = "true"
    return response


def _as_json(result: BaseModel) -> HttpResponse:
    return HttpResponse(result.model_dump_json(), content_type="application/json")


def _fingerprint(request: DockRequest, values: dict[str, Any]) -> bytes:
    # Of what was understood, not of the bytes: a retry may order its fields or draw its boundary anew.
    digest = hashlib.sha256(f"{request.method} {request.path}".encode())
    for name in sorted(values):
        if name != "idempotency_key":
            digest.update(f"\x1f{name}\x1f".encode() + _bytes_of(values[name]))
    return digest.digest()


def _bytes_of(value: Any) -> bytes:
    if isinstance(value, BaseModel):
        return value.model_dump_json().encode()
    if isinstance(value, UploadedFile):
        digest = hashlib.file_digest(value, "sha256").digest()
        value.seek(0)
        return digest
    return str(value).encode()
