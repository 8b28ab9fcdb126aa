"""The admin's door: whoever the headers name enters without a second password; who may do what follows from settings.

Nothing is granted in the database, so a person taken off REVIEWERS has lost every right by the next request.
"""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse

from linesync.doors.identity import may_review
from linesync.doors.problems import told
from linesync.ground.people import DockRequest, Person

viewed_apps = frozenset({"signals", "inventory", "slips"})
reviewer_permissions = frozenset(
    {"signals.review_signal", "signals.add_item", "signals.change_item", "signals.delete_item"}
)
username_chars_max = 150


class AdminDoor:
    """On /admin/ paths only: sets `request.user` from `request.person`, or answers 403 with a sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = cast(DockRequest, request).person
        # Without a name (a laptop without USER_EMAIL) Django's own login and password decide.
        if not request.path.startswith("/admin/") or not person.email:
            return self.get_response(request)
        user = staff_user(person)
        if user is None:
            return told(request, "Reviewers only", _refusal(person.email), 403)
        request.user = user
        return self.get_response(request)


def staff_user(person: Person) -> User | None:
    """The person's own user, made at the first visit of one who may review. None: this person may not enter.

    Anybody else enters only with a user that a superuser has made staff, and then with that user's permissions.
    """
    email = person.email or ""
    username = email.casefold()
    if not 0 < len(username) <= username_chars_max:
        return None
    if not person.may_review:
        return User.objects.filter(username=username, is_active=True, is_staff=True).first()
    user, _ = User.objects.get_or_create(username=username, defaults={"email": email, "password": "!"})
    # For this request alone: the right to enter is never stored.
    user.is_staff = True
    return user if user.is_active else None


class ReviewerRights(BaseBackend):
    """Permissions of those who may review: view everything of ours, act on signals, edit items. No password logs in."""

    def has_perm(self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: object = None) -> bool:
        app, _, codename = perm.partition(".")
        asked = perm in reviewer_permissions or (app in viewed_apps and codename.startswith("view_"))
        return asked and _reviews(user_obj)

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        return app_label in viewed_apps and _reviews(user_obj)


def _reviews(user: AbstractBaseUser | AnonymousUser) -> bool:
    if not (isinstance(user, User) and user.is_active):
        return False
    known: bool | None = getattr(user, "_reviews", None)
    if known is None:
        known = may_review(user.username)
        user._reviews = known  # type: ignore[attr-defined]
    return known


def _refusal(email: str) -> str:
    return f"{email} may look at the board, not at the admin. Ask your LineSync operator to add you to REVIEWERS."
