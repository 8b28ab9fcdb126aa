-- One row per item as the stock page shows it: levels, policy and the live signal, if any.

CREATE VIEW stock_status AS
SELECT stock.item_id,
       coalesce(item.description, '') AS description,
       stock.on_hand_qty,
       stock.intake_total,
       stock.consume_total,
       stock.last_activity_ts,
       item.reorder_point,
       item.reorder_qty,
       live.signal_id,
       live.status AS signal_status
FROM inventory_current AS stock
LEFT JOIN items AS item USING (item_id)
LEFT JOIN signal_heads AS live ON live.item_id = stock.item_id AND live.status <> 'FULFILLED';
