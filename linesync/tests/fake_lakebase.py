"""A workspace in miniature: the stand-in, a gate with TLS and tokens, and a Postgres of its own behind it."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import psycopg
import requests
from psycopg import sql

from linesync.start import processes
from linesync.start.cluster import EmbeddedProblem
from linesync.start.embedded import Embedded
from linesync.start.ports import free_port
from linesync.tests.fake_workspace import Workspace, client_id
from linesync.tests.gate import Gate
from linesync.tests.leftovers import mark

root = Path(__file__).resolve().parent.parent.parent
endpoint = "projects/linesync/branches/production/endpoints/primary"
# Generous: a test machine may be busy with other things.
start_seconds_max = 150
request_seconds_max = 60
stop_seconds_max = 60


class FakeLakebase:
    """One Lakebase with one app principal, who has the rights that an app resource gives and no others."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="linesync-lakebase-"))
        self.folder.chmod(0o755)
        # Some tests kill the server, none the machine.
        self.postgres = Embedded(self.folder / "postgres", options="-c fsync=off -c full_page_writes=off")
        self.owner_url = self.postgres.start()
        self._let_in_without_password()
        self.workspace = Workspace()
        self.gate = Gate(self.folder, self._port(), self.workspace.accepts)
        self.workspace.lakebase[endpoint] = {
            "name": endpoint,
            "status": {"current_state": "ACTIVE", "hosts": {"host": "localhost"}},
        }
        with self.owner() as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(client_id)))

    def close(self) -> None:
        self.gate.close()
        self.workspace.close()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def owner(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.owner_url, autocommit=True)

    def connect_as_owner(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(f"{self.owner_url.rpartition('/')[0]}/{database}", autocommit=True)

    @contextlib.contextmanager
    def database(self, *, with_rights: bool = True) -> Iterator[str]:
        """A fresh database in which the app's role may connect and create: what CAN_CONNECT_AND_CREATE gives."""
        name = f"d{time.monotonic_ns()}"
        rights = "CONNECT, CREATE" if with_rights else "CONNECT"
        with self.owner() as connection:
            connection.execute(f"CREATE DATABASE {name}")
            grant = f"GRANT {rights} ON DATABASE {name} TO {{}}"
            connection.execute(sql.SQL(grant).format(sql.Identifier(client_id)))
        yield name
        with self.owner() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def settings(self, database: str) -> dict[str, Any]:
        """Django's settings for that database, as `linesync.start.databases` would make them in Databricks Apps."""
        import environ

        from linesync.start import databases

        env = environ.Env()
        env.ENVIRON = self.environment(database)
        return databases.from_environment(env, self.folder)

    def environment(self, database: str) -> dict[str, str]:
        """The variables that Databricks Apps and app.yaml give an app with this database."""
        return {
            **self.workspace.environment(),
            "DATABRICKS_APP_NAME": "linesync-test",
            "LAKEBASE_ENDPOINT": endpoint,
            "LAKEBASE_SSLROOTCERT": str(self.gate.ca),
            "PGHOST": "localhost",
            "PGPORT": str(self.gate.port),
            "PGDATABASE": database,
            "PGUSER": client_id,
            "PGSSLMODE": "require",
            "SECRET_KEY": "not-a-secret-" * 5,
        }

    def run(self, arguments: Sequence[str], database: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, in a process of its own that sees nothing but this fake_lakebase."""
        own = {"LINESYNC_VAR": str(self.folder / "var"), "DJANGO_SETTINGS_MODULE": "linesync.settings"}
        environment = inherited() | self.environment(database) | own | more
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)

    def kill_and_restart(self) -> None:
        """The database dies in the middle of whatever it does, and comes back, maybe on another port."""
        pid = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while self.postgres.running_url():
            time.sleep(0.05)
        self.owner_url = self._start_again()
        self.gate.postgres_port = self._port()

    def _start_again(self) -> str:
        # Refused while a process of the one that was killed still holds its shared memory.
        deadline = time.monotonic() + start_seconds_max
        while True:
            try:
                return self.postgres.start()
            except EmbeddedProblem:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _port(self) -> int:
        return int(self.postgres.url_file.read_text().rsplit(":", 1)[1].split("/")[0])

    def _let_in_without_password(self) -> None:
        rules = self.postgres.data / "pg_hba.conf"
        rules.write_text(f'host all "{client_id}" 127.0.0.1/32 trust\n' + rules.read_text())
        with self.owner() as connection:
            connection.execute("SELECT pg_reload_conf()")


class App:
    """`python -m linesync.start` in a process of its own, as Databricks Apps runs it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"app-{self.port}.log"
        own = {"DATABRICKS_APP_PORT": str(self.port), "LINESYNC_VAR": str(folder / f"var-{self.port}")}
        with self.log.open("wb") as log:
            self.process = _start(inherited() | {"WEB_CONCURRENCY": "1"} | environment | own, log)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + start_seconds_max
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/readyz", timeout=20).status_code == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(f"not ready, exit code {self.process.poll()}:\n{self.words()}")

    def stop(self) -> int:
        """SIGTERM, as the platform sends it; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(stop_seconds_max)

    def words(self) -> str:
        return self.log.read_text()


class Browser:
    """One person's browser, as the proxy of Databricks Apps passes it on: TLS ends there, identity comes in headers."""

    address = "linesync-1234567890.aws.databricksapps.com"

    def __init__(self, app: App, email: str = "dana@example.com") -> None:
        self.app = app
        self.headers = {
            "X-Forwarded-Email": email,
            "X-Forwarded-Preferred-Username": email,
            "X-Forwarded-Host": self.address,
            "Origin": f"https://{self.address}",
        }

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.app.url + path, headers=self.headers | headers, timeout=request_seconds_max)

    def post(self, path: str, form: dict[str, str], **headers: str) -> requests.Response:
        return requests.post(self.app.url + path, form, headers=self.headers | headers, timeout=request_seconds_max)

    def set_cookies(self, path: str) -> list[str]:
        """What the answer tells a browser to keep, word for word."""
        found: list[str] = self.get(path).raw.headers.getlist("Set-Cookie")
        assert found
        return found

    def books(self, event_id: str, item_id: str = "PART-1") -> bool:
        """Type one code at the dock. True: acknowledged. False: no answer, or a refusal for now."""
        try:
            answer = self.receive(event_id, item_id)
        except requests.RequestException:
            return False
        return answer is not None and answer.status_code == 200

    def receive(self, event_id: str, item_id: str = "PART-1") -> requests.Response | None:
        page = self.get("/receive/")
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
        if not token:
            return None
        # The cookies are for https only, which is what the browser sees; the proxy hands them on.
        cookies = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        form = {"csrfmiddlewaretoken": token[1], "station": "DOCK-1", "code": f"ITEM={item_id};QTY=1"}
        return self.post("/receive/", form | {"event_id": event_id}, Cookie=cookies)


def inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", mark) if name in os.environ}


def _start(environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "linesync.start"]
    # What an interrupted run of the tests started ends with it.
    tie = processes.tied_to_us()
    return subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT, preexec_fn=tie)
