-- The story of each need to restock, and the item policies that decide when one begins.
-- A database that already holds the brief's table with rows in it is adopted.

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

-- An adopted ledger may hold two live signals of one item (the first LineSync opened them after an acknowledgement).
-- The oldest story goes on; the younger doubles are ended by new rows, as every correction is.
INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
SELECT signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, 'FULFILLED'
FROM (
    SELECT *, row_number() OVER (PARTITION BY item_id ORDER BY id) AS nth_live
    FROM (SELECT DISTINCT ON (signal_id) * FROM replenishment_signals ORDER BY signal_id, id DESC) AS newest
    WHERE status <> 'FULFILLED'
) AS live
WHERE nth_live > 1;

CREATE TRIGGER replenishment_signals_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON replenishment_signals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The newest row of each signal, kept by the database: it decides which row may follow, and that one item has one
-- live signal at most, for every writer. What a signal began with stands beside it: lists by age and by urgency need
-- not look for its first row.
CREATE TABLE signal_heads (
    signal_id UUID PRIMARY KEY,
    id INT NOT NULL UNIQUE,
    item_id TEXT NOT NULL,
    status TEXT NOT NULL,
    opened_ts TIMESTAMPTZ NOT NULL,
    reorder_point INT NOT NULL
);
CREATE UNIQUE INDEX signal_heads_one_live_per_item ON signal_heads (item_id) WHERE status <> 'FULFILLED';
CREATE INDEX signal_heads_status_id ON signal_heads (status, id DESC);

INSERT INTO signal_heads (signal_id, id, item_id, status, opened_ts, reorder_point)
SELECT signal_id, newest.id, newest.item_id, newest.status, first.created_ts, first.reorder_point
FROM (SELECT DISTINCT ON (signal_id) * FROM replenishment_signals ORDER BY signal_id, id DESC) AS newest
JOIN (SELECT DISTINCT ON (signal_id) * FROM replenishment_signals ORDER BY signal_id, id) AS first USING (signal_id);

CREATE FUNCTION advance_signal_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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

CREATE TRIGGER replenishment_signals_advance_head
    AFTER INSERT ON replenishment_signals
    FOR EACH ROW EXECUTE FUNCTION advance_signal_head();

CREATE TRIGGER signal_heads_follow_the_ledger
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON signal_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_write();

-- Replaced, never dropped: other people's views and rights hang on it. The first LineSync's view numbers its rows in a
-- last column, which a replacement has to keep.
DO $$
DECLARE
    columns TEXT := 'head.id, head.signal_id, s.created_ts, head.item_id, s.triggered_at_qty, s.reorder_point, '
                    's.reorder_qty, s.trigger_event_id, head.status';
    source TEXT := ' FROM signal_heads AS head JOIN replenishment_signals AS s ON s.id = head.id';
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW replenishment_signals_current AS SELECT ' || columns || source;
EXCEPTION WHEN invalid_table_definition THEN
    EXECUTE 'CREATE OR REPLACE VIEW replenishment_signals_current AS SELECT ' || columns || ', 1::bigint AS rn' || source;
END
$$;

-- Who told a row of the story and, where stock told it, by which event. NULL e-mail: the stock itself decided.
CREATE TABLE signal_actors (
    id INT PRIMARY KEY REFERENCES replenishment_signals (id),
    user_email TEXT,
    event_id UUID REFERENCES scan_events (event_id)
);

CREATE TRIGGER signal_actors_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_actors
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Policy per item. NULL: the default of the environment.
CREATE TABLE items (
    item_id TEXT PRIMARY KEY CHECK (item_id ~ '^[A-Za-z0-9][A-Za-z0-9_./+#:-]{0,63}$'),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    reorder_point INT CHECK (reorder_point BETWEEN 0 AND 999999999),
    reorder_qty INT CHECK (reorder_qty BETWEEN 1 AND 999999999),
    updated_ts TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- What a signal is decided by: stock on hand beside the item's policy.
CREATE VIEW stock_policy AS
SELECT stock.item_id, stock.on_hand_qty, item.reorder_point, item.reorder_qty
FROM inventory_current AS stock
LEFT JOIN items AS item USING (item_id);

-- The brief's join: each signal's newest row with the stock of now beside the stock that triggered it.
CREATE VIEW signals_with_stock AS
SELECT s.id, s.signal_id, s.created_ts, s.item_id, s.triggered_at_qty, s.reorder_point, s.reorder_qty,
       s.trigger_event_id, s.status, coalesce(stock.on_hand_qty, 0) AS current_qty
FROM replenishment_signals_current AS s
LEFT JOIN inventory_current AS stock USING (item_id);
