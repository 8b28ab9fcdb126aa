-- The stories people read: when each signal began, who told each step and by which event, and the notices that go out.

-- A signal's beginning stands beside its head, so that lists by age need not look for its first row.
ALTER TABLE signal_heads ADD COLUMN opened_ts TIMESTAMPTZ;
ALTER TABLE signal_heads DISABLE TRIGGER signal_heads_follow_the_ledger;
UPDATE signal_heads AS head
SET opened_ts = story.opened_ts
FROM (SELECT signal_id, min(created_ts) AS opened_ts FROM replenishment_signals GROUP BY signal_id) AS story
WHERE story.signal_id = head.signal_id;
ALTER TABLE signal_heads ENABLE TRIGGER signal_heads_follow_the_ledger;
ALTER TABLE signal_heads ALTER COLUMN opened_ts SET NOT NULL;
CREATE INDEX signal_heads_opened_ts ON signal_heads (opened_ts DESC);
CREATE INDEX signal_heads_item_id_id ON signal_heads (item_id, id DESC);

CREATE OR REPLACE FUNCTION advance_signal_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.status = 'OPEN' THEN
        INSERT INTO signal_heads (signal_id, id, item_id, status, opened_ts)
        VALUES (NEW.signal_id, NEW.id, NEW.item_id, NEW.status, NEW.created_ts);
        RETURN NULL;
    END IF;
    UPDATE signal_heads
    SET id = NEW.id, status = NEW.status
    WHERE signal_id = NEW.signal_id
      AND item_id = NEW.item_id
      AND (status = 'OPEN' OR (status = 'ACKNOWLEDGED' AND NEW.status = 'FULFILLED'));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'signal % cannot become % now', NEW.signal_id, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

-- How long signals took is asked for a fortnight, whatever the length of the ledger.
CREATE INDEX replenishment_signals_created_ts ON replenishment_signals (created_ts DESC);

CREATE OR REPLACE VIEW signals_with_stock AS
SELECT s.*,
       coalesce(stock.on_hand_qty, 0) AS current_qty,
       head.opened_ts,
       coalesce(item.description, '') AS description
FROM replenishment_signals_current AS s
JOIN signal_heads AS head USING (signal_id)
LEFT JOIN inventory_current AS stock ON stock.item_id = s.item_id
LEFT JOIN items AS item ON item.item_id = s.item_id;

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
