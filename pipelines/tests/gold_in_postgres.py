"""The same gold in plain SQL on Postgres: what the pipeline has to equal, and what it is timed against.

Parameters: time_zone (IANA name) and today (the last day of every window).
"""

# The steps before gold, each a SELECT over the ones above it.
SILVER = {
    "valid": """
        SELECT *, (event_ts AT TIME ZONE %(time_zone)s)::date AS event_date,
               CASE WHEN barcode_raw ~ '^UNDO=[0-9A-Fa-f-]{36}$' THEN substr(barcode_raw, 6)::uuid END AS names
        FROM scan_events
        WHERE event_id IS NOT NULL AND event_ts IS NOT NULL AND event_type IN ('INTAKE', 'CONSUME')
          AND qty > 0 AND trim(item_id) <> ''
    """,
    "matches": """
        SELECT done.event_id AS done_id, undo.event_id AS undo_id, undo.event_ts AS undo_ts
        FROM valid AS undo
        JOIN valid AS done ON done.event_id = undo.names
        WHERE undo.names IS NOT NULL
          AND done.item_id = undo.item_id AND done.qty = undo.qty AND done.event_type <> undo.event_type
    """,
    "pairs": """
        SELECT DISTINCT ON (done_id) done_id, undo_id
        FROM matches
        WHERE undo_id NOT IN (SELECT done_id FROM matches)
        ORDER BY done_id, undo_ts, undo_id
    """,
    "events": """
        SELECT *, event_id IN (SELECT done_id FROM pairs UNION ALL SELECT undo_id FROM pairs) AS is_taken_back
        FROM valid
    """,
    "days": """
        SELECT item_id, event_date, count(*) AS event_count,
               coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0) AS intake_qty,
               coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0) AS consume_qty,
               coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME' AND NOT is_taken_back), 0) AS used_qty,
               max(event_ts) AS last_event_ts
        FROM events
        GROUP BY item_id, event_date
    """,
    "signals": """
        SELECT *, (created_ts AT TIME ZONE %(time_zone)s)::date AS signal_date,
               reorder_point::bigint - triggered_at_qty AS qty_below_reorder
        FROM replenishment_signals
        WHERE id IS NOT NULL AND signal_id IS NOT NULL AND created_ts IS NOT NULL
          AND status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED') AND trim(item_id) <> ''
    """,
    "newest": """
        SELECT DISTINCT ON (signal_id) * FROM signals ORDER BY signal_id, id DESC
    """,
    "times": """
        SELECT signal_id,
               (array_agg(item_id ORDER BY id DESC))[1] AS item_id,
               (array_agg(status ORDER BY id DESC))[1] AS status,
               (array_agg(created_ts ORDER BY id))[1] AS opened_ts,
               (array_agg(created_ts ORDER BY id) FILTER (WHERE status = 'ACKNOWLEDGED'))[1] AS acknowledged_ts,
               (array_agg(created_ts ORDER BY id) FILTER (WHERE status = 'FULFILLED'))[1] AS fulfilled_ts
        FROM signals
        GROUP BY signal_id
    """,
    "signal_times": """
        SELECT signal_id, item_id, status,
               date_trunc('week', opened_ts AT TIME ZONE %(time_zone)s)::date AS week_start,
               opened_ts, acknowledged_ts, fulfilled_ts,
               CASE WHEN acknowledged_ts < opened_ts THEN 0
                    ELSE extract(epoch FROM acknowledged_ts - opened_ts) END::float8 AS seconds_to_acknowledge,
               CASE WHEN fulfilled_ts < acknowledged_ts THEN 0
                    ELSE extract(epoch FROM fulfilled_ts - acknowledged_ts)
               END::float8 AS seconds_acknowledged_to_fulfilled,
               CASE WHEN fulfilled_ts < opened_ts THEN 0
                    ELSE extract(epoch FROM fulfilled_ts - opened_ts) END::float8 AS seconds_to_fulfil
        FROM times
    """,
}

GOLD = {
    "gold_inventory_summary": """
        SELECT item_id, (sum(intake_qty) - sum(consume_qty))::bigint AS on_hand_qty,
               sum(event_count)::bigint AS total_events, sum(intake_qty)::bigint AS total_intake,
               sum(consume_qty)::bigint AS total_consumed, max(last_event_ts) AS last_activity
        FROM days GROUP BY item_id
    """,
    "gold_daily_activity": """
        SELECT event_date, event_type,
               count(*) FILTER (WHERE NOT is_taken_back) AS event_count,
               coalesce(sum(qty) FILTER (WHERE NOT is_taken_back), 0) AS total_qty,
               count(DISTINCT item_id) FILTER (WHERE NOT is_taken_back) AS unique_items,
               count(DISTINCT station_id) FILTER (WHERE NOT is_taken_back) AS unique_stations,
               count(*) FILTER (WHERE is_taken_back) AS undone_count,
               coalesce(sum(qty) FILTER (WHERE is_taken_back), 0) AS undone_qty
        FROM events GROUP BY event_date, event_type
    """,
    "gold_open_replenishment_signals": """
        SELECT signal_id::text, item_id, triggered_at_qty AS qty_at_signal,
               coalesce(on_hand_qty, 0)::bigint AS current_on_hand, reorder_point, reorder_qty, created_ts, signal_date,
               coalesce(on_hand_qty, 0) > reorder_point AS already_restocked
        FROM newest
        LEFT JOIN (SELECT item_id, sum(intake_qty - consume_qty) AS on_hand_qty FROM days GROUP BY item_id) AS stock
            USING (item_id)
        WHERE status = 'OPEN'
    """,
    "gold_replenishment_metrics": """
        SELECT status, count(*) AS signal_count, count(DISTINCT item_id) AS unique_items,
               avg(qty_below_reorder)::float8 AS avg_qty_below_reorder
        FROM newest GROUP BY status
    """,
    "gold_signal_times": "SELECT * FROM signal_times",
    "gold_fulfilment_times": """
        SELECT item_id, week_start, count(*) AS signals_opened, count(acknowledged_ts) AS signals_acknowledged,
               count(fulfilled_ts) AS signals_fulfilled,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_to_acknowledge) AS p50_seconds_to_acknowledge,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds_to_acknowledge) AS p90_seconds_to_acknowledge,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_acknowledged_to_fulfilled)
                   AS p50_seconds_acknowledged_to_fulfilled,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds_acknowledged_to_fulfilled)
                   AS p90_seconds_acknowledged_to_fulfilled,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_to_fulfil) AS p50_seconds_to_fulfil,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds_to_fulfil) AS p90_seconds_to_fulfil,
               max(seconds_to_fulfil) AS max_seconds_to_fulfil
        FROM signal_times GROUP BY item_id, week_start
    """,
    "gold_usage_rate": """
        SELECT item_id, %(today)s::date AS as_of_date, on_hand_qty::bigint,
               used_qty_7_days::bigint, used_qty_28_days::bigint, used_qty_90_days::bigint, days_observed,
               used_qty_28_days::float8 / days_observed AS usage_per_day,
               cover AS days_of_cover,
               CASE WHEN cover < 36500 THEN %(today)s::date + floor(cover)::int END AS empty_on
        FROM (
            SELECT *, greatest(on_hand_qty, 0) / nullif(used_qty_28_days::float8 / days_observed, 0) AS cover
            FROM (
                SELECT item_id, sum(intake_qty) - sum(consume_qty) AS on_hand_qty,
                       least(28, greatest(1, %(today)s::date - min(event_date) + 1)) AS days_observed,
                       coalesce(sum(used_qty) FILTER (
                           WHERE %(today)s::date - event_date BETWEEN 0 AND 6), 0) AS used_qty_7_days,
                       coalesce(sum(used_qty) FILTER (
                           WHERE %(today)s::date - event_date BETWEEN 0 AND 27), 0) AS used_qty_28_days,
                       coalesce(sum(used_qty) FILTER (
                           WHERE %(today)s::date - event_date BETWEEN 0 AND 89), 0) AS used_qty_90_days
                FROM days GROUP BY item_id
            ) AS per_item
        ) AS rated
    """,
    "gold_stock_daily": """
        SELECT calendar.item_id, stock_date, coalesce(intake_qty, 0)::bigint AS intake_qty,
               coalesce(consume_qty, 0)::bigint AS consume_qty,
               (coalesce(before, 0) + sum(coalesce(intake_qty, 0) - coalesce(consume_qty, 0))
                   OVER (PARTITION BY calendar.item_id ORDER BY stock_date))::bigint AS on_hand_qty
        FROM (
            SELECT item_id, generate_series(greatest(min(event_date), %(today)s::date - 1094), %(today)s::date,
                                            interval '1 day')::date AS stock_date,
                   sum(intake_qty - consume_qty) FILTER (WHERE event_date < %(today)s::date - 1094) AS before
            FROM days WHERE event_date <= %(today)s::date GROUP BY item_id
        ) AS calendar
        LEFT JOIN days ON days.item_id = calendar.item_id AND days.event_date = calendar.stock_date
    """,
}


def query(name: str) -> str:
    """The whole SELECT of one gold dataset."""
    steps = ", ".join(f"{step} AS ({select})" for step, select in SILVER.items())
    return f"WITH {steps} {GOLD[name]}"
