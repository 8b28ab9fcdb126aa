-- What the API's lists read: events with what was answered when they were booked, and the stock at any moment.

-- The last events of one station, however long ago it last scanned.
CREATE INDEX IF NOT EXISTS scan_events_station_id_event_ts ON scan_events (station_id, event_ts DESC);

CREATE VIEW scan_events_told AS
SELECT event.event_id, event.event_ts, event.event_type, event.station_id, event.barcode_raw, event.item_id, event.qty,
       event.user_email, outcome.on_hand_qty, opened.signal_id AS opened_signal_id, opened.reorder_qty
FROM scan_events AS event
LEFT JOIN scan_outcomes AS outcome USING (event_id)
LEFT JOIN replenishment_signals AS opened
    ON opened.signal_id = outcome.signal_id
   AND opened.trigger_event_id = event.event_id
   AND opened.status = 'OPEN';

-- Counted back from now: the cost follows the events since that moment.
CREATE FUNCTION stock_as_of(moment TIMESTAMPTZ)
RETURNS TABLE (
    item_id TEXT, on_hand_qty BIGINT, intake_total BIGINT, consume_total BIGINT, last_activity_ts TIMESTAMPTZ,
    reorder_point INT
)
LANGUAGE sql STABLE AS $$
    WITH later AS (
        SELECT event.item_id,
               coalesce(sum(event.qty) FILTER (WHERE event.event_type = 'INTAKE'), 0)::bigint AS intake,
               coalesce(sum(event.qty) FILTER (WHERE event.event_type = 'CONSUME'), 0)::bigint AS consume
        FROM scan_events AS event
        WHERE event.event_ts > moment
        GROUP BY event.item_id
    )
    SELECT stock.item_id,
           stock.on_hand_qty - coalesce(later.intake - later.consume, 0),
           stock.intake_total - coalesce(later.intake, 0),
           stock.consume_total - coalesce(later.consume, 0),
           CASE WHEN later.item_id IS NULL THEN stock.last_activity_ts ELSE (
               SELECT max(event.event_ts) FROM scan_events AS event
               WHERE event.item_id = stock.item_id AND event.event_ts <= moment
           ) END,
           item.reorder_point
    FROM inventory_current AS stock
    LEFT JOIN later ON later.item_id = stock.item_id
    LEFT JOIN items AS item ON item.item_id = stock.item_id
    -- An item without an event until then was not there yet.
    WHERE stock.intake_total + stock.consume_total > coalesce(later.intake + later.consume, 0)
$$;
