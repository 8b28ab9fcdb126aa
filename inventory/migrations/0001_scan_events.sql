-- The ledger of cartons and, behind its view, what it adds up to. A database that already holds the brief's tables
-- with rows in them is adopted: nothing of its own is rewritten, the levels are counted from its events once.

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

CREATE INDEX IF NOT EXISTS scan_events_item_id_event_ts ON scan_events (item_id, event_ts DESC);
CREATE INDEX IF NOT EXISTS scan_events_event_ts ON scan_events (event_ts DESC);
-- An event is undone by an opposite one whose payload names it; the index lets that happen once.
CREATE UNIQUE INDEX IF NOT EXISTS scan_events_undone_once ON scan_events (barcode_raw) WHERE barcode_raw LIKE 'UNDO=%';

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only, % is refused: append a correcting row instead', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER scan_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON scan_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per item, kept by the database in the transaction of the event, whoever writes it.
CREATE TABLE stock_levels (
    item_id TEXT PRIMARY KEY,
    intake_total BIGINT NOT NULL,
    consume_total BIGINT NOT NULL,
    last_activity_ts TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 70);

CREATE FUNCTION add_to_stock_levels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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

CREATE TRIGGER scan_events_add_to_stock_levels
    AFTER INSERT ON scan_events
    REFERENCING NEW TABLE AS new_events
    FOR EACH STATEMENT EXECUTE FUNCTION add_to_stock_levels();

INSERT INTO stock_levels (item_id, intake_total, consume_total, last_activity_ts)
SELECT item_id,
       coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0),
       coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0),
       max(event_ts)
FROM scan_events
GROUP BY item_id;

-- Nobody writes the levels by hand: only the trigger above, which runs one level deeper than a statement of its own.
CREATE FUNCTION refuse_direct_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% follows from the ledger, % is refused: append to the ledger instead', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER stock_levels_follow_the_ledger
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON stock_levels
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_write();

CREATE OR REPLACE VIEW inventory_current AS
SELECT item_id,
       intake_total,
       consume_total,
       intake_total - consume_total AS on_hand_qty,
       last_activity_ts
FROM stock_levels;

-- What the person (or program) was told when the event was booked, so that a repeat can be told the same.
CREATE TABLE scan_outcomes (
    event_id UUID PRIMARY KEY REFERENCES scan_events (event_id),
    on_hand_qty BIGINT NOT NULL,
    signal_id UUID
);

CREATE TRIGGER scan_outcomes_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON scan_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
