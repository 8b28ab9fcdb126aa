-- The first LineSync as its init-db made it: rows are appended, the view of the newest ones has no id.

CREATE TABLE scan_events (
    event_id UUID NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    event_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    event_type TEXT NOT NULL CHECK (event_type = 'INTAKE' OR event_type = 'CONSUME'),
    station_id TEXT NOT NULL,
    barcode_raw TEXT NOT NULL,
    item_id TEXT NOT NULL,
    qty INT NOT NULL CHECK (qty > 0),
    user_email TEXT
);

CREATE INDEX idx_scan_events_item_id ON scan_events (item_id, event_ts DESC);
CREATE INDEX idx_scan_events_ts ON scan_events (event_ts DESC);

CREATE TABLE replenishment_signals (
    id SERIAL PRIMARY KEY,
    signal_id UUID NOT NULL DEFAULT gen_random_uuid(),
    created_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    item_id TEXT NOT NULL,
    triggered_at_qty INT NOT NULL,
    reorder_point INT NOT NULL DEFAULT 10,
    reorder_qty INT NOT NULL DEFAULT 24,
    trigger_event_id UUID REFERENCES scan_events,
    status TEXT NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED'))
);

CREATE INDEX idx_replenishment_signals_item_status ON replenishment_signals (item_id, status);
CREATE INDEX idx_replenishment_signals_signal_id_ts ON replenishment_signals (signal_id, created_ts DESC);

CREATE VIEW replenishment_signals_current AS
SELECT signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status
FROM (
    SELECT *, row_number() OVER (PARTITION BY signal_id ORDER BY created_ts DESC) AS place FROM replenishment_signals
) AS placed
WHERE place = 1;

CREATE VIEW inventory_current AS
SELECT item_id,
       coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0) AS intake_total,
       coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0) AS consume_total,
       coalesce(sum(CASE event_type WHEN 'INTAKE' THEN qty ELSE -qty END), 0) AS on_hand_qty,
       max(event_ts) AS last_activity_ts
FROM scan_events
GROUP BY item_id;
