-- One item's past at the price of the index alone, and how much of it was on hand at any moment of it.

CREATE INDEX scan_events_item_history
    ON scan_events (item_id, event_ts DESC, event_id DESC) INCLUDE (event_type, qty);
DROP INDEX IF EXISTS scan_events_item_id_event_ts;

-- The ledger as it is read back: `change` is what the event did to the stock.
CREATE VIEW scan_history AS
SELECT event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email,
       CASE event_type WHEN 'INTAKE' THEN qty ELSE -qty END AS change
FROM scan_events;

-- Pieces on hand once this moment's events were in; with an event, once it was. Counted from whichever end of the
-- item's history is nearer: the sum of what came before, or today's stock less what came after.
CREATE FUNCTION on_hand_at(
    of_item TEXT, moment TIMESTAMPTZ, event UUID DEFAULT 'ffffffff-ffff-ffff-ffff-ffffffffffff'
) RETURNS BIGINT LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
               WHEN first_ts IS NULL THEN 0
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
    FROM (SELECT min(event_ts) AS first_ts, max(event_ts) AS last_ts FROM scan_events WHERE item_id = of_item) AS history
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
