"""A client of the first LineSync, its exact requests and the fields it reads, one working day long."""

import json
from typing import Any

from django.test import Client


def test_a_client_of_the_first_service_works_a_day(db: None, client: Client) -> None:
    def send(path: str, body: Any = None) -> Any:
        data: dict[str, Any] = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = client.post(path, **data)
        assert answer.status_code == 200, answer.content
        return answer.json()

    health = client.get("/api/health").json()
    assert (health["status"], health["database"], bool(health["version"])) == ("ok", "connected", True)
    me = client.get("/api/me").json()
    assert (me["email"], me["is_authenticated"]) == ("dana@example.com", True)
    assert {"name", "display_name"} <= set(me)

    received = send("/api/events/intake", {"station_id": "DOCK_1", "barcode_raw": "ITEM=PART-88219;QTY=24"})
    assert set(received) >= {
        "event_id", "event_ts", "event_type", "station_id", "item_id", "qty", "on_hand_qty", "triggered_signal",
    }  # fmt: skip
    assert (received["event_type"], received["on_hand_qty"], received["triggered_signal"]) == ("INTAKE", 24, None)

    used = send("/api/events/consume", {"station_id": "camera-1", "barcode_raw": "ITEM=PART-88219;QTY=20"})
    opened = used["triggered_signal"]
    assert (opened["item_id"], opened["current_qty"], opened["reorder_qty"]) == ("PART-88219", 4, 24)

    slip = send(
        "/api/events/bulk-intake", {"items": [{"item_id": "BOLT-7", "qty": 100}, {"item_id": "NUT-7", "qty": 5}]}
    )
    assert (slip["total_items"], slip["total_qty"]) == (2, 105)
    assert [(event["item_id"], event["qty"], event["on_hand_qty"]) for event in slip["events"]] == [
        ("BOLT-7", 100, 100), ("NUT-7", 5, 5),
    ]  # fmt: skip

    recent = client.get("/api/events/recent").json()
    assert (len(recent["events"]), recent["limit"]) == (4, 20)
    stock = client.get("/api/inventory?limit=100").json()
    assert stock["total_items"] == 3
    assert set(stock["items"][0]) >= {
        "item_id", "on_hand_qty", "intake_total", "consume_total", "last_activity_ts", "below_reorder_point",
    }  # fmt: skip
    part = client.get("/api/inventory/PART-88219").json()
    assert (part["on_hand_qty"], part["intake_total"], part["consume_total"], part["below_reorder_point"]) == (
        4,
        24,
        20,
        True,
    )
    assert client.get("/api/inventory/NOPE").json() == {"detail": "Item not found: NOPE"}

    signals = client.get("/api/signals?status=OPEN&limit=50").json()
    assert signals["total_open"] == 1
    (signal,) = signals["signals"]
    assert set(signal) >= {
        "signal_id", "created_ts", "item_id", "current_qty", "reorder_point", "reorder_qty", "status",
    }  # fmt: skip
    # fetch(url, {method: "POST"}): no body and no Content-Type.
    seen = client.generic("POST", f"/api/signals/{opened['signal_id']}/acknowledge", content_type="").json()
    assert (seen["signal_id"], seen["status"]) == (opened["signal_id"], "ACKNOWLEDGED")
    assert client.get("/api/signals?status=OPEN").json()["total_open"] == 0
