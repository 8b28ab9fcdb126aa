"""Lakebase credentials: who logs in, where, and with which short-lived token. Asked for when a connection is opened."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from linesync import workspace

# A token is used until this close to its end, or for half of its life where that is shorter.
margin_seconds = 600
# When the workspace does not answer by then, the old one is used on, up to so close to its end,
last_seconds = 30
# and renewing is tried again after this long.
retry_seconds = 15
# Whoever waited while a fetch failed is told the same, instead of waiting for one more.
failed_seconds = 0.5

Known = TypeVar("Known")


class Kept(Generic[Known]):
    """A value with an end, shared by all threads: fetched once, again near its end or after it was forgotten."""

    def __init__(self, fetch: Callable[[], tuple[Known, float]], now: Callable[[], float] = time.time) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = threading.Lock()
        self._value: Known | None = None
        self._renew_at = 0.0
        self._ends_at = 0.0
        self._failure = ""
        self._failed_until = 0.0

    def get(self) -> Known:
        """Raises what the fetch raises (a moment later: OSError with its words), unless the old value is still good."""
        with self._lock:
            if self._value is not None and self._now() < self._renew_at:
                return self._value
            return self._renewed()

    def forget(self, value: Known) -> None:
        """Drop this value if it is still the kept one; another thread may have fetched a newer one by now."""
        with self._lock:
            if self._value == value:
                self._value = None

    def _renewed(self) -> Known:
        now = self._now()
        if now < self._failed_until:
            raise OSError(self._failure)
        try:
            value, self._ends_at = self._fetch()
        except workspace.problems as problem:
            if self._value is not None and now < self._ends_at - last_seconds:
                self._renew_at = min(now + retry_seconds, self._ends_at - last_seconds)
                return self._value
            self._value = None
            self._failure, self._failed_until = str(problem), self._now() + failed_seconds
            raise
        self._value = value
        self._renew_at = self._ends_at - min(margin_seconds, (self._ends_at - now) / 2)
        return value


@lru_cache(maxsize=8)
def token(endpoint: str) -> Kept[str]:
    """The password for this endpoint (`projects/…/branches/…/endpoints/…`)."""
    return Kept(lambda: _generate(endpoint))


@lru_cache(maxsize=8)
def host(endpoint: str) -> Kept[str]:
    """The endpoint's direct address. The pooled one takes no OAuth tokens."""
    return Kept(lambda: (_look_up(endpoint), float("inf")))


@lru_cache(maxsize=1)
def role() -> Kept[str]:
    """Whoever is logged in at the workspace is the Postgres role: a client id, or a person's e-mail address."""
    return Kept(lambda: (str(workspace.client().current_user.me().user_name), float("inf")))


def _generate(endpoint: str) -> tuple[str, float]:
    credential = workspace.client().postgres.generate_database_credential(endpoint=endpoint)
    if not credential.token or credential.expire_time is None:
        raise ValueError("the workspace answered without a database token")
    return credential.token, float(credential.expire_time.seconds)


def _look_up(endpoint: str) -> str:
    status = workspace.client().postgres.get_endpoint(name=endpoint).status
    address = status.hosts.host if status and status.hosts else None
    if not address:
        raise ValueError(f"the endpoint {endpoint} has no address yet")
    return str(address)
