"""`make run`: the whole of LineSync on one machine. Starts Postgres, migrates, serves, and stops all of it together."""

import fcntl
import getpass
import os
import socket
import sys
from pathlib import Path
from typing import TextIO

from linesync.start import hosts
from linesync.start.embedded import Embedded, EmbeddedProblem

port_max = 65_535
# A database that was named must answer soon; ours does when it has started.
database_seconds_max = 5
root = Path(__file__).resolve().parents[2]
_held: list[TextIO] = []


class CannotRun(Exception):
    """LineSync cannot start here; the message is a sentence for the person at the terminal."""


def main() -> int:
    """Run until Ctrl-C, SIGTERM or the death of a part. Exit code 0 after a wanted stop."""
    server: Embedded | None = None
    try:
        port = _free_port(os.environ.get("PORT", "8000"))
        os.environ["PORT"] = str(port)
        os.environ.setdefault("USER_EMAIL", f"{getpass.getuser()}@localhost")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
        server = _start_postgres()
        _prepare()
        return _serve(port)
    except (CannotRun, EmbeddedProblem) as problem:
        _say(f"LineSync cannot start: {problem}")
        return 1
    finally:
        if server:
            _say("Stopping Postgres …")
            if not server.stop():
                _say(f"Postgres has not stopped yet. It goes on by itself; its own words are in {server.log}.")


def _free_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= port_max):
        raise CannotRun(f"PORT={text} is no port; use a number from 1 to {port_max}, for example PORT=8000.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", int(text)))  # noqa: S104 (handhelds on the LAN are the point)
        except OSError as error:
            raise CannotRun(
                f"port {text} is taken or not allowed ({error.strerror}). Choose another one: make run PORT=8010"
            ) from error
    return int(text)


def _start_postgres() -> Embedded | None:
    """The embedded Postgres, or None where the environment names another database."""
    if os.environ.get("DATABASE_URL") or os.environ.get("LAKEBASE_ENDPOINT"):
        return None
    var = Path(os.environ.get("LINESYNC_VAR", root / "var"))
    _be_the_only_one(var)
    server = Embedded(var / "postgres")
    _say("Starting Postgres …")
    server.start()
    return server


def _be_the_only_one(var: Path) -> None:
    """Hold the folder until this process ends: who stops second would stop the other one's Postgres."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        _held.append((var / "running").open("w"))
        fcntl.flock(_held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotRun(
            f"LineSync runs already on the data in {var}. Stop that one first, "
            "or give this one a folder of its own: LINESYNC_VAR=/another/folder make run PORT=8010"
        ) from error
    except OSError as error:
        raise CannotRun(f"the folder {var} cannot be written: {error.strerror}.") from error


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


def _serve(port: int) -> int:
    from django.conf import settings

    if settings.HTTPS:
        from linesync.start import certificate

        os.environ["HTTPS_CERTIFICATE"], os.environ["HTTPS_KEY"] = certificate.made_for(
            hosts.lan_addresses(), settings.VAR_DIR
        )
    from linesync.start import server

    return server.serve(port, _say, lambda: _announce(port, https=settings.HTTPS))


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
