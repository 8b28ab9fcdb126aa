-- The items with their policies, the story of each need to restock, and what is read of both. It stands on the ground
-- floor; the brief's view of the newest rows comes last (0001_newest_rows.sql).

SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- Policy per item. NULL: the default of the environment.
CREATE TABLE IF NOT EXISTS items (
    item_id TEXT PRIMARY KEY CHECK (item_id ~ '^[A-Za-z0-9][A-Za-z0-9_./+#:-]{0,63}$'),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    reorder_point INT CHECK (reorder_point BETWEEN 0 AND 999999999),
    reorder_qty INT CHECK (reorder_qty BETWEEN 1 AND 999999999),
    updated_ts TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- What “low” means, for the stock of now and of any moment.
CREATE OR REPLACE FUNCTION is_low(on_hand_qty BIGINT, reorder_point INT) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN on_hand_qty <= reorder_point;

-- Every item's level beside the policy that holds for it: its own, or else the environment's.
CREATE OR REPLACE FUNCTION stock_policy(default_reorder_point INT, default_reorder_qty INT) RETURNS TABLE (
    item_id TEXT, description TEXT, on_hand_qty BIGINT, intake_total BIGINT, consume_total BIGINT,
    last_activity_ts TIMESTAMPTZ, reorder_point INT, reorder_qty INT, own_reorder_point BOOLEAN,
    own_reorder_qty BOOLEAN, is_low BOOLEAN
) LANGUAGE sql STABLE AS $$
    SELECT stock.item_id, coalesce(item.description, ''), stock.on_hand_qty, stock.intake_total, stock.consume_total,
           stock.last_activity_ts, policy.reorder_point, policy.reorder_qty, item.reorder_point IS NOT NULL,
           item.reorder_qty IS NOT NULL, is_low(stock.on_hand_qty, policy.reorder_point)
    FROM inventory_current AS stock
    LEFT JOIN items AS item ON item.item_id = stock.item_id
    CROSS JOIN LATERAL (
        SELECT coalesce(item.reorder_point, default_reorder_point) AS reorder_point,
               coalesce(item.reorder_qty, default_reorder_qty) AS reorder_qty
    ) AS policy
$$;

CREATE TABLE IF NOT EXISTS replenishment_signals (
    id SERIAL PRIMARY KEY,
    signal_id UUID NOT NULL,
    created_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    item_id TEXT NOT NULL,
    triggered_at_qty INT NOT NULL,
    reorder_point INT NOT NULL DEFAULT 10,
    reorder_qty INT NOT NULL DEFAULT 24,
    trigger_event_id UUID REFERENCES scan_events(event_id),
    status TEXT NOT NULL DEFAULT 'OPEN'
        CHECK (status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED'))
);

CREATE INDEX IF NOT EXISTS replenishment_signals_signal_id_id ON replenishment_signals (signal_id, id DESC);
CREATE INDEX IF NOT EXISTS replenishment_signals_item_id_id ON replenishment_signals (item_id, id DESC);
-- How long signals took is asked for a fortnight, whatever the length of the ledger.
CREATE INDEX IF NOT EXISTS replenishment_signals_created_ts ON replenishment_signals (created_ts DESC);

CREATE OR REPLACE TRIGGER replenishment_signals_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON replenishment_signals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The newest row of each signal, kept by the database: it decides which row may follow, and that one item has one
-- live signal at most, for every writer. What a signal began with stands beside it: lists by age and by urgency need
-- not look for its first row.
CREATE TABLE IF NOT EXISTS signal_heads (
    signal_id UUID PRIMARY KEY,
    id INT NOT NULL UNIQUE,
    item_id TEXT NOT NULL,
    status TEXT NOT NULL,
    -- “infinity” is a time to Postgres, and no page could read it back.
    opened_ts TIMESTAMPTZ NOT NULL
        CONSTRAINT signal_heads_opened_ts_is_a_date
        CHECK (opened_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00'),
    reorder_point INT NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS signal_heads_one_live_per_item ON signal_heads (item_id) WHERE status <> 'FULFILLED';
CREATE INDEX IF NOT EXISTS signal_heads_status_id ON signal_heads (status, id DESC);
CREATE INDEX IF NOT EXISTS signal_heads_opened_ts ON signal_heads (opened_ts DESC);
CREATE INDEX IF NOT EXISTS signal_heads_item_id_id ON signal_heads (item_id, id DESC);
-- The live ones are few among many: they are read from this index alone.
CREATE INDEX IF NOT EXISTS signal_heads_live
    ON signal_heads (id DESC) INCLUDE (signal_id, item_id, status, opened_ts, reorder_point)
    WHERE status <> 'FULFILLED';

CREATE OR REPLACE FUNCTION advance_signal_head() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.status = 'OPEN' THEN
        INSERT INTO signal_heads (signal_id, id, item_id, status, opened_ts, reorder_point)
        VALUES (NEW.signal_id, NEW.id, NEW.item_id, NEW.status, NEW.created_ts, NEW.reorder_point);
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

CREATE OR REPLACE TRIGGER replenishment_signals_advance_head
    AFTER INSERT ON replenishment_signals
    FOR EACH ROW EXECUTE FUNCTION advance_signal_head();

-- Newest is by id. Two foreign writers who take their ids in one order and write in the other, or who choose an id by
-- hand, would leave a story whose last row is not its newest: the second one is refused.
CREATE OR REPLACE FUNCTION refuse_step_back() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'signal % has row % already, row % is older: append a newer one', OLD.signal_id, OLD.id, NEW.id
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE OR REPLACE TRIGGER signal_heads_move_on
    BEFORE UPDATE ON signal_heads
    FOR EACH ROW WHEN (NEW.id <= OLD.id) EXECUTE FUNCTION refuse_step_back();

-- Of an adopted ledger: taken once, before the guard stands. A signal begins with its first row, whatever that says.
INSERT INTO signal_heads (signal_id, id, item_id, status, opened_ts, reorder_point)
SELECT signal_id, newest.id, newest.item_id, newest.status, first.created_ts, first.reorder_point
FROM (SELECT DISTINCT ON (signal_id) * FROM replenishment_signals ORDER BY signal_id, id DESC) AS newest
JOIN (SELECT DISTINCT ON (signal_id) * FROM replenishment_signals ORDER BY signal_id, id) AS first USING (signal_id)
ON CONFLICT (signal_id) DO NOTHING;

CREATE OR REPLACE TRIGGER signal_heads_follow_the_ledger
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON signal_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_write();

-- Who told a row of the story and, where stock told it, by which event. NULL e-mail: the stock itself decided.
CREATE TABLE IF NOT EXISTS signal_actors (
    id INT PRIMARY KEY REFERENCES replenishment_signals (id),
    user_email TEXT,
    event_id UUID REFERENCES scan_events (event_id)
);

CREATE OR REPLACE TRIGGER signal_actors_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_actors
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is told to the outside, once per signal: the row is the proof of delivery that keeps a second call from going
-- out.
CREATE TABLE IF NOT EXISTS signal_notices (
    signal_id UUID PRIMARY KEY,
    queued_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    attempts INT NOT NULL DEFAULT 0,
    attempted_ts TIMESTAMPTZ,
    problem TEXT,
    delivered_ts TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS signal_notices_undelivered ON signal_notices (queued_ts) WHERE delivered_ts IS NULL;

-- Each signal's newest row with the stock of now beside the stock that triggered it, and when it began.
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
CREATE OR REPLACE VIEW signals_live AS
SELECT head.signal_id, head.item_id, head.opened_ts, head.reorder_point, coalesce(stock.on_hand_qty, 0) AS current_qty,
       head.status = 'OPEN' AS is_open
FROM signal_heads AS head
LEFT JOIN inventory_current AS stock ON stock.item_id = head.item_id
WHERE head.status <> 'FULFILLED';

-- Every row of every story with who told it and the event that decided. NULL: nobody, or no event, is known.
CREATE OR REPLACE VIEW signal_steps AS
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

-- How long each acknowledgement and each fulfilment took, from the signal's beginning.
CREATE OR REPLACE VIEW signal_waits AS
SELECT step.status,
       step.created_ts,
       extract(epoch FROM step.created_ts - head.opened_ts) AS waited_seconds
FROM replenishment_signals AS step
JOIN signal_heads AS head USING (signal_id)
WHERE step.status <> 'OPEN';
