-- LineSync's whole floor in one piece, for reading: every table, view, function and trigger of ours, each with the
-- promise that it keeps. The migrations make it; linesync/tests/test_schema.py compares the two on every Postgres that
-- we promise, so that neither says what the other does not. `psql -f docs/schema.sql` makes it in an empty schema.
--
-- It stands in four storeys. Each references those that stand before it here, and none behind:
--     the ground floor (linesync)   the ledger of cartons, what it adds up to, the guards, the API's kept answers
--     signals                       items and their policies, the story of each need to restock
--     inventory                     what was answered to a scan, the stock as it is read, the checks of gold
--     slips                         deliveries on paper
-- Django's own tables (django_…, auth_…) and the job queue's (procrastinate_…) come from their packages.
--
-- scan_events, replenishment_signals, inventory_current and replenishment_signals_current are the brief's: other
-- people's programs read and write them, so their columns stay as they are. Everything else is ours alone.

BEGIN;

-- The functions that answer for a promise keep this path (SET search_path FROM CURRENT): our schema, whatever its name,
-- and temporary tables last. What a writer's own path finds first is never taken for ours.
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- =====================================================================================================================
-- The ground floor (linesync)
-- =====================================================================================================================

-- Promise: a ledger's rows are never changed, for any writer. A correction is a new row.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION '% is append-only, % is refused: append a correcting row instead', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Promise: what follows from a ledger is written by nobody but the ledger's own triggers, which run one level deeper
-- than a statement of its writer.
CREATE FUNCTION refuse_direct_write() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% follows from the ledger, % is refused: append to the ledger instead', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

-- The brief's ledger: one row per carton that came in or went out, appended once. The caller names event_id, so that a
-- repeat is recognised.
CREATE TABLE scan_events (
    event_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    event_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    event_type TEXT NOT NULL CHECK (event_type IN ('INTAKE', 'CONSUME')),
    station_id TEXT NOT NULL,
    barcode_raw TEXT NOT NULL,
    item_id TEXT NOT NULL,
    qty INT NOT NULL CHECK (qty > 0),
    user_email TEXT
);

-- The newest events of all.
CREATE INDEX scan_events_event_ts ON scan_events (event_ts DESC);
-- One item's past, read from the index alone.
CREATE INDEX scan_events_item_history
    ON scan_events (item_id, event_ts DESC, event_id DESC) INCLUDE (event_type, qty);
-- The last events of one station, however long ago it last scanned.
CREATE INDEX scan_events_station_id_event_ts ON scan_events (station_id, event_ts DESC);
-- Promise: an event is undone once. Its opposite has the payload UNDO=<event_id>.
CREATE UNIQUE INDEX scan_events_undone_once ON scan_events (barcode_raw) WHERE barcode_raw LIKE 'UNDO=%';

-- Promise: append-only.
CREATE TRIGGER scan_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON scan_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Promise: the sum of the events at every commit, for every writer, psql too. One row per item, moved in the event's
-- own transaction: reading the stock does not slow down as events pile up.
CREATE TABLE stock_levels (
    item_id TEXT PRIMARY KEY,
    intake_total BIGINT NOT NULL,
    consume_total BIGINT NOT NULL,
    -- Promise: a time that a page can show. “infinity” is one to Postgres.
    last_activity_ts TIMESTAMPTZ NOT NULL
        CONSTRAINT stock_levels_last_activity_ts_is_a_date
        CHECK (last_activity_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00')
) WITH (fillfactor = 70);

-- With its owner's rights, so that whoever may append an event moves the level, and nobody has to be let in.
CREATE FUNCTION add_to_stock_levels() RETURNS trigger
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

-- Promise: every event is in its level, once.
CREATE TRIGGER scan_events_add_to_stock_levels
    AFTER INSERT ON scan_events
    REFERENCING NEW TABLE AS new_events
    FOR EACH STATEMENT EXECUTE FUNCTION add_to_stock_levels();

-- Promise: no level without an event.
CREATE TRIGGER stock_levels_follow_the_ledger
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON stock_levels
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_write();

-- The brief's view of what is on hand. It may be below zero: the part is gone, the book is wrong.
CREATE VIEW inventory_current AS
SELECT item_id,
       intake_total,
       consume_total,
       intake_total - consume_total AS on_hand_qty,
       last_activity_ts
FROM stock_levels;

-- Promise: a request with an Idempotency-Key is answered the same when it comes again; one person's keys are not
-- another's. A row without a status is never committed: it holds the key while its request is at work, and a second
-- one waits for it.
CREATE TABLE api_answers (
    person_email TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    answered_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    status INT,
    body TEXT,
    PRIMARY KEY (person_email, idempotency_key)
) WITH (fillfactor = 90);

CREATE INDEX api_answers_answered_ts ON api_answers (answered_ts);

-- =====================================================================================================================
-- Signals
-- =====================================================================================================================

-- What is known of an item beside its movements. NULL in its policy: the default of the environment.
CREATE TABLE items (
    item_id TEXT PRIMARY KEY CHECK (item_id ~ '^[A-Za-z0-9][A-Za-z0-9_./+#:-]{0,63}$'),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    reorder_point INT CHECK (reorder_point BETWEEN 0 AND 999999999),
    reorder_qty INT CHECK (reorder_qty BETWEEN 1 AND 999999999),
    updated_ts TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- What “low” means: said here and nowhere else.
CREATE FUNCTION is_low(on_hand_qty BIGINT, reorder_point INT) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN on_hand_qty <= reorder_point;

-- Every item's level beside the policy that holds for it, its own or else the environment's, which the caller brings.
-- What opens and ends signals reads it; a planner sees through it to the tables.
CREATE FUNCTION stock_policy(default_reorder_point INT, default_reorder_qty INT) RETURNS TABLE (
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

-- The brief's ledger of signals: each row is a step of the story that signal_id names, newest by id.
CREATE TABLE replenishment_signals (
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

CREATE INDEX replenishment_signals_signal_id_id ON replenishment_signals (signal_id, id DESC);
CREATE INDEX replenishment_signals_item_id_id ON replenishment_signals (item_id, id DESC);
-- How long signals took is asked for a fortnight, whatever the length of the ledger.
CREATE INDEX replenishment_signals_created_ts ON replenishment_signals (created_ts DESC);

-- Promise: append-only.
CREATE TRIGGER replenishment_signals_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON replenishment_signals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The newest row of each signal, kept by the database for every writer. What the signal began with stands beside it:
-- lists by age and by urgency need not look for its first row.
CREATE TABLE signal_heads (
    signal_id UUID PRIMARY KEY,
    id INT NOT NULL UNIQUE,
    item_id TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Promise: a time that a page can show.
    opened_ts TIMESTAMPTZ NOT NULL
        CONSTRAINT signal_heads_opened_ts_is_a_date
        CHECK (opened_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00'),
    reorder_point INT NOT NULL
);

-- Promise: an item has one live signal (OPEN or ACKNOWLEDGED) at most, under any race.
CREATE UNIQUE INDEX signal_heads_one_live_per_item ON signal_heads (item_id) WHERE status <> 'FULFILLED';
CREATE INDEX signal_heads_status_id ON signal_heads (status, id DESC);
CREATE INDEX signal_heads_opened_ts ON signal_heads (opened_ts DESC);
CREATE INDEX signal_heads_item_id_id ON signal_heads (item_id, id DESC);
-- The live ones are few among many: they are read from this index alone.
CREATE INDEX signal_heads_live
    ON signal_heads (id DESC) INCLUDE (signal_id, item_id, status, opened_ts, reorder_point)
    WHERE status <> 'FULFILLED';

-- Promise: OPEN, then ACKNOWLEDGED, then FULFILLED, or from OPEN to FULFILLED at once; nothing else, and nothing after.
CREATE FUNCTION advance_signal_head() RETURNS trigger
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

-- Promise: every row of a story moves its head, or is refused.
CREATE TRIGGER replenishment_signals_advance_head
    AFTER INSERT ON replenishment_signals
    FOR EACH ROW EXECUTE FUNCTION advance_signal_head();

-- Promise: a story's last decision is its row with the highest id. Two foreign writers who take their ids in one order
-- and write in the other, or who choose an id by hand, would break that: the second one is refused.
CREATE FUNCTION refuse_step_back() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'signal % has row % already, row % is older: append a newer one', OLD.signal_id, OLD.id, NEW.id
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Where that is asked.
CREATE TRIGGER signal_heads_move_on
    BEFORE UPDATE ON signal_heads
    FOR EACH ROW WHEN (NEW.id <= OLD.id) EXECUTE FUNCTION refuse_step_back();

-- Promise: no head without its row.
CREATE TRIGGER signal_heads_follow_the_ledger
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON signal_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_write();

-- Who told a row of the story and, where stock told it, by which event. NULL e-mail: the stock itself decided.
CREATE TABLE signal_actors (
    id INT PRIMARY KEY REFERENCES replenishment_signals (id),
    user_email TEXT,
    event_id UUID REFERENCES scan_events (event_id)
);

-- Promise: append-only.
CREATE TRIGGER signal_actors_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_actors
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Promise: each signal is told to the outside once. The row is the proof of delivery that keeps a second call from
-- going out.
CREATE TABLE signal_notices (
    signal_id UUID PRIMARY KEY,
    queued_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    attempts INT NOT NULL DEFAULT 0,
    attempted_ts TIMESTAMPTZ,
    problem TEXT,
    delivered_ts TIMESTAMPTZ
);

CREATE INDEX signal_notices_undelivered ON signal_notices (queued_ts) WHERE delivered_ts IS NULL;

-- The brief's view: each signal's newest row. Newest is by id, since two rows of one transaction share their time. In a
-- database that was adopted its columns may stand in another order.
CREATE VIEW replenishment_signals_current AS
SELECT head.id, head.signal_id, s.created_ts, head.item_id, s.triggered_at_qty, s.reorder_point, s.reorder_qty,
       s.trigger_event_id, head.status
FROM signal_heads AS head
JOIN replenishment_signals AS s ON s.id = head.id;

-- Each signal's newest row with the stock of now beside the stock that triggered it, and when it began.
CREATE VIEW signals_with_stock AS
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
SELECT head.signal_id, head.item_id, head.opened_ts, head.reorder_point, coalesce(stock.on_hand_qty, 0) AS current_qty,
       head.status = 'OPEN' AS is_open
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

-- How long each acknowledgement and each fulfilment took, from the signal's beginning.
CREATE VIEW signal_waits AS
SELECT step.status,
       step.created_ts,
       extract(epoch FROM step.created_ts - head.opened_ts) AS waited_seconds
FROM replenishment_signals AS step
JOIN signal_heads AS head USING (signal_id)
WHERE step.status <> 'OPEN';

-- =====================================================================================================================
-- Inventory
-- =====================================================================================================================

-- Promise: a scan that comes again is told what it was told first. Written in the transaction that books the event.
CREATE TABLE scan_outcomes (
    event_id UUID PRIMARY KEY REFERENCES scan_events (event_id),
    on_hand_qty BIGINT NOT NULL,
    signal_id UUID
);

-- Promise: append-only.
CREATE TRIGGER scan_outcomes_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON scan_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per item as the stock page shows it: level, policy and the live signal, if any.
CREATE FUNCTION stock_status(default_reorder_point INT, default_reorder_qty INT) RETURNS TABLE (
    item_id TEXT, description TEXT, on_hand_qty BIGINT, intake_total BIGINT, consume_total BIGINT,
    last_activity_ts TIMESTAMPTZ, reorder_point INT, reorder_qty INT, own_reorder_point BOOLEAN,
    own_reorder_qty BOOLEAN, is_low BOOLEAN, signal_id UUID, signal_status TEXT
) LANGUAGE sql STABLE AS $$
    SELECT stock.item_id, stock.description, stock.on_hand_qty, stock.intake_total, stock.consume_total,
           stock.last_activity_ts, stock.reorder_point, stock.reorder_qty, stock.own_reorder_point,
           stock.own_reorder_qty, stock.is_low, live.signal_id, live.status
    FROM stock_policy(default_reorder_point, default_reorder_qty) AS stock
    LEFT JOIN signal_heads AS live ON live.item_id = stock.item_id AND live.status <> 'FULFILLED'
$$;

-- The stock of those items whose signal need not move after such an event: what is low has one already or came in, what
-- is not has none or went out. A booking looks here first.
CREATE FUNCTION stock_at_rest(after_event TEXT, default_reorder_point INT, default_reorder_qty INT)
RETURNS TABLE (item_id TEXT, on_hand_qty BIGINT) LANGUAGE sql STABLE AS $$
    SELECT stock.item_id, stock.on_hand_qty
    FROM stock_status(default_reorder_point, default_reorder_qty) AS stock
    WHERE CASE WHEN stock.is_low THEN after_event = 'INTAKE' OR stock.signal_id IS NOT NULL
               ELSE after_event = 'CONSUME' OR stock.signal_id IS NULL
          END
$$;

-- The same levels at any moment, counted back from now: the cost follows the events since that moment. Descriptions
-- and policies are those of now.
CREATE FUNCTION stock_as_of(moment TIMESTAMPTZ, default_reorder_point INT, default_reorder_qty INT)
RETURNS TABLE (
    item_id TEXT, description TEXT, on_hand_qty BIGINT, intake_total BIGINT, consume_total BIGINT,
    last_activity_ts TIMESTAMPTZ, reorder_point INT, reorder_qty INT, is_low BOOLEAN
) LANGUAGE sql STABLE AS $$
    WITH later AS (
        SELECT event.item_id,
               coalesce(sum(event.qty) FILTER (WHERE event.event_type = 'INTAKE'), 0)::bigint AS intake,
               coalesce(sum(event.qty) FILTER (WHERE event.event_type = 'CONSUME'), 0)::bigint AS consume
        FROM scan_events AS event
        WHERE event.event_ts > moment
        GROUP BY event.item_id
    )
    SELECT stock.item_id,
           stock.description,
           past.on_hand_qty,
           stock.intake_total - coalesce(later.intake, 0),
           stock.consume_total - coalesce(later.consume, 0),
           CASE WHEN later.item_id IS NULL THEN stock.last_activity_ts ELSE (
               SELECT max(event.event_ts) FROM scan_events AS event
               WHERE event.item_id = stock.item_id AND event.event_ts <= moment
           ) END,
           stock.reorder_point,
           stock.reorder_qty,
           is_low(past.on_hand_qty, stock.reorder_point)
    FROM stock_policy(default_reorder_point, default_reorder_qty) AS stock
    LEFT JOIN later ON later.item_id = stock.item_id
    CROSS JOIN LATERAL (
        SELECT stock.on_hand_qty - coalesce(later.intake - later.consume, 0) AS on_hand_qty
    ) AS past
    -- An item without an event until then was not there yet.
    WHERE stock.intake_total + stock.consume_total > coalesce(later.intake + later.consume, 0)
$$;

-- The ledger as it is read back: `change` is what the event did to the stock.
CREATE VIEW scan_history AS
SELECT event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email,
       CASE event_type WHEN 'INTAKE' THEN qty ELSE -qty END AS change
FROM scan_events;

-- Pieces on hand once this moment's events were in; with an event, once it was; without a moment, now. Counted from
-- whichever end of the item's history is nearer: the sum of what came before, or today's stock less what came after.
CREATE FUNCTION on_hand_at(
    of_item TEXT, moment TIMESTAMPTZ DEFAULT 'infinity', event UUID DEFAULT 'ffffffff-ffff-ffff-ffff-ffffffffffff'
) RETURNS BIGINT LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
               WHEN first_ts IS NULL THEN 0
               WHEN moment = 'infinity' THEN (SELECT on_hand_qty FROM inventory_current WHERE item_id = of_item)
               WHEN moment - first_ts < last_ts - moment THEN (
                   SELECT coalesce(sum(change), 0)
                   FROM scan_history
                   WHERE item_id = of_item AND (event_ts, event_id) <= (moment, event)
               )
               ELSE (SELECT on_hand_qty FROM inventory_current WHERE item_id = of_item) - (
                   SELECT coalesce(sum(change), 0)
                   FROM scan_history
                   WHERE item_id = of_item AND (event_ts, event_id) > (moment, event)
               )
           END
    FROM (SELECT min(event_ts) AS first_ts, max(event_ts) AS last_ts FROM scan_events WHERE item_id = of_item) AS past
$$;

-- Beside each event the one it undoes and the one that undid it, if any: join it by event_id to a few events.
CREATE VIEW scan_event_undos AS
SELECT event.event_id,
       undoes.event_ts AS undoes_ts,
       undoes.user_email AS undoes_email,
       undone.event_ts AS undone_ts,
       undone.user_email AS undone_email
FROM scan_events AS event
LEFT JOIN scan_events AS undoes
    ON undoes.event_id = CASE WHEN event.barcode_raw LIKE 'UNDO=%'
                               AND pg_input_is_valid(substr(event.barcode_raw, 6), 'uuid')
                              THEN substr(event.barcode_raw, 6)::uuid
                         END
LEFT JOIN scan_events AS undone
    ON undone.barcode_raw = 'UNDO=' || event.event_id AND undone.barcode_raw LIKE 'UNDO=%';

-- Events with what was answered when they were booked, the signal that they opened, and the stock of now.
CREATE VIEW scan_events_told AS
SELECT event.event_id, event.event_ts, event.event_type, event.station_id, event.barcode_raw, event.item_id, event.qty,
       event.user_email, outcome.on_hand_qty, opened.signal_id AS opened_signal_id, opened.reorder_qty,
       outcome.signal_id AS answered_signal_id, stock.on_hand_qty AS on_hand_now
FROM scan_events AS event
LEFT JOIN scan_outcomes AS outcome USING (event_id)
LEFT JOIN inventory_current AS stock ON stock.item_id = event.item_id
LEFT JOIN replenishment_signals AS opened
    ON opened.signal_id = outcome.signal_id
   AND opened.trigger_event_id = event.event_id
   AND opened.status = 'OPEN';

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

-- Promise: append-only.
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

-- What the ledger got since a refresh of gold, whatever the times in its rows say.
CREATE VIEW scan_events_by_transaction AS
SELECT event_id, event_ts, event_type, item_id, qty, transaction_number(xmin) AS transaction_number
FROM scan_events;

-- The same of the signals.
CREATE VIEW replenishment_signals_by_transaction AS
SELECT id, signal_id, transaction_number(xmin) AS transaction_number
FROM replenishment_signals;

-- =====================================================================================================================
-- Slips
-- =====================================================================================================================

-- Deliveries on paper. Nothing of the ledger points here; a received line names its event, so that either may be kept
-- without the other.
CREATE TABLE slips (
    slip_id UUID PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'reading'
        CHECK (state IN ('reading', 'review', 'received', 'discarded', 'failed')),
    uploaded_by TEXT,
    uploaded_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    again_reason TEXT,
    job_id BIGINT,
    pages_total INT NOT NULL DEFAULT 0 CHECK (pages_total >= 0),
    pages_read INT NOT NULL DEFAULT 0 CHECK (pages_read >= 0),
    problem TEXT NOT NULL DEFAULT '',
    vendor TEXT NOT NULL DEFAULT '',
    po_number TEXT NOT NULL DEFAULT '',
    slip_number TEXT NOT NULL DEFAULT '',
    ship_date TEXT NOT NULL DEFAULT '',
    printed_lines INT,
    printed_pieces NUMERIC(20, 6),
    notes TEXT NOT NULL DEFAULT '',
    head_version INT NOT NULL DEFAULT 1,
    -- Counts every change of the slip or of one of its lines: who receives says which one they saw.
    revision INT NOT NULL DEFAULT 0,
    changed_by TEXT,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    forgotten_at TIMESTAMPTZ
);

CREATE INDEX slips_state_uploaded_at ON slips (state, uploaded_at DESC);
CREATE INDEX slips_uploaded_at ON slips (uploaded_at DESC);

-- What was sent, as it was sent; `digest` recognises a file that comes again.
CREATE TABLE slip_files (
    slip_id UUID NOT NULL REFERENCES slips,
    position INT NOT NULL,
    name TEXT NOT NULL,
    bytes INT NOT NULL CHECK (bytes > 0),
    digest TEXT NOT NULL,
    stored_name TEXT NOT NULL,
    PRIMARY KEY (slip_id, position)
);

CREATE INDEX slip_files_digest ON slip_files (digest);

-- Its pages as pictures.
CREATE TABLE slip_pages (
    slip_id UUID NOT NULL REFERENCES slips,
    number INT NOT NULL CHECK (number >= 0),
    stored_name TEXT NOT NULL,
    width INT NOT NULL CHECK (width > 0),
    height INT NOT NULL CHECK (height > 0),
    -- Quarters by which the picture was turned once the reader found which way is up: it has a new address then.
    turns INT NOT NULL DEFAULT 0 CHECK (turns BETWEEN 0 AND 3),
    PRIMARY KEY (slip_id, number)
);

-- The draft. `read_…` is what the reader saw, beside it what a person made of it; `box` in fractions of the page.
CREATE TABLE slip_lines (
    line_id UUID PRIMARY KEY,
    slip_id UUID NOT NULL REFERENCES slips,
    position DOUBLE PRECISION NOT NULL,
    item_id TEXT NOT NULL,
    qty NUMERIC(20, 6) CHECK (qty >= 0),
    description TEXT NOT NULL DEFAULT '',
    found_qty INT CHECK (found_qty >= 0),
    read_item_id TEXT,
    read_qty NUMERIC(20, 6),
    confidence TEXT CHECK (confidence IN ('high', 'medium', 'low')),
    evidence TEXT NOT NULL DEFAULT '',
    page INT,
    box DOUBLE PRECISION[] CHECK (cardinality(box) = 4),
    checked_by TEXT,
    checked_at TIMESTAMPTZ,
    removed_by TEXT,
    removed_at TIMESTAMPTZ,
    version INT NOT NULL DEFAULT 1,
    changed_by TEXT,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX slip_lines_slip_id ON slip_lines (slip_id, position);
CREATE INDEX slip_lines_item_id ON slip_lines (item_id);

-- What a slip can be found by beside its own columns.
CREATE VIEW slip_words AS
SELECT slip_id, item_id AS word FROM slip_lines WHERE removed_at IS NULL
UNION ALL
SELECT slip_id, name FROM slip_files;

-- How long it is.
CREATE VIEW slip_lengths AS
SELECT slip_id, count(*) AS lines FROM slip_lines WHERE removed_at IS NULL GROUP BY slip_id;

-- Promise: a slip is received once, in one transaction with its events, and what was counted then is never changed.
CREATE TABLE slip_receipts (
    slip_id UUID PRIMARY KEY,
    received_by TEXT,
    received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    station_id TEXT NOT NULL,
    vendor TEXT NOT NULL,
    po_number TEXT NOT NULL,
    slip_number TEXT NOT NULL,
    digests TEXT[] NOT NULL,
    -- Lower case letters and digits only: how two slips are recognised as one. NULL without a slip number.
    same_slip TEXT,
    again_reason TEXT
);

CREATE INDEX slip_receipts_digests ON slip_receipts USING gin (digests);
CREATE INDEX slip_receipts_same_slip ON slip_receipts (same_slip);
CREATE INDEX slip_receipts_received_at ON slip_receipts (received_at DESC);

-- Line by line: what the slip said, what was found, and the stock before and after.
CREATE TABLE slip_receipt_lines (
    slip_id UUID NOT NULL REFERENCES slip_receipts,
    line_id UUID NOT NULL,
    position INT NOT NULL,
    item_id TEXT NOT NULL,
    description TEXT NOT NULL,
    slip_qty NUMERIC(20, 6) NOT NULL,
    found_qty INT NOT NULL,
    checked_by TEXT,
    -- NULL where nothing was found, so that nothing was booked.
    event_id UUID,
    on_hand_before BIGINT,
    on_hand_after BIGINT,
    signal_id UUID,
    PRIMARY KEY (slip_id, position)
);

CREATE INDEX slip_receipt_lines_differences ON slip_receipt_lines (slip_id) WHERE found_qty <> slip_qty;

-- Promise: append-only.
CREATE TRIGGER slip_receipts_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON slip_receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Promise: append-only.
CREATE TRIGGER slip_receipt_lines_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON slip_receipt_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Files and page pictures, where no other storage is configured: any web or worker process finds them here.
CREATE TABLE stored_files (
    name TEXT PRIMARY KEY,
    content BYTEA NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

COMMIT;
