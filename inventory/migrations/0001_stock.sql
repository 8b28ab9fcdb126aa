-- What was answered to each scan, the stock as its pages and the API read it, and the checks of gold against it.

SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);

-- What the person (or program) was told when the event was booked, so that a repeat can be told the same.
CREATE TABLE IF NOT EXISTS scan_outcomes (
    event_id UUID PRIMARY KEY REFERENCES scan_events (event_id),
    on_hand_qty BIGINT NOT NULL,
    signal_id UUID
);

CREATE OR REPLACE TRIGGER scan_outcomes_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON scan_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per item as the stock page shows it: level, policy and the live signal, if any.
CREATE OR REPLACE FUNCTION stock_status(default_reorder_point INT, default_reorder_qty INT) RETURNS TABLE (
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
CREATE OR REPLACE FUNCTION stock_at_rest(after_event TEXT, default_reorder_point INT, default_reorder_qty INT)
RETURNS TABLE (item_id TEXT, on_hand_qty BIGINT) LANGUAGE sql STABLE AS $$
    SELECT stock.item_id, stock.on_hand_qty
    FROM stock_status(default_reorder_point, default_reorder_qty) AS stock
    WHERE CASE WHEN stock.is_low THEN after_event = 'INTAKE' OR stock.signal_id IS NOT NULL
               ELSE after_event = 'CONSUME' OR stock.signal_id IS NULL
          END
$$;

-- The same levels at any moment, counted back from now: the cost follows the events since that moment. Descriptions
-- and policies are those of now.
CREATE OR REPLACE FUNCTION stock_as_of(moment TIMESTAMPTZ, default_reorder_point INT, default_reorder_qty INT)
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
CREATE OR REPLACE VIEW scan_history AS
SELECT event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email,
       CASE event_type WHEN 'INTAKE' THEN qty ELSE -qty END AS change
FROM scan_events;

-- Pieces on hand once this moment's events were in; with an event, once it was; without a moment, now. Counted from
-- whichever end of the item's history is nearer: the sum of what came before, or today's stock less what came after.
CREATE OR REPLACE FUNCTION on_hand_at(
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
CREATE OR REPLACE VIEW scan_event_undos AS
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
CREATE OR REPLACE VIEW scan_events_told AS
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
CREATE TABLE IF NOT EXISTS gold_refreshes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refreshed_ts TIMESTAMPTZ NOT NULL,
    snapshot_ts TIMESTAMPTZ NOT NULL,
    newest_event_ts TIMESTAMPTZ,
    event_count BIGINT NOT NULL CHECK (event_count >= 0),
    drift_count INT NOT NULL CHECK (drift_count >= 0),
    checked_ts TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE OR REPLACE TRIGGER gold_refreshes_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON gold_refreshes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A row's xmin tells the transaction that wrote it, without the upper half that pg_snapshot counts with.
CREATE OR REPLACE FUNCTION transaction_number(row_xmin xid) RETURNS BIGINT LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN nearest > newest THEN nearest - 4294967296 ELSE nearest END
    FROM (
        SELECT newest, (newest >> 32 << 32) + row_xmin::text::bigint AS nearest
        FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS newest) AS clock
    ) AS guess
$$;

CREATE OR REPLACE VIEW scan_events_by_transaction AS
SELECT event_id, event_ts, event_type, item_id, qty, transaction_number(xmin) AS transaction_number
FROM scan_events;

CREATE OR REPLACE VIEW replenishment_signals_by_transaction AS
SELECT id, signal_id, transaction_number(xmin) AS transaction_number
FROM replenishment_signals;
