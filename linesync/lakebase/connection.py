"""Connections whose password is a token, and the pool that holds them."""

import asyncio
import select
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

import psycopg
from psycopg_pool import ConnectionPool

from linesync import workspace
from linesync.lakebase import credentials

# Below the token's hour, so that no connection is older than the login that made it could be.
lifetime_seconds_max = 2700
# A new connection is tried for this long (at 0, 1 and 3 s: a database that wakes or fails over), then waiters are told.
reconnect_seconds_max = 3
# A connection that was used so lately is asked nothing when its socket is quiet: a killed server closes the socket.
trusted_seconds = 2
# While nothing can be reached, requests are refused at once and one in this time tries again.
refused_seconds = 1
# Whether a pooled connection still answers is asked for so long.
check_seconds_max = 3
# As psycopg has it: how often a wait looks for Ctrl-C.
wait_interval_seconds = 0.1


def login(parameters: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """psycopg's parameters with host, user and password filled in, and the token used (None: not a Lakebase login).

    Raises psycopg.OperationalError when the workspace gives none.
    """
    endpoint = parameters.pop("lakebase_endpoint", None)
    if not endpoint:
        return parameters, None
    try:
        token = credentials.token(endpoint).get()
        host = parameters.get("host") or credentials.host(endpoint).get()
        user = parameters.get("user") or credentials.role().get()
    except workspace.problems as error:
        raise psycopg.OperationalError(f"no Lakebase credential: {type(error).__name__}: {error}") from error
    return parameters | {"host": host, "user": user, "password": token}, token


def server_options(options: Mapping[str, Any]) -> str:
    """What Django's OPTIONS say to the server at login: their `options`, and our schema as the search path."""
    path = f"-c search_path={options['schema']}" if options.get("schema") else ""
    return f"{options.get('options', '')} {path}".strip()


class OAuthConnection(psycopg.Connection[Any]):
    """A connection that asks for a token when, and only when, it is opened."""

    opened_at = 0.0
    trusted_at = 0.0
    # None: as long as it takes. The kernel of a frozen server takes what is sent, so no limit of TCP's ends the wait.
    answer_seconds_max: float | None = None

    @classmethod
    def connect(cls, conninfo: str = "", **parameters: Any) -> Self:
        endpoint = parameters.get("lakebase_endpoint")
        parameters, token = login(parameters)
        try:
            connection = super().connect(conninfo, **parameters)
        except psycopg.OperationalError:
            _forget(endpoint, token)
            raise
        connection.opened_at = connection.trusted_at = time.monotonic()
        return connection

    def wait(self, gen: Any, interval: float = wait_interval_seconds, timeout: float | None = None) -> Any:
        """psycopg's one place to wait for the server. Raises psycopg.OperationalError after `answer_seconds_max`."""
        if timeout is not None or self.answer_seconds_max is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_seconds_max)
        except psycopg.errors._WaitTimeout as error:
            # Whatever it says later answers nobody.
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer for {self.answer_seconds_max:g} s") from error

    def is_surely_alive(self) -> bool:
        """Whether it answered a moment ago and its socket has nothing to say since, neither a farewell nor an end."""
        if time.monotonic() - self.trusted_at > trusted_seconds:
            return False
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return not poll.poll(0)


class AsyncOAuthConnection(psycopg.AsyncConnection[Any]):
    """The same for the job worker, which lives in an event loop."""

    @classmethod
    async def connect(cls, conninfo: str = "", **parameters: Any) -> Self:
        endpoint = parameters.get("lakebase_endpoint")
        parameters, token = await asyncio.to_thread(login, parameters)
        try:
            return await super().connect(conninfo, **parameters)
        except psycopg.OperationalError:
            _forget(endpoint, token)
            raise


class Pool(ConnectionPool[OAuthConnection]):
    """psycopg's pool, for a database that sleeps, fails over and comes back.

    - When it goes, all pooled connections die at once. The stock pool tries them one by one with a growing pause
      (four dead ones cost 7 s); here the first dead one of a generation throws the whole generation away.
    - While nothing can be reached, the stock pool lets each request wait out its time; here all waiters are told
      as soon as the last attempt failed, and for `refused_seconds` newcomers are told without waiting.
    """

    def __init__(self, *, configure: Callable[[Any], Any], checked: bool, **options: Any) -> None:
        self._drained_when = 0.0
        self._gave_up_when = 0.0
        super().__init__(
            connection_class=OAuthConnection,
            open=False,
            configure=configure,
            check=self._check_or_drain if checked else None,
            reconnect_timeout=reconnect_seconds_max,
            reconnect_failed=lambda _pool: self._tell_waiters(),
            max_lifetime=lifetime_seconds_max,
            **options,
        )

    def getconn(self, timeout: float | None = None) -> OAuthConnection:
        """Raises psycopg.OperationalError: at once while the database is known to be away, else after `timeout`."""
        if self._is_empty() and time.monotonic() - self._gave_up_when < refused_seconds:
            raise _unreachable()
        return super().getconn(timeout)

    def _check_or_drain(self, connection: OAuthConnection) -> None:
        try:
            if not connection.is_surely_alive():
                self._ask(connection)
            connection.trusted_at = time.monotonic()
        except psycopg.OperationalError:
            if connection.opened_at > self._drained_when:
                self._drained_when = time.monotonic()
                self.drain()
            raise

    def _ask(self, connection: OAuthConnection) -> None:
        limit, connection.answer_seconds_max = connection.answer_seconds_max, check_seconds_max
        self.check_connection(connection)
        connection.answer_seconds_max = limit

    def _is_empty(self) -> bool:
        return self._nconns == 0

    def _tell_waiters(self) -> None:
        with self._lock:
            if not self._is_empty():
                # Connections are in use, or on their way: whoever waits may still get one of them.
                return
            self._gave_up_when = time.monotonic()
            waiting = list(self._waiting)
            self._waiting.clear()
        for place in waiting:
            place.fail(_unreachable())


def _unreachable() -> psycopg.OperationalError:
    return psycopg.OperationalError("the database cannot be reached")


def _forget(endpoint: str | None, token: str | None) -> None:
    # Revoked early, or an endpoint that moved? The next attempt asks again.
    if endpoint and token:
        credentials.token(endpoint).forget(token)
        credentials.host.cache_clear()
