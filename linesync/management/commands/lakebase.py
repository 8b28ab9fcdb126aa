"""`manage.py lakebase provision|status|grant`: the database in the workspace, from the command line."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from inventory.models import ScanEvent
from linesync import workspace
from linesync.lakebase import environment, provisioning
from linesync.start import migrating
from signals.models import Signal

kinds = ("USER", "SERVICE_PRINCIPAL", "GROUP")


class Command(BaseCommand):
    help = "Make, look at, and share the Lakebase database that holds LineSync's tables."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        provision = verbs.add_parser("provision", help="project, branch, endpoint, database, role; run it again freely")
        provision.add_argument("--project", default="linesync")
        provision.add_argument("--branch", default="production")
        provision.add_argument("--endpoint", default="primary")
        provision.add_argument("--database", default=environment.default_database)
        provision.add_argument("--principal", help="who shall log in: a client id, an e-mail address, a group's name")
        provision.add_argument("--kind", choices=kinds, default="SERVICE_PRINCIPAL")
        verbs.add_parser("status", help="endpoint, tables, rows, last event, live signals")
        grant = verbs.add_parser("grant", help="let another principal, or the pipeline's reader, read our tables")
        grant.add_argument("principal")
        grant.add_argument("--kind", choices=kinds, help="make its role first; without it the role must exist")

    def handle(self, *_arguments: Any, verb: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "provision": self.provision,
            "status": self.status,
            "grant": self.grant,
        }
        try:
            verbs[verb](**options)
        except (provisioning.NotProvisioned, DatabaseError) as problem:
            raise CommandError(" ".join(str(problem).split())) from problem
        except workspace.problems as problem:
            raise CommandError(f"The workspace refused: {problem}") from problem

    def provision(self, *, principal: str | None, kind: str, **names: Any) -> None:
        place = provisioning.Place(*(names[part] for part in ("project", "branch", "endpoint", "database")))
        address = provisioning.provision(place, self.say, principal=principal, kind=kind)
        self.say("\nReady. The settings to use:\n")
        self.say(f"LAKEBASE_ENDPOINT={place.endpoint_path}")
        self.say(f"LAKEBASE_HOST={address}")
        self.say(f"LAKEBASE_DATABASE={place.database}")
        if principal:
            self.say(f"LAKEBASE_USER={principal}")

    def status(self, **_rest: Any) -> None:
        if endpoint := settings.DATABASES["default"]["OPTIONS"].get("lakebase_endpoint"):
            found = workspace.client().postgres.get_endpoint(name=endpoint).status
            self.say(f"endpoint       {endpoint}")
            self.say(f"state          {found.current_state.value if found and found.current_state else 'unknown'}")
        else:
            self.say("endpoint       none: this is not a Lakebase")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), current_schema, current_user")
            database, schema, user = cursor.fetchone() or ("", "", "")
        self.say(f"logged in      {user} in {database}.{schema}")
        self._rows()
        self._ledger()

    def grant(self, *, principal: str, kind: str | None, **_rest: Any) -> None:
        endpoint = settings.DATABASES["default"]["OPTIONS"].get("lakebase_endpoint")
        if kind and endpoint:
            provisioning.ensure_role(endpoint.partition("/endpoints/")[0], principal, kind, self.say)
        if not migrating.let_read([principal], self.say):
            raise CommandError(f"There is no role {principal}. With --kind it is made first.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _rows(self) -> None:
        names = connection.introspection.table_names()
        if not names:
            raise CommandError("There are no tables yet: start the app, or run `manage.py migrate`.")
        with connection.cursor() as cursor:
            for name in sorted(names):
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 (a known name)
                (rows,) = cursor.fetchone() or (0,)
                self.say(f"  {name:<40}{rows:>14,}")

    def _ledger(self) -> None:
        event = ScanEvent.objects.order_by("-event_ts").first()
        last = f"{event.event_ts:%Y-%m-%d %H:%M:%S %Z}" if event else "none"
        self.say(f"last event     {last}")
        self.say(f"live signals   {Signal.objects.exclude(status='FULFILLED').count()}")
