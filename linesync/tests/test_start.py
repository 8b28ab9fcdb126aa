"""`python -m linesync.start` as Databricks Apps runs it: two containers, a proxy, a Lakebase that comes and goes."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from linesync.tests.fake_lakebase import App, Browser, FakeLakebase
from linesync.tests.fake_workspace import client_id

pytestmark = pytest.mark.long

wait_seconds_max = 120


class Deployment:
    """Two containers of one app that were started at the same moment on an empty database."""

    def __init__(self, fake_lakebase: FakeLakebase, database: str, folder: Path) -> None:
        self.fake_lakebase = fake_lakebase
        self.database = database
        # A busy machine takes its time between a lock and its release.
        environment = fake_lakebase.environment(database) | {"LOCK_WAIT_SECONDS": "60"}
        self.apps = [App(environment, folder) for _ in range(2)]

    def events(self, item_id: str) -> list[str]:
        with self.fake_lakebase.connect_as_owner(self.database) as connection:
            rows = connection.execute("SELECT event_id FROM linesync.scan_events WHERE item_id = %s", [item_id])
            return sorted(str(row[0]) for row in rows)


@pytest.fixture(scope="module")
def deployment(shared_lakebase: FakeLakebase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with shared_lakebase.database() as database:
        made = Deployment(shared_lakebase, database, tmp_path_factory.mktemp("apps"))
        try:
            for app in made.apps:
                app.wait_until_ready()
            yield made
        finally:
            codes = [app.stop() for app in made.apps]
        assert codes == [0, 0]


def test_two_containers_that_start_at_once_migrate_once_and_both_serve(deployment: Deployment) -> None:
    with deployment.fake_lakebase.connect_as_owner(deployment.database) as connection:
        applied = connection.execute(
            "SELECT app, name, count(*) FROM linesync.django_migrations GROUP BY 1, 2"
        ).fetchall()
        owners = connection.execute(
            "SELECT DISTINCT schemaname, tableowner FROM pg_tables WHERE tableowner <> 'postgres'"
        )
        assert owners.fetchall() == [("linesync", client_id)]
    assert ("inventory", "0001_stock", 1) in applied
    assert {count for *_, count in applied} == {1}
    item = "PART-BOTH"
    ids = [str(uuid4()) for _ in deployment.apps]
    assert all(Browser(app).books(event_id, item) for app, event_id in zip(deployment.apps, ids, strict=True))
    assert deployment.events(item) == sorted(ids)


def test_the_proxys_person_is_written_on_the_event(deployment: Deployment) -> None:
    assert Browser(deployment.apps[0], "kim@example.com").books(str(uuid4()), "PART-WHO")
    with deployment.fake_lakebase.connect_as_owner(deployment.database) as connection:
        found = connection.execute("SELECT user_email FROM linesync.scan_events WHERE item_id = 'PART-WHO'").fetchall()
    assert found == [("kim@example.com",)]


def test_a_request_without_identity_is_told_so(deployment: Deployment) -> None:
    answer = requests.get(f"{deployment.apps[0].url}/receive/", timeout=60)
    assert answer.status_code == 401
    assert "did not say who you are" in answer.text


@pytest.mark.parametrize("origin", ["https://evil.example.com", "https://databricksapps.com.evil.example.com"])
def test_a_foreign_page_cannot_post(deployment: Deployment, origin: str) -> None:
    browser = Browser(deployment.apps[0])
    browser.headers["Origin"] = origin
    answer = browser.receive(str(uuid4()), "PART-FOREIGN")
    assert answer is not None
    assert answer.status_code == 403
    assert deployment.events("PART-FOREIGN") == []


def test_another_app_of_the_same_domain_cannot_post(deployment: Deployment) -> None:
    # It can set cookies for the whole domain, which the browser then sends beside ours. Not with our cookies' prefix.
    browser = Browser(deployment.apps[0])
    browser.headers["Origin"] = "https://neighbour-1234567890.aws.databricksapps.com"
    theirs = "n" * 32
    event_id = str(uuid4())
    form = {"csrfmiddlewaretoken": theirs, "station": "DOCK-1", "code": "ITEM=PART-NEXT;QTY=1", "event_id": event_id}
    ours = "; ".join(f"{name}={value}" for name, value in browser.get("/receive/").cookies.items())
    for cookies in (f"csrftoken={theirs}", f"{ours}; csrftoken={theirs}"):
        answer = browser.post("/receive/", form, Cookie=cookies)
        assert answer.status_code == 403
    assert deployment.events("PART-NEXT") == []


def test_cookies_are_ones_that_only_this_app_could_set(deployment: Deployment) -> None:
    for setting in Browser(deployment.apps[0]).set_cookies("/receive/"):
        if not setting.startswith("station="):
            assert setting.startswith("__Host-csrftoken=")
            assert {"secure", "path=/"} <= {part.strip().lower() for part in setting.split(";")}
            assert "domain=" not in setting.lower()


def test_a_foreign_host_name_is_refused_in_a_sentence(deployment: Deployment) -> None:
    browser = Browser(deployment.apps[0])
    browser.headers["X-Forwarded-Host"] = "evil.example.com"
    answer = browser.get("/receive/")
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS=evil.example.com" in answer.text


def test_pages_wait_for_a_lock_for_their_time_and_everything_else_for_as_long_as_it_takes(
    deployment: Deployment,
) -> None:
    ask = """
{first}
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('lock_timeout') || ' ' || current_schema")
    print(cursor.fetchone()[0])
"""
    for first, answer in (("import linesync.wsgi", "7s linesync"), ("", "0 linesync")):
        done = deployment.fake_lakebase.run(["-c", ask.format(first=first)], deployment.database, LOCK_WAIT_SECONDS="7")
        assert done.stdout.splitlines()[-1] == answer, done.stderr


def test_each_request_is_one_json_line_with_its_id(deployment: Deployment) -> None:
    app = deployment.apps[0]
    answer = Browser(app).get("/receive/?a=1", **{"X-Request-Id": "11111111-aaaa"})
    assert answer.headers["X-Request-Id"] == "11111111-aaaa"
    lines = [json.loads(line) for line in app.words().splitlines() if "11111111-aaaa" in line]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [("GET", "/receive/", 200)]
    assert lines[0]["milliseconds"] >= 0


def test_a_request_id_that_could_forge_a_log_line_is_replaced(deployment: Deployment) -> None:
    answer = Browser(deployment.apps[0]).get("/receive/", **{"X-Request-Id": 'x", "status": 200, "y": "'})
    assert len(answer.headers["X-Request-Id"]) == 32


def test_no_secret_is_in_the_log(deployment: Deployment) -> None:
    words = "".join(app.words() for app in deployment.apps)
    tokens = [*deployment.fake_lakebase.workspace.access_tokens, *deployment.fake_lakebase.workspace.database_tokens]
    assert tokens
    assert not any(token in words for token in tokens)
    assert "standin-secret" not in words


def test_a_workspace_and_a_database_that_are_away_mean_503_and_recovery_without_a_restart(
    deployment: Deployment,
) -> None:
    fake_lakebase, browser = deployment.fake_lakebase, Browser(deployment.apps[0])
    fake_lakebase.workspace.down, fake_lakebase.gate.open = True, False
    fake_lakebase.gate.cut()
    try:
        answers = [browser.get(path) for path in ("/readyz", "/healthz")]
        assert [answer.status_code for answer in answers] == [503, 200]
        assert not browser.books(str(uuid4()), "PART-AWAY")
    finally:
        fake_lakebase.workspace.down, fake_lakebase.gate.open = False, True
    deployment.apps[0].wait_until_ready()
    assert browser.books(str(uuid4()), "PART-AWAY")
    assert len(deployment.events("PART-AWAY")) == 1


def test_a_database_killed_under_load_loses_and_doubles_nothing(deployment: Deployment) -> None:
    item = "PART-LOAD"
    acknowledged: list[str] = []
    tried: list[str] = []
    stop = threading.Event()

    def scan_on(browser: Browser) -> None:
        while not stop.is_set():
            event_id = str(uuid4())
            tried.append(event_id)
            if browser.books(event_id, item):
                acknowledged.append(event_id)
            else:
                time.sleep(0.1)

    threads = [threading.Thread(target=scan_on, args=(Browser(app),)) for app in deployment.apps for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        _wait_until(lambda: len(acknowledged) >= 10)
        deployment.fake_lakebase.kill_and_restart()
        before = len(acknowledged)
        _wait_until(lambda: len(acknowledged) >= before + 5)
    finally:
        # Threads that go on for ever would keep the whole test run from ending.
        stop.set()
        for thread in threads:
            thread.join()
    booked = set(deployment.events(item))
    assert set(acknowledged) <= booked <= set(tried)
    # Whoever got no answer asks again with the same id; those that were acknowledged may, too.
    deployment.apps[0].wait_until_ready()
    assert all(Browser(deployment.apps[0]).books(event_id, item) for event_id in tried)
    assert deployment.events(item) == sorted(tried)


def test_the_job_worker_logs_in_by_oauth_too(deployment: Deployment) -> None:
    script = """
import django; django.setup()
from slips.queue.tasks import forget_old
print(forget_old.defer(timestamp=0))
"""
    done = deployment.fake_lakebase.run(["-c", script], deployment.database)
    assert done.returncode == 0, done.stderr
    job = done.stdout.splitlines()[-1]
    # A job that was done is gone from the queue; one that failed would stay there.
    state = "SELECT status FROM linesync.procrastinate_jobs WHERE id = %s"
    with deployment.fake_lakebase.connect_as_owner(deployment.database) as connection:
        _wait_until(lambda: not connection.execute(state, [int(job)]).fetchone())


def test_a_request_in_flight_is_answered_after_sigterm(deployment: Deployment) -> None:
    # The last test of this deployment: one of its containers ends here.
    app = deployment.apps[1]
    browser = Browser(app)
    answers: list[bool] = []
    with deployment.fake_lakebase.connect_as_owner(deployment.database) as lock:
        lock.execute("BEGIN; LOCK TABLE linesync.scan_events IN SHARE MODE")
        event_id = str(uuid4())
        booking = threading.Thread(target=lambda: answers.append(browser.books(event_id, "PART-LAST")))
        booking.start()
        _wait_for_a_blocked_statement(deployment)
        stopping = threading.Thread(target=app.stop)
        stopping.start()
        time.sleep(1)
        lock.execute("COMMIT")
    booking.join()
    stopping.join()
    assert answers == [True]
    assert deployment.events("PART-LAST") == [event_id]
    assert app.process.returncode == 0


def _wait_for_a_blocked_statement(deployment: Deployment) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
    with deployment.fake_lakebase.connect_as_owner(deployment.database) as connection:
        _wait_until(lambda: connection.execute(waiting, [deployment.database]).fetchone() != (0,))


def _wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_personal_token_is_refused_at_start_in_a_sentence(shared_lakebase: FakeLakebase) -> None:
    answer = shared_lakebase.run(["-m", "linesync.start"], "nowhere", DATABRICKS_TOKEN="dapi0123")
    assert answer.returncode == 1
    assert "personal access tokens are refused. Use OAuth" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "dapi0123" not in answer.stdout + answer.stderr


def test_a_role_that_may_not_create_a_schema_is_told_what_to_do(shared_lakebase: FakeLakebase) -> None:
    with shared_lakebase.database(with_rights=False) as database:
        answer = shared_lakebase.run(["-m", "linesync.start"], database)
    assert answer.returncode == 1
    assert "may not change this database" in answer.stderr
    assert "Traceback" not in answer.stderr
