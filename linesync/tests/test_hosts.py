"""Which names are answered: ours, a local network's addresses, what the operator lists. A rebound name is not ours."""

import socket
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from inventory.models import ScanEvent
from linesync.start import hosts
from linesync.testing import post_json

own = socket.gethostname().casefold()
foreign = ["evil.example.com", "192.168.1.20.evil.example.com", "localhost.evil.example.com", "notlocalhost",
           "192-168-1-20.nip.io", "someone-else.local", "8.8.8.8", "[2606:4700:4700::1111]"]  # fmt: skip


def get(path: str, host: str) -> Any:
    return Client().get(path, headers={"Host": host})


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost.", "dock.localhost", "127.0.0.1", "127.8.8.8", "[::1]",
     own, f"{own.partition('.')[0]}.local", *hosts.lan_addresses()],
)  # fmt: skip
def test_this_machines_own_names_are_answered(db: None, host: str) -> None:
    assert get("/receive/", f"{host}:8000").status_code == 200


@pytest.mark.parametrize(
    "host",
    ["10.0.0.7", "172.16.3.4", "172.31.255.255", "192.168.1.20", "169.254.1.1", "100.64.0.1", "[fe80::1]", "[fd12::7]"],
)
def test_a_local_networks_address_is_answered_as_a_handheld_types_it(db: None, host: str) -> None:
    assert get("/receive/", host).status_code == 200


@pytest.mark.parametrize("host", [*foreign, "172.32.0.1", "100.128.0.1"])
def test_another_name_is_refused_in_a_sentence_that_names_the_setting(host: str) -> None:
    answer = get("/receive/", f"{host}:8000")
    assert answer.status_code == 400
    assert f"LineSync does not answer to the name {host}." in answer.content.decode()
    assert f"ALLOWED_HOSTS={host}" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/healthz", "/admin/", "/static/icon.svg", "/api/inventory"])
def test_another_name_gets_nothing_at_all(path: str) -> None:
    assert get(path, "evil.example.com").status_code == 400


def test_a_rebound_page_books_nothing_by_the_api_and_is_told_so_as_json(db: None) -> None:
    event = {"event_type": "INTAKE", "station_id": "DOCK-1", "barcode_raw": "ITEM=PART-1;QTY=1"}
    answer = post_json(Client(), "events", event, Host="evil.example.com:8000", Origin="http://evil.example.com:8000")
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS=evil.example.com" in answer.json()["detail"]
    assert ScanEvent.objects.count() == 0


def test_without_a_proxy_nobody_else_says_which_host_was_meant() -> None:
    answer = Client().get("/receive/", headers={"Host": "evil.example.com", "X-Forwarded-Host": "localhost"})
    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["<script>alert(1)</script>", "a b", ""])
def test_what_is_no_name_is_refused_without_being_repeated(host: str) -> None:
    answer = get("/receive/", host)
    assert answer.status_code == 400
    assert "names no host" in answer.content.decode()
    assert "alert(1)" not in answer.content.decode()


def test_a_name_that_the_operator_lists_is_answered(db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, *hosts.listed(["dock.example.com"])]
    assert get("/receive/", "Dock.example.com").status_code == 200
    assert get("/receive/", "evil.example.com").status_code == 400


@pytest.mark.parametrize("name", ["dock.example.com", ".example.com", "192.168.1.20", "[fd12::7]", "*", "Dock-PC"])
def test_names_that_can_be_listed(name: str) -> None:
    assert hosts.listed([name]) == [name]


@pytest.mark.parametrize("name", ["https://dock.example.com", "dock.example.com:8000", "dock.example.com/", "", "a b"])
def test_what_can_never_be_a_host_is_refused_at_start(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="no scheme, no port"):
        hosts.listed([name])
