"""Who is believed, and where: the proxy's headers behind the proxy, the environment on a laptop, nobody else."""

from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client, RequestFactory
from pytest_django import Settings

from linesync.doors import identity
from linesync.ground.people import Person

forged = {"X-Forwarded-Email": "boss@example.com", "X-Forwarded-Preferred-Username": "The Boss"}


def person(**headers: str) -> Person:
    return identity.person_of(
        RequestFactory().get("/receive/", headers={n.replace("_", "-"): v for n, v in headers.items()})
    )


@pytest.fixture
def behind_the_proxy(settings: Settings) -> Settings:
    settings.TRUST_PROXY_HEADERS = True
    settings.USER_EMAIL = ""
    settings.REVIEWERS = ["@example.com"]
    return settings


def test_a_forged_header_changes_nothing_outside_the_proxy(settings: Settings) -> None:
    settings.TRUST_PROXY_HEADERS = False
    settings.USER_EMAIL = "dana@example.com"
    settings.REVIEWERS = ["boss@example.com"]
    found = person(**forged)
    assert (found.email, found.may_review) == ("dana@example.com", False)


def test_behind_the_proxy_its_header_says_who_is_there(behind_the_proxy: Settings) -> None:
    found = person(X_Forwarded_Email=" kim@example.com ", X_Forwarded_Preferred_Username="Kim")
    assert (found.email, found.name, found.may_review) == ("kim@example.com", "Kim", True)


def test_behind_the_proxy_the_laptops_user_counts_for_nothing(behind_the_proxy: Settings) -> None:
    behind_the_proxy.USER_EMAIL = "dana@example.com"
    assert person().email is None


@pytest.mark.parametrize(
    "email",
    ["", " ", "a@example.com,boss@example.com", "a@example.com, boss@example.com", "a b@example.com", "x" * 321],
)
def test_a_header_that_is_not_one_address_is_nobody(behind_the_proxy: Settings, email: str) -> None:
    assert person(X_Forwarded_Email=email).email is None


def test_the_longest_address_is_somebody(behind_the_proxy: Settings) -> None:
    assert person(X_Forwarded_Email="x" * 320).email == "x" * 320


@pytest.mark.parametrize("path", ["/receive/", "/", "/admin/", "/healthz/../receive/", "/healthzz", "/api/me"])
def test_without_identity_every_page_is_a_401_in_a_sentence(behind_the_proxy: Settings, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 401
    assert b"did not say who you are" in answer.content


def test_programs_get_the_sentence_as_json(behind_the_proxy: Settings) -> None:
    assert Client().get("/api/me").json()["detail"].startswith("The proxy did not say")


def test_probes_need_no_identity(behind_the_proxy: Settings, db: None) -> None:
    assert [Client().get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


@pytest.mark.parametrize(
    ("email", "allowed"),
    [
        ("kim@example.com", True),
        ("KIM@EXAMPLE.COM", True),
        ("kim@example.com.evil.org", False),
        ("kim@notexample.com", False),
    ],
)
def test_reviewers_are_named_or_of_a_named_domain(settings: Settings, email: str, allowed: bool) -> None:
    settings.REVIEWERS = [" @Example.com "]
    assert identity.may_review(email) is allowed


@pytest.mark.parametrize(
    "host",
    [
        "linesync-1234567890123456.aws.databricksapps.com",
        "linesync-1234567890123456.11.azure.databricksapps.com",
        "linesync-1234567890123456.3.gcp.databricksapps.com",
    ],
)
def test_posts_pass_behind_the_proxy_of_each_cloud(behind_the_proxy: Settings, host: str, db: None) -> None:
    in_apps(behind_the_proxy)
    assert post(host, f"https://{host}").status_code != 403


@pytest.mark.parametrize("origin", ["https://evil.example.com", "https://evildatabricksapps.com", "null"])
def test_posts_from_elsewhere_are_refused_behind_the_proxy(behind_the_proxy: Settings, origin: str) -> None:
    in_apps(behind_the_proxy)
    assert post("linesync-1.aws.databricksapps.com", origin).status_code == 403


@pytest.mark.parametrize("host", ["evil.example.com", "evildatabricksapps.com", "10.0.0.7"])
def test_a_foreign_host_name_is_refused_behind_the_proxy(behind_the_proxy: Settings, host: str) -> None:
    in_apps(behind_the_proxy)
    assert post(host, f"https://{host}").status_code == 400


def in_apps(settings: Settings) -> None:
    """What settings.py says when DATABRICKS_APP_NAME is there."""
    settings.USE_X_FORWARDED_HOST = True
    settings.ALLOWED_HOSTS = [live.APPS_DOMAIN]
    settings.LOCAL_ADDRESSES_ANSWERED = False
    settings.CSRF_TRUSTED_ORIGINS = [f"https://*{live.APPS_DOMAIN}"]


def post(host: str, origin: str) -> Any:
    client = Client(enforce_csrf_checks=True)
    headers = {"X-Forwarded-Email": "kim@example.com", "X-Forwarded-Host": host, "Origin": origin}
    token = "t" * 32
    client.cookies["csrftoken"] = token
    return client.post("/receive/", {"csrfmiddlewaretoken": token, "code": "?"}, headers=headers)
