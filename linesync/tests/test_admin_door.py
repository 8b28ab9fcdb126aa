"""Who enters the admin, by which name, and what they find there."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from pytest_django import Settings

from signals.tests.dock import run_low

AsPerson = Callable[[str], Client]


@pytest.fixture
def proxied(settings: Settings, client: Client, db: None) -> AsPerson:
    """A client behind the proxy: `proxied("kim@example.com").get(…)`."""
    settings.TRUST_PROXY_HEADERS = True
    settings.REVIEWERS = ["sam@example.com", "@boss.example.com"]

    def as_person(email: str) -> Client:
        client.defaults["HTTP_X_FORWARDED_EMAIL"] = email
        return client

    return as_person


@pytest.mark.parametrize("email", ["sam@example.com", "SAM@Example.com", "anyone@boss.example.com"])
def test_a_reviewer_enters_by_header_without_a_password(proxied: AsPerson, email: str) -> None:
    page = proxied(email).get("/admin/")
    assert page.status_code == 200
    assert {"Signals", "Items", "Scan events"} <= {
        model["name"] for app in page.context["app_list"] for model in app["models"]
    }
    user = User.objects.get()
    assert (user.username, user.is_staff, user.is_superuser, user.has_usable_password()) == (
        email.casefold(), False, False, False,
    )  # fmt: skip


def test_a_reviewer_sees_no_users_and_no_groups(proxied: AsPerson) -> None:
    page = proxied("sam@example.com").get("/admin/")
    assert "auth" not in {app["app_label"] for app in page.context["app_list"]}
    assert proxied("sam@example.com").get("/admin/auth/user/").status_code == 403


def test_anybody_else_is_told_whom_to_ask(proxied: AsPerson) -> None:
    answer = proxied("kim@example.com").get("/admin/")
    assert answer.status_code == 403
    assert b"kim@example.com may look at the board" in answer.content
    assert not User.objects.exists()


def test_who_is_taken_off_the_list_is_out_with_the_next_request(proxied: AsPerson, settings: Settings) -> None:
    client = proxied("sam@example.com")
    assert client.get("/admin/").status_code == 200
    settings.REVIEWERS = []
    assert client.get("/admin/").status_code == 403


def test_who_was_switched_off_in_the_user_table_stays_out(proxied: AsPerson) -> None:
    User.objects.create(username="sam@example.com", is_active=False)
    assert proxied("sam@example.com").get("/admin/").status_code == 403


def test_a_member_of_the_named_group_may_review(proxied: AsPerson, settings: Settings) -> None:
    settings.REVIEWERS_GROUP = "floor leads"
    User.objects.create(username="kim@example.com").groups.add(Group.objects.create(name="floor leads"))
    assert proxied("KIM@example.com").get("/admin/signals/signal/").status_code == 200
    assert proxied("lee@example.com").get("/admin/").status_code == 403


def test_without_a_named_group_no_group_opens_the_door(proxied: AsPerson, settings: Settings) -> None:
    User.objects.create(username="kim@example.com").groups.add(Group.objects.create(name=""))
    assert proxied("kim@example.com").get("/admin/").status_code == 403


def test_staff_who_may_only_look_see_no_action(proxied: AsPerson) -> None:
    viewer = User.objects.create(username="kim@example.com", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_signal"))
    run_low()
    page = proxied("kim@example.com").get("/admin/signals/signal/")
    assert b"PART-1" in page.content
    assert b'name="action"' not in page.content
    assert proxied("kim@example.com").get("/admin/signals/item/").status_code == 403


def test_the_admin_does_not_believe_headers_off_the_proxy(client: Client, db: None, settings: Settings) -> None:
    settings.TRUST_PROXY_HEADERS, settings.USER_EMAIL, settings.REVIEWERS = False, "", ["sam@example.com"]
    answer = client.get("/admin/", headers={"X-Forwarded-Email": "sam@example.com"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_on_a_laptop_the_developer_is_in_by_name(client: Client, db: None) -> None:
    assert client.get("/admin/signals/signal/").status_code == 200
    assert User.objects.get().username == "dana@example.com"


def test_outside_the_admin_no_user_is_made(proxied: AsPerson) -> None:
    proxied("sam@example.com").get("/board/")
    assert not User.objects.exists()


def test_a_name_longer_than_a_username_stays_out(proxied: AsPerson) -> None:
    assert proxied("x" * 140 + "@boss.example.com").get("/admin/").status_code == 403
