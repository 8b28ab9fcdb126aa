"""The OpenAPI document tells the truth: schemathesis sends every call what it takes and what it refuses."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from linesync.wsgi import application

cases_per_call = 100
config = SchemathesisConfig.from_dict(
    {
        "seed": 20260301,
        "generation": {"max-examples": cases_per_call, "database": "none"},
        "checks": {
            # What is well-formed may still be a repeat, somebody else's key, or a cursor of another list.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422", "429"]},
        },
    }
)


schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application, config=config)


@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_every_call_keeps_what_the_document_says(ledger, case):
    case.call_and_validate()


def test_calls_that_follow_from_each_other_keep_it_too(ledger):
    schema.as_state_machine().run(settings=settings(max_examples=10, stateful_step_count=6, deadline=None))
