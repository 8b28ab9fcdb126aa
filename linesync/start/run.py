"""`make run`: the whole of LineSync on one machine. Starts Postgres, migrates, serves, and stops all of it together."""

import fcntl
import getpass
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TextIO

from linesync.start import hosts, leftovers, ports
from linesync.start.cluster import EmbeddedProblem
from linesync.start.embedded import Embedded

# A database that was named must answer soon; ours does when it has started.
database_seconds_max = 5
# Of the 10 s from SIGTERM to the end: what the web server and the job worker leave over (server.stop_seconds_max).
postgres_stop_seconds_max = 2
root = Path(__file__).resolve().parents[2]
_held: list[TextIO] = []


class CannotRun(Exception):
    """LineSync cannot start here; the message is a sentence for the person at the terminal."""


def main() -> int:
    """Run until Ctrl-C or SIGTERM: exit code 0, also in the middle of the start. 1: it could not start."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    var = Path(os.environ.get("LINESYNC_VAR") or root / "var")
    server: Embedded | None = None
    try:
        server = None if _named_elsewhere() else Embedded(var / "postgres")
        port = ports.given("PORT", os.environ.get("PORT") or "8000")
        os.environ["PORT"] = str(port)
        os.environ.setdefault("USER_EMAIL", f"{getpass.getuser()}@localhost")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
        if server:
            _be_the_only_one(var)
        _take_over(var, server)
        _check_free(port)
        record = leftovers.Record.begin(var)
        if server:
            _say("Starting Postgres …")
            server.start()
        _prepare()
        return _serve(port, server, record)
    except KeyboardInterrupt:
        return 0
    except (CannotRun, EmbeddedProblem, ports.BadPort) as problem:
        _say(f"LineSync cannot start: {problem}")
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if server and _held:
            _stop(server)


def _named_elsewhere() -> bool:
    """Whether the environment names another database."""
    return bool(os.environ.get("DATABASE_URL") or os.environ.get("LAKEBASE_ENDPOINT"))


def _take_over(var: Path, server: Embedded | None) -> None:
    """End what an earlier run that was killed left behind: first what serves, then its Postgres, in order."""
    from linesync.start.server import stop_seconds_max

    leftovers.end(var, _say, seconds_max=stop_seconds_max)
    if server and server.running_url():
        _say("A Postgres was left running on these data; stopping it first …")
        server.stop()


def _stop(server: Embedded) -> None:
    if server.runs():
        _say("Stopping Postgres …")
    if not server.stop(postgres_stop_seconds_max):
        _say(f"Postgres has not stopped yet. It goes on by itself; its own words are in {server.log}.")


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 (handhelds on the LAN are the point)
        except OSError as error:
            raise CannotRun(
                f"port {port} is taken or not allowed ({error.strerror}). Choose another one: make run PORT=8010"
            ) from error


def _be_the_only_one(var: Path) -> None:
    """Hold the folder until this process ends: who stops second would stop the other one's Postgres."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        held = (var / "running").open("w")
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotRun(
            f"LineSync runs already on the data in {var}. Stop that one first, "
            "or give this one a folder of its own: LINESYNC_VAR=/another/folder make run PORT=8010"
        ) from error
    except OSError as error:
        raise CannotRun(f"the folder {var} cannot be written: {error.strerror}.") from error
    _held.append(held)


def _prepare() -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.core.management.base import SystemCheckError
    from django.db.utils import DatabaseError

    from linesync.start import migrating, statics

    try:
        django.setup()
        _say("Migrating …")
        migrating.migrate(_say, wait_seconds=database_seconds_max)
        call_command("check", databases=["default"], verbosity=0)
        migrating.let_go()
        statics.collect()
    except (ImproperlyConfigured, SystemCheckError) as error:
        raise CannotRun(str(error)) from error
    except migrating.CannotMigrate as error:
        raise CannotRun(str(error)) from error
    except (DatabaseError, CommandError) as error:
        raise CannotRun(f"the database did not accept the start: {str(error).strip()}") from error


def _serve(port: int, postgres: Embedded | None, record: leftovers.Record) -> int:
    from django.conf import settings

    if settings.HTTPS:
        from linesync.start import certificate

        try:
            made = certificate.made_for(hosts.lan_addresses(), settings.VAR_DIR)
        except OSError as error:
            raise CannotRun(f"the certificate in {settings.VAR_DIR / 'https'}: {error.strerror}.") from error
        os.environ["HTTPS_CERTIFICATE"], os.environ["HTTPS_KEY"] = made
    from linesync.start import server

    announce = partial(_announce, port, https=settings.HTTPS)
    return server.serve(port, _say, announce, postgres=postgres, record=record)


def _announce(port: int, *, https: bool) -> None:
    from inventory.symbols import engines_available

    scheme = "https" if https else "http"
    _say(f"LineSync is at {scheme}://localhost:{port}/")
    if "pyzbar" not in engines_available():
        _say("libzbar is missing: labels are decoded by zxing-cpp alone (Debian and Ubuntu: apt-get install libzbar0).")
    for address in hosts.lan_addresses():
        _say(f"Handhelds on this network: {scheme}://{address}:{port}/")
    if not https:
        _say("Browsers give the camera to https pages only: for handhelds start with  make run HTTPS=1")
    elif hosts.lan_addresses():
        import segno

        _say("The certificate is our own: accept it once on the handheld. Or scan this to get there:")
        segno.make(f"https://{hosts.lan_addresses()[0]}:{port}/").terminal(compact=True, border=2)
        sys.stdout.flush()


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 (the terminal is this module's reader)


if __name__ == "__main__":
    sys.exit(main())
