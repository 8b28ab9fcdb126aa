-- The board's heading counts the live signals that nobody has acknowledged.

CREATE OR REPLACE VIEW signals_live AS
SELECT head.signal_id, head.item_id, head.opened_ts, head.reorder_point, coalesce(stock.on_hand_qty, 0) AS current_qty,
       head.status = 'OPEN' AS is_open
FROM signal_heads AS head
LEFT JOIN inventory_current AS stock ON stock.item_id = head.item_id
WHERE head.status <> 'FULFILLED';
