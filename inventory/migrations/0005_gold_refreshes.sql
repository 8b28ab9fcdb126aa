-- The stock page says when gold was last refreshed and whether it agreed: each check of a refresh appends a row.

CREATE TABLE gold_refreshes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refreshed_ts TIMESTAMPTZ NOT NULL,
    snapshot_ts TIMESTAMPTZ NOT NULL,
    newest_event_ts TIMESTAMPTZ,
    event_count BIGINT NOT NULL CHECK (event_count >= 0),
    drift_count INT NOT NULL CHECK (drift_count >= 0),
    checked_ts TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE TRIGGER gold_refreshes_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON gold_refreshes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A row's xmin tells the transaction that wrote it, without the upper half that pg_snapshot counts with.
CREATE FUNCTION transaction_number(row_xmin xid) RETURNS BIGINT LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN nearest > newest THEN nearest - 4294967296 ELSE nearest END
    FROM (
        SELECT newest, (newest >> 32 << 32) + row_xmin::text::bigint AS nearest
        FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS newest) AS clock
    ) AS guess
$$;

CREATE VIEW scan_events_by_transaction AS
SELECT event_id, event_ts, event_type, item_id, qty, transaction_number(xmin) AS transaction_number
FROM scan_events;

CREATE VIEW replenishment_signals_by_transaction AS
SELECT id, signal_id, transaction_number(xmin) AS transaction_number
FROM replenishment_signals;
