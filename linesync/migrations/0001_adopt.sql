-- A database that holds a ledger already: the brief's two tables, either shape of the first LineSync's, or what an
-- earlier version of this one made, whole or left half way. Here they become so much alike that the floor can stand on
-- them; no row is lost. What cannot be taken over is refused with a sentence. A new database passes by all of it.

SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- An earlier version of this one. The guards stand again when the floor does; what has other columns now is made anew.
DROP TRIGGER IF EXISTS stock_levels_follow_the_ledger ON stock_levels;
DROP TRIGGER IF EXISTS signal_heads_follow_the_ledger ON signal_heads;
DROP TRIGGER IF EXISTS slip_receipts_append_only ON slip_receipts;
DROP TRIGGER IF EXISTS slip_receipt_lines_append_only ON slip_receipt_lines;
DROP FUNCTION IF EXISTS refuse_slip_change(), stock_as_of(TIMESTAMPTZ);
DROP VIEW IF EXISTS stock_status, stock_policy;
DROP INDEX IF EXISTS scan_events_item_id_event_ts;
ALTER TABLE IF EXISTS slip_pages
    ADD COLUMN IF NOT EXISTS turns INT NOT NULL DEFAULT 0 CHECK (turns BETWEEN 0 AND 3);
ALTER TABLE IF EXISTS stock_levels
    DROP CONSTRAINT IF EXISTS stock_levels_last_activity_ts_is_a_date,
    ADD CONSTRAINT stock_levels_last_activity_ts_is_a_date
        CHECK (last_activity_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00');
ALTER TABLE IF EXISTS signal_heads
    DROP CONSTRAINT IF EXISTS signal_heads_opened_ts_is_a_date,
    ADD CONSTRAINT signal_heads_opened_ts_is_a_date
        CHECK (opened_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00');

-- The first LineSync. The last of its indexes allows an item one OPEN row for ever: no append-only story could keep it.
DROP INDEX IF EXISTS idx_scan_events_item_id, idx_scan_events_ts, idx_replenishment_signals_item_status,
    idx_replenishment_signals_signal_id_ts, idx_replenishment_signals_item_open;
ALTER TABLE IF EXISTS scan_events ADD COLUMN IF NOT EXISTS user_email TEXT;

CREATE FUNCTION columns_of(relation TEXT) RETURNS TABLE (name TEXT, kind TEXT, is_enum BOOLEAN, must_be_given BOOLEAN)
LANGUAGE sql STABLE AS $$
    SELECT attname, format_type(atttypid, atttypmod), typtype = 'e',
           attnotnull AND NOT atthasdef AND attidentity = ''
    FROM pg_attribute
    JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = to_regclass(relation) AND attnum > 0 AND NOT attisdropped
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM columns_of('replenishment_signals') WHERE name = 'current_qty')
       AND NOT EXISTS (SELECT FROM columns_of('replenishment_signals') WHERE name = 'triggered_at_qty') THEN
        ALTER TABLE replenishment_signals RENAME COLUMN current_qty TO triggered_at_qty;
    END IF;
END
$$;

DO $$
DECLARE
    wrong TEXT;
BEGIN
    -- Columns beside these are their owner's business, as long as we need not fill them.
    SELECT string_agg(
               CASE WHEN wanted.kind IS NULL THEN format('%s.%s may not be empty and has no default', relation, name)
                    ELSE format('%s.%s has to be %s and is %s', relation, name, wanted.kind,
                                coalesce(found.kind, 'not there'))
               END, ', ' ORDER BY relation, name)
    INTO wrong
    FROM (
        VALUES ('scan_events', 'event_id', 'uuid'),
               ('scan_events', 'event_ts', 'timestamp with time zone'),
               ('scan_events', 'event_type', 'text'),
               ('scan_events', 'station_id', 'text'),
               ('scan_events', 'barcode_raw', 'text'),
               ('scan_events', 'item_id', 'text'),
               ('scan_events', 'qty', 'integer'),
               ('scan_events', 'user_email', 'text'),
               ('replenishment_signals', 'id', 'integer'),
               ('replenishment_signals', 'signal_id', 'uuid'),
               ('replenishment_signals', 'created_ts', 'timestamp with time zone'),
               ('replenishment_signals', 'item_id', 'text'),
               ('replenishment_signals', 'triggered_at_qty', 'integer'),
               ('replenishment_signals', 'reorder_point', 'integer'),
               ('replenishment_signals', 'reorder_qty', 'integer'),
               ('replenishment_signals', 'trigger_event_id', 'uuid'),
               ('replenishment_signals', 'status', 'text')
    ) AS wanted (relation, name, kind)
    FULL JOIN (
        SELECT relation, name, kind, is_enum, must_be_given
        FROM (VALUES ('scan_events'), ('replenishment_signals')) AS ledger (relation)
        CROSS JOIN LATERAL columns_of(relation)
    ) AS found USING (relation, name)
    WHERE to_regclass(relation) IS NOT NULL
      AND CASE WHEN wanted.kind IS NULL THEN must_be_given
               WHEN found.kind IS NULL THEN name <> 'id'
               ELSE wanted.kind <> found.kind AND NOT (wanted.kind = 'text' AND is_enum)
          END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'This ledger is not one that LineSync can take over: %. Change that, or rename both tables to '
            'begin with empty ones.', wrong;
    END IF;
    IF to_regclass('replenishment_signals') IS NOT NULL AND to_regclass('scan_events') IS NULL THEN
        RAISE EXCEPTION 'There is a table replenishment_signals, and no scan_events that it could stand on. Bring that '
            'back, or rename the one to begin with empty ones.';
    END IF;
END
$$;

-- “infinity” is a time to Postgres, and no page could read it back. And later rows of a story name its event again.
DO $$
DECLARE
    rows_outside BIGINT := 0;
    rows_alone BIGINT := 0;
BEGIN
    IF to_regclass('scan_events') IS NOT NULL AND to_regclass('stock_levels') IS NULL THEN
        SELECT count(*) INTO rows_outside
        FROM scan_events
        WHERE event_ts NOT BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00';
    END IF;
    IF rows_outside > 0 THEN
        RAISE EXCEPTION 'The event_ts of % rows of scan_events lies outside of the years 1 to 9999, which no page can '
            'show. Give them the time they happened.', rows_outside;
    END IF;
    IF to_regclass('replenishment_signals') IS NOT NULL AND to_regclass('signal_heads') IS NULL THEN
        SELECT count(*) INTO rows_outside
        FROM replenishment_signals
        WHERE created_ts NOT BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00';
    END IF;
    IF rows_outside > 0 THEN
        RAISE EXCEPTION 'The created_ts of % rows of replenishment_signals lies outside of the years 1 to 9999, which '
            'no page can show. Give them the time they happened.', rows_outside;
    END IF;
    IF to_regclass('replenishment_signals') IS NOT NULL THEN
        SELECT count(*) INTO rows_alone
        FROM replenishment_signals AS signal
        WHERE trigger_event_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM scan_events WHERE event_id = signal.trigger_event_id);
    END IF;
    IF rows_alone > 0 THEN
        RAISE EXCEPTION '% rows of replenishment_signals name a trigger_event_id that scan_events does not have. Set '
            'it to NULL: not known.', rows_alone;
    END IF;
END
$$;

-- The first LineSync's older table has one row per signal, changed in place, and no numbers. They come in the order of
-- the beginnings. A signal that has gone on since gets the row it began with, as every story does; when it went on
-- nobody wrote down, so both rows have the time of the beginning.
DO $$
DECLARE
    old_key TEXT;
BEGIN
    IF to_regclass('replenishment_signals') IS NULL
       OR EXISTS (SELECT FROM columns_of('replenishment_signals') WHERE name = 'id') THEN
        RETURN;
    END IF;
    FOR old_key IN
        SELECT conname FROM pg_constraint WHERE conrelid = 'replenishment_signals'::regclass AND contype = 'p'
    LOOP
        EXECUTE format('ALTER TABLE replenishment_signals DROP CONSTRAINT %I', old_key);
    END LOOP;
    ALTER TABLE replenishment_signals ADD COLUMN id SERIAL;
    INSERT INTO replenishment_signals
        (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
    SELECT signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, 'OPEN'
    FROM replenishment_signals
    WHERE status <> 'OPEN';
    UPDATE replenishment_signals AS signal
    SET id = numbered.nth
    FROM (
        SELECT id, row_number() OVER (ORDER BY created_ts, signal_id, status <> 'OPEN') AS nth
        FROM replenishment_signals
    ) AS numbered
    WHERE numbered.id = signal.id;
    ALTER TABLE replenishment_signals ADD PRIMARY KEY (id);
END
$$;

-- What the brief says of the table, where the table does not say so itself.
DO $$
DECLARE
    status_is_checked BOOLEAN;
    event_is_checked BOOLEAN;
BEGIN
    IF to_regclass('replenishment_signals') IS NULL THEN
        RETURN;
    END IF;
    ALTER TABLE replenishment_signals
        ALTER signal_id SET NOT NULL,
        ALTER created_ts SET NOT NULL,
        ALTER created_ts SET DEFAULT now(),
        ALTER item_id SET NOT NULL,
        ALTER triggered_at_qty SET NOT NULL,
        ALTER reorder_point SET NOT NULL,
        ALTER reorder_point SET DEFAULT 10,
        ALTER reorder_qty SET NOT NULL,
        ALTER reorder_qty SET DEFAULT 24,
        ALTER status SET NOT NULL,
        ALTER status SET DEFAULT 'OPEN';
    SELECT bool_or(contype = 'c' AND attname = 'status'), bool_or(contype = 'f' AND attname = 'trigger_event_id')
    INTO status_is_checked, event_is_checked
    FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
    WHERE conrelid = 'replenishment_signals'::regclass;
    IF status_is_checked IS NOT TRUE THEN
        ALTER TABLE replenishment_signals ADD CHECK (status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED'));
    END IF;
    IF event_is_checked IS NOT TRUE THEN
        ALTER TABLE replenishment_signals ADD FOREIGN KEY (trigger_event_id) REFERENCES scan_events (event_id);
    END IF;
    -- The first LineSync opened a second signal after an acknowledgement. The oldest story of an item goes on; the
    -- younger doubles are ended by new rows, as every correction is.
    INSERT INTO replenishment_signals
        (signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
    SELECT signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, 'FULFILLED'
    FROM (
        SELECT *, row_number() OVER (PARTITION BY item_id ORDER BY id) AS nth_live
        FROM (SELECT DISTINCT ON (signal_id) * FROM replenishment_signals ORDER BY signal_id, id DESC) AS newest
        WHERE status <> 'FULFILLED'
    ) AS live
    WHERE nth_live > 1;
END
$$;

DROP FUNCTION columns_of(TEXT);
