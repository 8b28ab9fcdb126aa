-- The first LineSync's older tables: one row per signal, changed in place, and nobody's name on an event.

CREATE TABLE scan_events (
    event_id UUID NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    event_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    event_type TEXT NOT NULL CHECK (event_type = 'INTAKE' OR event_type = 'CONSUME'),
    station_id TEXT NOT NULL,
    barcode_raw TEXT NOT NULL,
    item_id TEXT NOT NULL,
    qty INT NOT NULL CHECK (qty > 0)
);

CREATE INDEX idx_scan_events_item_id ON scan_events (item_id, event_ts DESC);
CREATE INDEX idx_scan_events_ts ON scan_events (event_ts DESC);

CREATE TABLE replenishment_signals (
    signal_id UUID DEFAULT gen_random_uuid() PRIMARY KEY,
    created_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    item_id TEXT NOT NULL,
    current_qty INT NOT NULL,
    reorder_point INT NOT NULL,
    reorder_qty INT NOT NULL,
    trigger_event_id UUID,
    status TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_replenishment_signals_item_open ON replenishment_signals (item_id) WHERE status = 'OPEN';
CREATE INDEX idx_replenishment_signals_item_status ON replenishment_signals (item_id, status);

CREATE VIEW inventory_current AS
SELECT item_id,
       coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0) AS intake_total,
       coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0) AS consume_total,
       coalesce(sum(CASE event_type WHEN 'INTAKE' THEN qty ELSE -qty END), 0) AS on_hand_qty,
       max(event_ts) AS last_activity_ts
FROM scan_events
GROUP BY item_id;
