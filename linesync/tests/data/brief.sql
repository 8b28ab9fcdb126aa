-- The brief's two tables and two views, word for word.

CREATE TABLE scan_events (
    event_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    event_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    event_type TEXT NOT NULL CHECK (event_type IN ('INTAKE', 'CONSUME')),
    station_id TEXT NOT NULL,
    barcode_raw TEXT NOT NULL,
    item_id TEXT NOT NULL,
    qty INT NOT NULL CHECK (qty > 0),
    user_email TEXT
);

CREATE TABLE replenishment_signals (
    id SERIAL PRIMARY KEY,                    -- Surrogate key (each row)
    signal_id UUID NOT NULL,                  -- Logical signal identifier
    created_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    item_id TEXT NOT NULL,
    triggered_at_qty INT NOT NULL,            -- Historical snapshot
    reorder_point INT NOT NULL DEFAULT 10,
    reorder_qty INT NOT NULL DEFAULT 24,
    trigger_event_id UUID REFERENCES scan_events(event_id),
    status TEXT NOT NULL DEFAULT 'OPEN'
        CHECK (status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED'))
);

CREATE VIEW replenishment_signals_current AS
WITH latest AS (
    SELECT *,
           ROW_NUMBER() OVER (
               PARTITION BY signal_id
               ORDER BY created_ts DESC
           ) as rn
    FROM replenishment_signals
)
SELECT * FROM latest WHERE rn = 1;

CREATE VIEW inventory_current AS
SELECT
    item_id,
    SUM(CASE WHEN event_type = 'INTAKE' THEN qty ELSE 0 END) AS intake_total,
    SUM(CASE WHEN event_type = 'CONSUME' THEN qty ELSE 0 END) AS consume_total,
    SUM(CASE WHEN event_type = 'INTAKE' THEN qty ELSE 0 END) -
    SUM(CASE WHEN event_type = 'CONSUME' THEN qty ELSE 0 END) AS on_hand_qty,
    MAX(event_ts) AS last_activity_ts
FROM scan_events
GROUP BY item_id;
