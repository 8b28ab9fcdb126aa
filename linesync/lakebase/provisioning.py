"""Making what LineSync needs in Lakebase: each step looks first, so that all of them may be run again at any time."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linesync import workspace

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

postgres_major = 17
# Compute units of 2 GB each: what one dock needs, and room for a busy hour.
compute_units_min = 0.5
compute_units_max = 2
suspend_seconds = 300
history_seconds = 7 * 24 * 3600
wait_seconds_max = 900
retry_seconds_max = 60
poll_seconds = 2.0
Say = Callable[[str], None]


class NotProvisioned(Exception):
    """A step failed or took too long; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where LineSync's tables live: names as Lakebase wants them (small letters, digits, hyphens)."""

    project: str
    branch: str
    endpoint: str
    database: str

    @property
    def project_path(self) -> str:
        return f"projects/{self.project}"

    @property
    def branch_path(self) -> str:
        return f"{self.project_path}/branches/{self.branch}"

    @property
    def endpoint_path(self) -> str:
        return f"{self.branch_path}/endpoints/{self.endpoint}"


def provision(place: Place, say: Say, *, principal: str | None = None, kind: str = "SERVICE_PRINCIPAL") -> str:
    """Project, branch, endpoint, the principal's role, database; waits until the endpoint has an address: returned.

    Raises NotProvisioned, or one of workspace.problems when the workspace refuses.
    """
    _project(place, say)
    _branch(place, say)
    _endpoint(place, say)
    # Before the database, which a role must own.
    if principal:
        ensure_role(place.branch_path, principal, kind, say)
    _database(place, say)
    return _address(place, say)


def ensure_role(branch_path: str, principal: str, kind: str, say: Say) -> None:
    """A Postgres role that logs in as this principal. `kind`: USER, SERVICE_PRINCIPAL or GROUP."""
    from databricks.sdk.service.postgres import Role, RoleAuthMethod, RoleIdentityType, RoleRoleSpec

    api = _workspace().postgres
    if principal in _names(api.list_roles(parent=branch_path), "postgres_role"):
        say(f"role {principal} is there")
        return
    spec = RoleRoleSpec(
        postgres_role=principal,
        identity_type=RoleIdentityType[kind],
        auth_method=RoleAuthMethod.LAKEBASE_OAUTH_V1,
    )
    _finished(api.create_role(parent=branch_path, role=Role(spec=spec)), f"role {principal}", say)


def _workspace() -> "WorkspaceClient":
    return workspace.client(retry_seconds_max)


def _project(place: Place, say: Say) -> None:
    from databricks.sdk.service.postgres import Project, ProjectDefaultEndpointSettings, ProjectSpec
    from google.protobuf.duration_pb2 import Duration

    api = _workspace().postgres
    if _exists(lambda: api.get_project(name=place.project_path)):
        return say(f"project {place.project} is there")
    settings = ProjectDefaultEndpointSettings(
        autoscaling_limit_min_cu=compute_units_min,
        autoscaling_limit_max_cu=compute_units_max,
        suspend_timeout_duration=Duration(seconds=suspend_seconds),
    )
    spec = ProjectSpec(
        display_name="LineSync",
        pg_version=postgres_major,
        enable_pg_native_login=False,
        history_retention_duration=Duration(seconds=history_seconds),
        default_endpoint_settings=settings,
    )
    operation = api.create_project(project=Project(spec=spec), project_id=place.project)
    return _finished(operation, f"project {place.project}", say)


def _branch(place: Place, say: Say) -> None:
    from databricks.sdk.service.postgres import Branch, BranchSpec

    api = _workspace().postgres
    if _exists(lambda: api.get_branch(name=place.branch_path)):
        return say(f"branch {place.branch} is there")
    branch = Branch(spec=BranchSpec(no_expiry=True))
    operation = api.create_branch(parent=place.project_path, branch=branch, branch_id=place.branch)
    return _finished(operation, f"branch {place.branch}", say)


def _endpoint(place: Place, say: Say) -> None:
    from databricks.sdk.service.postgres import Endpoint, EndpointSpec, EndpointType
    from google.protobuf.duration_pb2 import Duration

    api = _workspace().postgres
    if _exists(lambda: api.get_endpoint(name=place.endpoint_path)):
        return say(f"endpoint {place.endpoint} is there")
    spec = EndpointSpec(
        endpoint_type=EndpointType.ENDPOINT_TYPE_READ_WRITE,
        autoscaling_limit_min_cu=compute_units_min,
        autoscaling_limit_max_cu=compute_units_max,
        suspend_timeout_duration=Duration(seconds=suspend_seconds),
    )
    operation = api.create_endpoint(parent=place.branch_path, endpoint=Endpoint(spec=spec), endpoint_id=place.endpoint)
    return _finished(operation, f"endpoint {place.endpoint}", say)


def _database(place: Place, say: Say) -> None:
    from databricks.sdk.service.postgres import Database, DatabaseDatabaseSpec

    api = _workspace().postgres
    if place.database in _names(api.list_databases(parent=place.branch_path), "postgres_database"):
        return say(f"database {place.database} is there")
    owner = str(_workspace().current_user.me().user_name)
    roles = {_name(role, "postgres_role"): role.name for role in api.list_roles(parent=place.branch_path)}
    if owner not in roles:
        raise NotProvisioned(
            f"{owner} has no role in this branch and so cannot own a database. Give it one: --principal {owner} "
            "(a person: with --kind USER)."
        )
    spec = DatabaseDatabaseSpec(postgres_database=place.database, role=str(roles[owner]))
    identifier = place.database.replace("_", "-")
    operation = api.create_database(parent=place.branch_path, database=Database(spec=spec), database_id=identifier)
    return _finished(operation, f"database {place.database}", say)


def _address(place: Place, say: Say) -> str:
    started = time.monotonic()
    while True:
        status = _workspace().postgres.get_endpoint(name=place.endpoint_path).status
        if status and status.hosts and status.hosts.host:
            return str(status.hosts.host)
        _wait(started, f"the address of endpoint {place.endpoint}", say)


def _exists(get: Callable[[], Any]) -> bool:
    from databricks.sdk.errors import NotFound

    try:
        get()
    except NotFound:
        return False
    return True


def _names(resources: Iterable[Any], field: str) -> set[str]:
    return {_name(resource, field) for resource in resources}


def _name(resource: Any, field: str) -> str:
    """The Postgres name, which the resource's own id may only resemble (databricks-postgres, databricks_postgres)."""
    for part in (resource.status, resource.spec):
        if part and getattr(part, field, None):
            return str(getattr(part, field))
    return str(resource.name).rpartition("/")[2]


def _finished(operation: Any, what: str, say: Say) -> None:
    started = time.monotonic()
    while not operation.done():
        _wait(started, what, say)
    try:
        operation.wait()
    except Exception as error:
        # The SDK raises a bare Exception with the workspace's own words for an operation that failed.
        raise NotProvisioned(f"{what} was not made: {error}") from error
    say(f"{what} was made")


def _wait(started: float, what: str, say: Say) -> None:
    seconds = time.monotonic() - started
    if seconds > wait_seconds_max:
        raise NotProvisioned(f"{what} is still not there after {wait_seconds_max} s; run this again later.")
    say(f"waiting for {what} … {seconds:.0f} s")
    time.sleep(poll_seconds)
