"""The OpenAPI document tells the truth: schemathesis sends every call what it takes and what it refuses."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from linesync.wsgi import application
from slips.paper.pages import BadSlip
from slips.queue import read_now

cases_per_call = 100
may_be_refused = ["2xx", "404", "409", "422", "429"]
config = SchemathesisConfig.from_dict(
    {
        "seed": 20260301,
        "generation": {"max-examples": cases_per_call, "database": "none"},
        "checks": {
            # What is well-formed may still be a repeat, somebody else's key, or a cursor of another list.
            "positive_data_acceptance": {"expected-statuses": may_be_refused},
        },
        "operations": [
            # No schema says which bytes are a slip.
            {
                "include-path": "/api/parse-packing-slip",
                "checks": {"positive_data_acceptance": {"expected-statuses": [*may_be_refused, "400"]}},
            }
        ],
    }
)


schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application, config=config)


def read_slip(data: bytes, name: str) -> dict[str, Any]:
    """In place of the readers, which take seconds: the document says nothing about what stands on a paper."""
    if not data:
        raise BadSlip("This file is empty.")
    line = {"item_id": "PART-1", "qty": len(data), "description": name, "confidence": "low"}
    return {"items": [line], "vendor": None, "po_number": None, "ship_date": None, "notes": ""}


@pytest.fixture(autouse=True)
def _no_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_now, "read", read_slip)


@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_every_call_keeps_what_the_document_says(ledger: None, case: Any) -> None:
    case.call_and_validate()


def test_calls_that_follow_from_each_other_keep_it_too(ledger: None) -> None:
    schema.as_state_machine().run(settings=settings(max_examples=10, stateful_step_count=6, deadline=None))
