"""The Postgres of a laptop: a server that pip installed, reached by TCP on the loopback only, kept under `var/`."""

import contextlib
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from linesync.start import files, processes
from linesync.start.cluster import Cluster, EmbeddedProblem, text_of
from linesync.start.ports import free_port

# After a crash it reads its log first; killed in the middle of that it would have to begin again.
start_seconds_max = 300
stop_seconds_max = 60
# What a server that was killed leaves working on shared memory is asked for so long, then killed.
straggler_seconds_max = 2
# Whoever took the port of a server that died may be gone again soon.
same_port_seconds_max = 10
poll_seconds = 0.05
# Those below are root's, and Postgres never runs as root.
port_least = 1024
# Before it recovers it has the disk write all down: with one call to Linux instead of one for each of 1,000 files.
_sync_at_once = ("-c", "recovery_init_sync_method=syncfs") if sys.platform == "linux" else ()
database_name = "linesync"


class _LockedOut(Exception):
    """The server does not take the password that was kept."""


class Embedded(Cluster):
    """The server of one cluster. Safe to start twice: the second start finds the first one's server.

    A server that was started from a process's main thread ends with that process, however it ends (on Linux).
    """

    def __init__(self, folder: Path, *, options: str = "", major: int | None = None) -> None:
        super().__init__(folder, major)
        self.options = options
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._url = ""
        self._port_lost_at: float | None = None

    def start(self) -> str:
        """Start the server if it does not run yet and return its database's URL. Raises EmbeddedProblem."""
        if url := self._running_one():
            return url
        try:
            self.make_folder()
            self.check_disk()
            port = self._last_port_or_another()
            password = self.initialise() or self._new_password()
            try:
                return self._serve(port, password)
            except _LockedOut:
                self.stop()
                return self._serve(port, self._new_password())
        except OSError as error:
            raise EmbeddedProblem(f"The database folder {self.folder} cannot be written: {error.strerror}.") from error
        except _LockedOut as error:
            raise EmbeddedProblem(f"The embedded Postgres took no new password; see {self.log}.") from error

    def stop(self, seconds_max: float = stop_seconds_max) -> bool:
        """Stop the server, letting it write everything down first; whether it does not run (any more).

        By the signal of a fast stop, not by pg_ctl: the user that root lends it may have lost its way to the folder.
        """
        pid = self._pid()
        if pid is None:
            return True
        # One that somebody froze would not hear it.
        processes.send(signal.SIGCONT, {pid, *processes.working_in(self.data)})
        processes.send(signal.SIGINT, [pid])
        deadline = time.monotonic() + seconds_max
        # Its file goes a moment before it does.
        while lives := self._is_ours(pid):
            if time.monotonic() > deadline:
                break
            time.sleep(poll_seconds)
        return not lives

    def launch_again(self) -> "subprocess.Popen[bytes]":
        """Start a server that has died, on its port, without waiting until it answers.

        On another port where its own has been taken for `same_port_seconds_max`. Raises EmbeddedProblem until then.
        """
        try:
            if _is_free(self.port):
                self._port_lost_at = None
            elif self._lost_for_long():
                self._keep(_with_port(self._url, free_port(0)))
            else:
                raise EmbeddedProblem(f"its port {self.port} is taken by another program")
            self.process = self._launch(self.port)
        except OSError as error:
            raise EmbeddedProblem(f"it could not be started: {error.strerror}") from error
        return self.process

    def runs(self) -> bool:
        return self._pid() is not None

    @property
    def port(self) -> int:
        """Where it listens, or did last; 0: nobody knows."""
        known = _port_in(self._url or text_of(self.url_file), r"@[\d.]+:(\d+)/")
        # What it was started with last time, in its own words.
        return known or _port_in(text_of(self.data / "postmaster.opts"), r"\bport=(\d+)")

    def running_url(self) -> str | None:
        """The URL of the server that runs on this folder already; None when none does."""
        url = text_of(self.url_file).strip()
        if not (url and self._pid()):
            return None
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.Error:
            return None
        return url

    def _running_one(self) -> str | None:
        """The URL of a server that another start began; one that runs and cannot be used is stopped."""
        deadline = time.monotonic() + start_seconds_max
        while self._pid() and self._status() == "starting" and time.monotonic() < deadline:
            time.sleep(poll_seconds)
        if url := self.running_url():
            return url
        if not self.stop():
            raise EmbeddedProblem(
                f"A Postgres that does not answer holds {self.data}, and does not end: {self._pid()}."
            )
        return None

    def _pid(self) -> int | None:
        """The running server's process. None: there is no file of it, or what the file names is dead or another."""
        words = text_of(self._pid_file).split()
        if not (words and words[0].isdigit()):
            return None
        pid = int(words[0])
        return pid if self._is_ours(pid) else None

    def _is_ours(self, pid: int) -> bool:
        processes.reap(pid)
        return processes.is_working_in(pid, self.data)

    def _status(self) -> str:
        """In its own words: starting, ready, stopping."""
        lines = text_of(self._pid_file).splitlines()
        return lines[7].strip() if len(lines) > 7 else "starting"

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _new_password(self) -> str:
        """For a cluster that runs nowhere: Postgres lets its owner in without one when it serves nobody else."""
        password = secrets.token_urlsafe(24)
        self._end_stragglers()
        statement = f"ALTER ROLE postgres PASSWORD '{password}'\n"
        self.run_program(
            "postgres", "--single", *shlex.split(self.options), "-D", str(self.data), "postgres", said=statement
        )
        return password

    def _serve(self, port: int, password: str) -> str:
        """Launch it and wait until it has our database. Raises _LockedOut, EmbeddedProblem."""
        url = f"postgresql://postgres:{password}@127.0.0.1:{port}/{database_name}"
        self.process = self._launch(port)
        deadline = time.monotonic() + start_seconds_max
        while self._pid() is None or self._status() != "ready":
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedProblem(f"The embedded Postgres did not start; its own words are in {self.log}.")
            time.sleep(poll_seconds)
        _create_database(url)
        # Last: what stands there has let somebody in.
        self._keep(url)
        return url

    def _keep(self, url: str) -> None:
        files.replace(self.url_file, url)
        self._url = url

    def _launch(self, port: int) -> "subprocess.Popen[bytes]":
        self._end_stragglers()
        command = [
            str(self.programs / "postgres"), "-D", str(self.data), "-c", "listen_addresses=127.0.0.1", "-c",
            f"port={port}", "-c", "unix_socket_directories=", "-c", "max_connections=100", *_sync_at_once,
            *shlex.split(self.options),
        ]  # fmt: skip
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C at the terminal must not kill the database under the last requests.
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=self.system_user,
                start_new_session=True, cwd=self.folder, preexec_fn=processes.tied_to_us(),
            )  # fmt: skip

    def _end_stragglers(self) -> None:
        """End what a killed server left at work on these data: Postgres does not start beside it.

        Nor where the file of the killed one is empty, or its number belongs to another program by now: that file goes.
        """
        if self._pid():
            return
        for number, wait_seconds in ((0, 0.3), (signal.SIGQUIT, straggler_seconds_max), (signal.SIGKILL, 1)):
            deadline = time.monotonic() + wait_seconds
            processes.send(number, processes.working_in(self.data))
            while processes.working_in(self.data) and time.monotonic() < deadline:
                time.sleep(poll_seconds)
        named = re.match(r"\s*-?(\d+)\s", text_of(self._pid_file))
        if named is None or processes.born(int(named[1])):
            self._pid_file.unlink(missing_ok=True)

    def _last_port_or_another(self) -> int:
        """The port of the last start when it is still free, so that open psql windows and BI tools find it again."""
        return self.port if self.port >= port_least and _is_free(self.port) else free_port(0)

    def _lost_for_long(self) -> bool:
        self._port_lost_at = self._port_lost_at or time.monotonic()
        return time.monotonic() - self._port_lost_at > same_port_seconds_max


def _port_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def _with_port(url: str, port: int) -> str:
    return re.sub(r"(@[\d.]+):\d+/", rf"\1:{port}/", url)


def _is_free(port: int) -> bool:
    with contextlib.suppress(OSError, OverflowError):
        return bool(free_port(port))
    return False


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
            if "password authentication failed" in str(error):
                raise _LockedOut from error
            if time.monotonic() > deadline:
                raise EmbeddedProblem(f"The embedded Postgres does not answer: {error}") from error
            time.sleep(0.1)
