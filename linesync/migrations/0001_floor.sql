-- The ground floor: the ledger of cartons, what it adds up to, and the guards that every ledger here stands behind.
-- It references nothing of ours; signals, inventory and slips reference it, in this order. Each statement also stands
-- where an earlier database has been made alike (0001_adopt.sql). docs/schema.sql shows the whole with its promises.

-- A function keeps this path: a writer's own functions and temporary tables are never found before ours.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION '% is append-only, % is refused: append a correcting row instead', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Nobody writes what follows from a ledger: only the ledger's triggers, which run one level deeper than a statement.
CREATE OR REPLACE FUNCTION refuse_direct_write() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% follows from the ledger, % is refused: append to the ledger instead', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TABLE IF NOT EXISTS scan_events (
    event_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    event_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    event_type TEXT NOT NULL CHECK (event_type IN ('INTAKE', 'CONSUME')),
    station_id TEXT NOT NULL,
    barcode_raw TEXT NOT NULL,
    item_id TEXT NOT NULL,
    qty INT NOT NULL CHECK (qty > 0),
    user_email TEXT
);

CREATE INDEX IF NOT EXISTS scan_events_event_ts ON scan_events (event_ts DESC);
-- One item's past at the price of the index alone.
CREATE INDEX IF NOT EXISTS scan_events_item_history
    ON scan_events (item_id, event_ts DESC, event_id DESC) INCLUDE (event_type, qty);
-- The last events of one station, however long ago it last scanned.
CREATE INDEX IF NOT EXISTS scan_events_station_id_event_ts ON scan_events (station_id, event_ts DESC);
-- An event is undone by an opposite one whose payload names it; the index lets that happen once.
CREATE UNIQUE INDEX IF NOT EXISTS scan_events_undone_once ON scan_events (barcode_raw) WHERE barcode_raw LIKE 'UNDO=%';

CREATE OR REPLACE TRIGGER scan_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON scan_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per item, kept by the database in the transaction of the event, whoever writes it.
CREATE TABLE IF NOT EXISTS stock_levels (
    item_id TEXT PRIMARY KEY,
    intake_total BIGINT NOT NULL,
    consume_total BIGINT NOT NULL,
    -- “infinity” is a time to Postgres, and no page could read it back.
    last_activity_ts TIMESTAMPTZ NOT NULL
        CONSTRAINT stock_levels_last_activity_ts_is_a_date
        CHECK (last_activity_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00')
) WITH (fillfactor = 70);

CREATE OR REPLACE FUNCTION add_to_stock_levels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    -- Sorted, so that two bulk receipts that share items cannot deadlock.
    INSERT INTO stock_levels AS level (item_id, intake_total, consume_total, last_activity_ts)
    SELECT item_id,
           coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0),
           coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0),
           max(event_ts)
    FROM new_events
    GROUP BY item_id
    ORDER BY item_id
    ON CONFLICT (item_id) DO UPDATE
    SET intake_total = level.intake_total + excluded.intake_total,
        consume_total = level.consume_total + excluded.consume_total,
        last_activity_ts = greatest(level.last_activity_ts, excluded.last_activity_ts);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER scan_events_add_to_stock_levels
    AFTER INSERT ON scan_events
    REFERENCING NEW TABLE AS new_events
    FOR EACH STATEMENT EXECUTE FUNCTION add_to_stock_levels();

-- Of an adopted ledger: counted once, before the guard stands.
INSERT INTO stock_levels (item_id, intake_total, consume_total, last_activity_ts)
SELECT item_id,
       coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0),
       coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0),
       max(event_ts)
FROM scan_events
GROUP BY item_id
ON CONFLICT (item_id) DO NOTHING;

CREATE OR REPLACE TRIGGER stock_levels_follow_the_ledger
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON stock_levels
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_write();

CREATE OR REPLACE VIEW inventory_current AS
SELECT item_id,
       intake_total,
       consume_total,
       intake_total - consume_total AS on_hand_qty,
       last_activity_ts
FROM stock_levels;

-- What the API answered to a request that carried an Idempotency-Key, so that a repeat is told the same. A row without
-- a status is never committed: it holds the key while its request is at work, and a second one waits for it.
CREATE TABLE IF NOT EXISTS api_answers (
    person_email TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    answered_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    status INT,
    body TEXT,
    PRIMARY KEY (person_email, idempotency_key)
) WITH (fillfactor = 90);

CREATE INDEX IF NOT EXISTS api_answers_answered_ts ON api_answers (answered_ts);
