"""The API seen from a browser: its interactive page, and what other sites may and may not do."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

root = Path(__file__).resolve().parent.parent.parent


def test_the_interactive_page_shows_and_tries_calls_with_nothing_from_elsewhere(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser(viewport={"width": 1000, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/docs")
    page.get_by_text("/api/events/intake").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert "PART-88219" in page.locator(".live-responses-table tbody").inner_text()
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert page.complaints == []


def test_another_sites_form_and_script_book_nothing(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    target = f"{live_server.url}/api/events/intake"
    elsewhere = live_server.url.replace("localhost", "127.0.0.1")
    assert elsewhere != live_server.url
    page.goto(f"{elsewhere}/healthz")
    status = page.evaluate(
        """async ([target, body]) => {
            const tries = [{"Content-Type": "text/plain"}, {"Content-Type": "application/json"}, {}];
            const sent = tries.map(headers => fetch(target, {method: "POST", headers, body, mode: "cors"}));
            return (await Promise.allSettled(sent)).map(result => result.status);
        }""",
        [target, '{"station_id": "D", "barcode_raw": "ITEM=A;QTY=1"}'],
    )
    assert status == ["rejected"] * 3
    assert page.request.get(f"{live_server.url}/api/events/recent").json()["events"] == []


ask = """
import django
from django.test import Client
django.setup()
asked = dict(headers={"Origin": %r, "Access-Control-Request-Method": "POST",
                      "Access-Control-Request-Headers": "content-type,idempotency-key"})
answer = Client().options("/api/me", **asked)
print(answer.status_code, answer.get("Access-Control-Allow-Origin"), answer.get("Access-Control-Allow-Headers", ""))
print(Client().post("/api/nothing", "{}", content_type="application/json", headers={"Origin": %r}).status_code)
"""


@pytest.mark.parametrize(
    ("listed", "origin", "allowed"),
    [
        ("https://erp.example.com", "https://erp.example.com", True),
        ("https://erp.example.com", "https://evil.example.com", False),
        ("", "https://erp.example.com", False),
    ],
)
def test_only_listed_sites_may_call_from_their_pages(listed: str, origin: str, allowed: bool) -> None:
    environment = os.environ | {"CORS_ORIGINS": listed, "DJANGO_SETTINGS_MODULE": "linesync.settings"}
    environment["ALLOWED_HOSTS"] = "testserver"
    command = [sys.executable, "-c", ask % (origin, origin)]
    said = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout
    preflight, post = said.splitlines()
    assert (f" {origin} " in preflight) == allowed
    assert ("idempotency-key" in preflight) == allowed
    assert post == ("404" if allowed else "403")


@pytest.mark.parametrize("listed", ["erp.example.com", "https://erp.example.com/", "https://*.example.com"])
def test_a_cors_list_that_makes_no_sense_is_refused_at_start(listed: str) -> None:
    environment = os.environ | {"CORS_ORIGINS": listed, "DJANGO_SETTINGS_MODULE": "linesync.settings"}
    started = subprocess.run(
        [sys.executable, "manage.py", "diffsettings"], cwd=root, env=environment, capture_output=True, text=True
    )
    assert (started.returncode, "CORS_ORIGINS" in started.stderr) == (1, True)
