-- The stories people read: when each signal began, who told each step and by which event, and the notices that go out.

-- The live ones are few among many: they are read from this index alone.
CREATE INDEX signal_heads_live ON signal_heads (id DESC) INCLUDE (signal_id, item_id, status, opened_ts, reorder_point)
WHERE status <> 'FULFILLED';
CREATE INDEX signal_heads_opened_ts ON signal_heads (opened_ts DESC);
CREATE INDEX signal_heads_item_id_id ON signal_heads (item_id, id DESC);

-- How long signals took is asked for a fortnight, whatever the length of the ledger.
CREATE INDEX replenishment_signals_created_ts ON replenishment_signals (created_ts DESC);

CREATE OR REPLACE VIEW signals_with_stock AS
SELECT head.id, head.signal_id, s.created_ts, head.item_id, s.triggered_at_qty, s.reorder_point, s.reorder_qty,
       s.trigger_event_id, head.status,
       coalesce(stock.on_hand_qty, 0) AS current_qty,
       head.opened_ts,
       coalesce(item.description, '') AS description
FROM signal_heads AS head
JOIN replenishment_signals AS s ON s.id = head.id
LEFT JOIN inventory_current AS stock ON stock.item_id = head.item_id
LEFT JOIN items AS item ON item.item_id = head.item_id;

-- The live ones with what decides how urgent each is; few and narrow, so that all of them can be sorted at once.
CREATE VIEW signals_live AS
SELECT head.signal_id, head.item_id, head.opened_ts, head.reorder_point, coalesce(stock.on_hand_qty, 0) AS current_qty
FROM signal_heads AS head
LEFT JOIN inventory_current AS stock ON stock.item_id = head.item_id
WHERE head.status <> 'FULFILLED';

-- Every row of every story with who told it and the event that decided. NULL: nobody, or no event, is known.
CREATE VIEW signal_steps AS
SELECT step.id,
       step.signal_id,
       step.created_ts,
       step.status,
       step.item_id,
       step.triggered_at_qty,
       step.reorder_point,
       step.reorder_qty,
       coalesce(actor.user_email, event.user_email) AS user_email,
       event.event_id,
       event.event_type,
       event.event_ts,
       event.station_id,
       event.qty
FROM replenishment_signals AS step
LEFT JOIN signal_actors AS actor ON actor.id = step.id
LEFT JOIN scan_events AS event
       ON event.event_id = coalesce(actor.event_id, CASE WHEN step.status = 'OPEN' THEN step.trigger_event_id END);

-- What is told to the outside, once per signal: the row is the proof of delivery that keeps a second call from going out.
CREATE TABLE signal_notices (
    signal_id UUID PRIMARY KEY,
    queued_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    attempts INT NOT NULL DEFAULT 0,
    attempted_ts TIMESTAMPTZ,
    problem TEXT,
    delivered_ts TIMESTAMPTZ
);
CREATE INDEX signal_notices_undelivered ON signal_notices (queued_ts) WHERE delivered_ts IS NULL;

-- How long each acknowledgement and each fulfilment took, from the signal's beginning.
CREATE VIEW signal_waits AS
SELECT step.status,
       step.created_ts,
       extract(epoch FROM step.created_ts - head.opened_ts) AS waited_seconds
FROM replenishment_signals AS step
JOIN signal_heads AS head USING (signal_id)
WHERE step.status <> 'OPEN';
