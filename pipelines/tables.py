"""Every dataset with every column: what analysts read in the catalog and in docs/analytics.md stands here, once."""

from pipelines.table import Table

_EVENT = {
    "event_id": ("STRING", "Which event; one row per id"),
    "event_ts": ("TIMESTAMP", "When it was booked"),
    "event_type": ("STRING", "INTAKE (came in) or CONSUME (went out)"),
    "station_id": ("STRING", "The place that scanned, such as DOCK-1"),
    "barcode_raw": ("STRING", "The payload as scanned; UNDO=<event_id> when it takes another event back"),
    "item_id": ("STRING", "The part number on the label"),
    "qty": ("INT", "Pieces, above zero"),
    "user_email": ("STRING", "Who scanned; NULL when not known"),
}
_SIGNAL = {
    "id": ("INT", "Order of the rows; the highest id of a signal is its newest row"),
    "signal_id": ("STRING", "Which need to restock; its rows tell its story"),
    "created_ts": ("TIMESTAMP", "When this row was written"),
    "item_id": ("STRING", "The part that runs low"),
    "triggered_at_qty": ("INT", "Pieces on hand when the signal opened"),
    "reorder_point": ("INT", "Pieces at or below which the signal opens"),
    "reorder_qty": ("INT", "Pieces to order"),
    "trigger_event_id": ("STRING", "The event that opened it; NULL when not known"),
    "status": ("STRING", "OPEN, ACKNOWLEDGED or FULFILLED"),
}
_FAILED = {"failed_rules": ("ARRAY<STRING>", "Names of the rules the row breaks")}

BRONZE_SCAN_EVENTS = Table("bronze_scan_events", "Scan events as the floor wrote them", _EVENT)
BRONZE_REPLENISHMENT_SIGNALS = Table(
    "bronze_replenishment_signals", "Rows of replenishment signals as the floor wrote them", _SIGNAL
)

SILVER_UNDO_PAIRS = Table(
    "silver_undo_pairs",
    "Events that were taken back, each beside the event that did",
    {
        "done_id": ("STRING", "The event that was taken back"),
        "undo_id": ("STRING", "The event that took it back"),
        "undo_ts": ("TIMESTAMP", "When it was taken back"),
    },
)
SILVER_SCAN_EVENTS = Table(
    "silver_scan_events",
    "Valid scan events, one row each, with the site's day and their undo",
    _EVENT
    | {
        "event_date": ("DATE", "Day of the event in the site's time zone"),
        "event_hour": ("INT", "Hour of that day, 0 to 23"),
        "qty_change": ("BIGINT", "What it did to stock, in pieces: plus for INTAKE, minus for CONSUME"),
        "undo_of": ("STRING", "The event that this one takes back; NULL for an ordinary event"),
        "undone_by": ("STRING", "The event that took this one back; NULL when it stands"),
        "is_taken_back": ("BOOLEAN", "TRUE for both events of an undo pair: together they moved nothing"),
    },
    cluster_by=("event_date", "item_id"),
)
SILVER_SCAN_EVENTS_REJECTED = Table(
    "silver_scan_events_rejected", "Scan events that break a rule and count nowhere else", _EVENT | _FAILED
)
SILVER_REPLENISHMENT_SIGNALS = Table(
    "silver_replenishment_signals",
    "Valid rows of replenishment signals",
    _SIGNAL
    | {
        "signal_date": ("DATE", "Day of the row in the site's time zone"),
        "qty_below_reorder": ("BIGINT", "Pieces below the reorder point when the signal opened (0: exactly at it)"),
    },
    cluster_by=("signal_date", "item_id"),
)
SILVER_REPLENISHMENT_SIGNALS_REJECTED = Table(
    "silver_replenishment_signals_rejected", "Signal rows that break a rule and count nowhere else", _SIGNAL | _FAILED
)
SILVER_ITEM_DAYS = Table(
    "silver_item_days",
    "What each item did on each day with a scan: the step between events and gold",
    {
        "item_id": ("STRING", "The part number"),
        "event_date": ("DATE", "Day in the site's time zone"),
        "event_count": ("BIGINT", "Events of that day, undone ones and their undos included"),
        "intake_qty": ("BIGINT", "Pieces booked in, undone ones and undos included (as the ledger counts)"),
        "consume_qty": ("BIGINT", "Pieces booked out, undone ones and undos included (as the ledger counts)"),
        "used_qty": ("BIGINT", "Pieces really used: booked out and not taken back"),
        "last_event_ts": ("TIMESTAMP", "The day's last event"),
    },
    cluster_by=("event_date", "item_id"),
)

GOLD_INVENTORY_SUMMARY = Table(
    "gold_inventory_summary",
    "What is on hand of each item; equals the floor's inventory_current to the piece",
    {
        "item_id": ("STRING", "The part number"),
        "on_hand_qty": ("BIGINT", "Pieces on hand: total_intake minus total_consumed; below zero means count it"),
        "total_events": ("BIGINT", "Events ever, undos included"),
        "total_intake": ("BIGINT", "Pieces ever booked in, undos included"),
        "total_consumed": ("BIGINT", "Pieces ever booked out, undos included"),
        "last_activity": ("TIMESTAMP", "The last event"),
    },
    cluster_by=("item_id",),
)
GOLD_DAILY_ACTIVITY = Table(
    "gold_daily_activity",
    "What was scanned each day; undone scans and their undos stand apart and count in no total",
    {
        "event_date": ("DATE", "Day in the site's time zone"),
        "event_type": ("STRING", "INTAKE or CONSUME"),
        "event_count": ("BIGINT", "Events that stand"),
        "total_qty": ("BIGINT", "Pieces of the events that stand"),
        "unique_items": ("BIGINT", "Different items among the events that stand"),
        "unique_stations": ("BIGINT", "Different stations among the events that stand"),
        "undone_count": ("BIGINT", "Events of undo pairs; with event_count: all rows of the ledger"),
        "undone_qty": ("BIGINT", "Pieces of undo pairs; with total_qty: all pieces of the ledger"),
    },
)
GOLD_OPEN_REPLENISHMENT_SIGNALS = Table(
    "gold_open_replenishment_signals",
    "Signals whose newest row is OPEN, with the stock of now beside the stock that opened them",
    {
        "signal_id": ("STRING", "Which need to restock"),
        "item_id": ("STRING", "The part that runs low"),
        "qty_at_signal": ("INT", "Pieces on hand when it opened"),
        "current_on_hand": ("BIGINT", "Pieces on hand at the refresh"),
        "reorder_point": ("INT", "Pieces at or below which it opened"),
        "reorder_qty": ("INT", "Pieces to order"),
        "created_ts": ("TIMESTAMP", "When it opened"),
        "signal_date": ("DATE", "Day it opened, in the site's time zone"),
        "already_restocked": ("BOOLEAN", "TRUE when current_on_hand is above the reorder point again"),
    },
)
GOLD_REPLENISHMENT_METRICS = Table(
    "gold_replenishment_metrics",
    "Signals by their newest status",
    {
        "status": ("STRING", "OPEN, ACKNOWLEDGED or FULFILLED"),
        "signal_count": ("BIGINT", "Signals whose newest row has this status"),
        "unique_items": ("BIGINT", "Different items among them"),
        "avg_qty_below_reorder": ("DOUBLE", "Mean pieces below the reorder point when they opened"),
    },
)
GOLD_SIGNAL_TIMES = Table(
    "gold_signal_times",
    "The life of each signal: one row per signal, with how long each step took",
    {
        "signal_id": ("STRING", "Which need to restock"),
        "item_id": ("STRING", "The part that ran low"),
        "status": ("STRING", "Newest status: OPEN, ACKNOWLEDGED or FULFILLED"),
        "week_start": ("DATE", "Monday of the week it opened, in the site's time zone"),
        "opened_ts": ("TIMESTAMP", "When it opened"),
        "acknowledged_ts": ("TIMESTAMP", "When somebody first saw to it; NULL when nobody did"),
        "fulfilled_ts": ("TIMESTAMP", "When stock was above the reorder point again; NULL while it is not"),
        "seconds_to_acknowledge": ("DOUBLE", "Opened to acknowledged; NULL when never acknowledged"),
        "seconds_acknowledged_to_fulfilled": ("DOUBLE", "Acknowledged to fulfilled; NULL when either is missing"),
        "seconds_to_fulfil": ("DOUBLE", "Opened to fulfilled; NULL while not fulfilled"),
    },
    cluster_by=("week_start", "item_id"),
)
GOLD_FULFILMENT_TIMES = Table(
    "gold_fulfilment_times",
    "How fast needs are met, per item and week the signals opened in; percentiles over finished steps only",
    {
        "item_id": ("STRING", "The part number"),
        "week_start": ("DATE", "Monday of the week, in the site's time zone"),
        "signals_opened": ("BIGINT", "Signals that opened in the week"),
        "signals_acknowledged": ("BIGINT", "Of these, how many somebody acknowledged"),
        "signals_fulfilled": ("BIGINT", "Of these, how many are fulfilled"),
        "p50_seconds_to_acknowledge": ("DOUBLE", "Half were acknowledged within this; NULL when none was"),
        "p90_seconds_to_acknowledge": ("DOUBLE", "Nine of ten were acknowledged within this"),
        "p50_seconds_acknowledged_to_fulfilled": ("DOUBLE", "Half took this long from acknowledged to fulfilled"),
        "p90_seconds_acknowledged_to_fulfilled": ("DOUBLE", "Nine of ten took at most this long"),
        "p50_seconds_to_fulfil": ("DOUBLE", "Half were fulfilled within this; NULL when none was"),
        "p90_seconds_to_fulfil": ("DOUBLE", "Nine of ten were fulfilled within this"),
        "max_seconds_to_fulfil": ("DOUBLE", "The slowest one"),
    },
)
GOLD_USAGE_RATE = Table(
    "gold_usage_rate",
    "How fast each item is used and how long its stock lasts at that rate",
    {
        "item_id": ("STRING", "The part number"),
        "as_of_date": ("DATE", "Day of the refresh in the site's time zone; windows end with it"),
        "on_hand_qty": ("BIGINT", "Pieces on hand at the refresh"),
        "used_qty_7_days": ("BIGINT", "Pieces used in 7 days, as_of_date included; undone scans count in none"),
        "used_qty_28_days": ("BIGINT", "Pieces used in 28 days"),
        "used_qty_90_days": ("BIGINT", "Pieces used in 90 days"),
        "days_observed": ("INT", "Days the 28-day rate rests on: fewer for an item that is new"),
        "usage_per_day": ("DOUBLE", "used_qty_28_days by days_observed, in pieces a day"),
        "days_of_cover": (
            "DOUBLE",
            "on_hand_qty by usage_per_day; 0 when nothing is left, NULL when unused for 28 days",
        ),
        "empty_on": ("DATE", "Day the stock ends at that rate; NULL when unused for 28 days or beyond 100 years"),
    },
    cluster_by=("item_id",),
)
GOLD_STOCK_DAILY = Table(
    "gold_stock_daily",
    "Stock of each item at the end of each day, from its first event (at most three years back) to the refresh",
    {
        "item_id": ("STRING", "The part number"),
        "stock_date": ("DATE", "Day in the site's time zone; the last one is the day of the refresh, so far"),
        "intake_qty": ("BIGINT", "Pieces booked in that day"),
        "consume_qty": ("BIGINT", "Pieces booked out that day"),
        "on_hand_qty": ("BIGINT", "Pieces on hand at the end of that day"),
    },
    cluster_by=("stock_date", "item_id"),
)

ALL: dict[str, Table] = {table.name: table for table in list(globals().values()) if isinstance(table, Table)}
