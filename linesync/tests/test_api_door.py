"""The door of the API: who gets in, what goes out, and what is said when the house itself is in trouble."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings
from pytest_django import Settings

import linesync
from inventory.models import ScanEvent
from linesync.doors.api import json_body_bytes_max
from linesync.testing import post_json

carton = {"station_id": "DOCK_1", "barcode_raw": "ITEM=PART-1;QTY=24"}


def said(response: Any) -> str:
    """The sentence of a refusal, after a look that it is one: JSON, one field, no page and no traceback."""
    assert response["Content-Type"].startswith("application/json")
    assert list(response.json()) == ["detail"]
    assert "Traceback" not in response.json()["detail"]
    return str(response.json()["detail"])


# No form and no script of another site books anything.


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://testserver:81"}, {"Origin": "http://testserver.evil.example"}],
)  # fmt: skip
def test_a_page_of_another_site_books_nothing(db: None, client: Client, headers: dict[str, str]) -> None:
    refused = post_json(client, "events/intake", carton, **headers)
    assert (refused.status_code, "another site" in said(refused)) == (403, True)
    assert ScanEvent.objects.count() == 0


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_programs_and_our_own_pages_book(db: None, client: Client, headers: dict[str, str]) -> None:
    assert post_json(client, "events/intake", carton, **headers).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
)
def test_what_a_form_can_send_is_not_what_we_take(db: None, client: Client, content_type: str) -> None:
    refused = client.post("/api/events/intake", '{"station_id": "D"}', content_type=content_type)
    assert (refused.status_code, "application/json" in said(refused)) == (415, True)


def test_csrf_cookies_are_not_what_protects_us(db: None) -> None:
    assert post_json(Client(enforce_csrf_checks=True), "events/intake", carton).status_code == 200


@pytest.mark.parametrize(("more", "status"), [(0, 422), (1, 413)])
def test_a_body_has_a_largest_size(db: None, client: Client, more: int, status: int) -> None:
    body = '{"station_id": "' + "x" * (json_body_bytes_max + more - 18) + '"}'
    refused = client.post("/api/events/intake", body, content_type="application/json")
    assert refused.status_code == status
    assert said(refused)


def test_a_body_in_chunks_is_asked_for_whole(db: None, client: Client) -> None:
    """Django reads no body without a length: the program would be told that its fields are missing."""
    sent: dict[str, Any] = {"headers": {"Transfer-Encoding": "chunked"}, "CONTENT_LENGTH": ""}
    refused = client.post("/api/events/intake", carton, content_type="application/json", **sent)
    assert (refused.status_code, "Content-Length" in said(refused)) == (411, True)
    assert ScanEvent.objects.count() == 0


def test_no_other_site_may_read_by_default(db: None, client: Client) -> None:
    answer = client.get("/api/inventory", headers={"Origin": "https://erp.example.com"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


# Behind the proxy nobody gets in without a name.


@pytest.mark.parametrize(
    ("method", "path"), [("get", "inventory"), ("get", "me"), ("post", "events/intake"), ("get", "nothing")]
)
def test_behind_the_proxy_a_call_without_an_identity_is_refused(
    db: None, client: Client, settings: Settings, method: str, path: str
) -> None:
    settings.TRUST_PROXY_HEADERS = True
    refused = client.get(f"/api/{path}") if method == "get" else post_json(client, path, carton)
    assert refused.status_code == 401
    assert said(refused)


def test_the_proxys_person_is_the_events_person(db: None, client: Client, settings: Settings) -> None:
    settings.TRUST_PROXY_HEADERS = True
    names = {"X-Forwarded-Email": "ann@example.com", "X-Forwarded-Preferred-Username": "Ann Archer"}
    assert post_json(client, "events/intake", carton, **names).json()["user_email"] == "ann@example.com"
    assert client.get("/api/me", headers=names).json() == {
        "email": "ann@example.com", "name": "Ann Archer", "display_name": "Ann Archer", "is_authenticated": True,
    }  # fmt: skip


def test_on_a_laptop_without_a_name_scanning_works_and_says_nobody(
    db: None, client: Client, settings: Settings
) -> None:
    settings.USER_EMAIL = settings.USER_NAME = ""
    assert post_json(client, "events/intake", carton).json()["user_email"] is None
    assert client.get("/api/me").json() == {
        "email": None, "name": "", "display_name": "unknown", "is_authenticated": False,
    }  # fmt: skip


# Every refusal is a sentence in JSON.


@pytest.mark.parametrize("path", ["", "nothing", "events", "events/intake/", "inventory/", "signals/x/y"])
def test_an_unknown_path_is_a_404_in_json(db: None, client: Client, path: str) -> None:
    missing = client.get(f"/api/{path}")
    assert missing.status_code == 404
    assert said(missing)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "events/intake", "POST"),
        ("delete", "inventory", "GET"),
        ("put", "events/recent", "GET"),
        ("options", "me", "GET"),
    ],
)
def test_a_wrong_method_is_a_405_that_names_the_right_one(
    db: None, client: Client, method: str, path: str, allowed: str
) -> None:
    refused = getattr(client, method)(f"/api/{path}", content_type="application/json")
    assert (refused.status_code, refused["Allow"]) == (405, allowed)
    assert said(refused)


@pytest.mark.parametrize("body", ["{", '{"station_id": NaN', "\xff", "[" * 100_000])
def test_a_body_that_is_no_json_is_refused(db: None, client: Client, body: str) -> None:
    refused = client.post("/api/events/intake", body, content_type="application/json")
    assert refused.status_code == 400
    assert said(refused)


@override_settings(ALLOWED_HOSTS=["linesync.example.com"])
def test_a_strange_host_is_told_so_in_json(db: None, client: Client) -> None:
    refused = client.get("/api/inventory")
    assert refused.status_code == 400
    assert said(refused)


@pytest.mark.parametrize("debug", [False, True])
def test_our_own_mistake_shows_no_traceback(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr("inventory.managers.stock.StockManager.levels", lambda self, **asked: 1 / 0)
    broken = Client(raise_request_exception=False).get("/api/inventory")
    assert broken.status_code == 500
    assert "division" not in said(broken)


@pytest.mark.parametrize("path", ["inventory", "inventory/A", "events/recent", "signals"])
def test_a_lost_database_is_a_503_that_says_when_to_come_back(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def lost(*args: object, **values: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", lost)
        refused, health = client.get(f"/api/{path}"), client.get("/api/health")
    assert (refused.status_code, int(refused["Retry-After"])) == (503, 3)
    assert said(refused)
    assert health.json() == {"status": "ok", "version": linesync.version, "database": "disconnected"}


def test_health_is_open_to_probes(db: None, client: Client, settings: Settings) -> None:
    settings.TRUST_PROXY_HEADERS = True
    assert client.get("/api/health").json() == {"status": "ok", "version": linesync.version, "database": "connected"}
