-- A row in every table of that floor, by the ways in which it let itself be written.

INSERT INTO items (item_id, description, reorder_point, reorder_qty)
VALUES ('PART-1', 'Bracket', 20, 48), ('PART-9', 'Seal', NULL, NULL);

INSERT INTO scan_events (event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email)
VALUES ('00000000-0000-0000-0000-0000000000e1', '2026-10-01 08:00Z',
        'INTAKE', 'DOCK-1', 'ITEM=PART-1;QTY=24', 'PART-1', 24, 'dana@example.com'),
       ('00000000-0000-0000-0000-0000000000e2', '2026-10-01 09:00Z',
        'CONSUME', 'LINE-1', 'ITEM=PART-1;QTY=20', 'PART-1', 20, NULL);
INSERT INTO scan_events (event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty)
VALUES ('00000000-0000-0000-0000-0000000000e3', '2026-10-01 09:05Z',
        'INTAKE', 'LINE-1', 'UNDO=00000000-0000-0000-0000-0000000000e2', 'PART-1', 20);

INSERT INTO replenishment_signals
    (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
VALUES ('00000000-0000-0000-0000-0000000000a1', '2026-10-01 09:00Z', 'PART-1', 4, 20, 48,
        '00000000-0000-0000-0000-0000000000e2', 'OPEN'),
       ('00000000-0000-0000-0000-0000000000a2', '2026-10-01 09:01Z', 'PART-9', 0, 10, 24, NULL, 'OPEN');
INSERT INTO replenishment_signals
    (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
VALUES ('00000000-0000-0000-0000-0000000000a1', '2026-10-01 09:02Z', 'PART-1', 4, 20, 48,
        '00000000-0000-0000-0000-0000000000e2', 'ACKNOWLEDGED');

INSERT INTO signal_actors (id, user_email, event_id)
VALUES (1, NULL, '00000000-0000-0000-0000-0000000000e2'), (3, 'kim@example.com', NULL);
INSERT INTO signal_notices (signal_id, attempts, problem)
VALUES ('00000000-0000-0000-0000-0000000000a1', 2, 'no answer');
INSERT INTO scan_outcomes (event_id, on_hand_qty, signal_id)
VALUES ('00000000-0000-0000-0000-0000000000e2', 4, '00000000-0000-0000-0000-0000000000a1');
INSERT INTO gold_refreshes (refreshed_ts, snapshot_ts, event_count, drift_count) VALUES (now(), now(), 3, 0);
INSERT INTO api_answers (person_email, idempotency_key, fingerprint, status, body)
VALUES ('erp', 'k-1', '\x00ff', 200, '{}');

INSERT INTO slips (slip_id, state, vendor) VALUES ('00000000-0000-0000-0000-0000000000b1', 'received', 'Acme');
INSERT INTO slip_files (slip_id, position, name, bytes, digest, stored_name)
VALUES ('00000000-0000-0000-0000-0000000000b1', 0, 'slip.pdf', 9, 'd', 's');
INSERT INTO slip_pages (slip_id, number, stored_name, width, height, turns)
VALUES ('00000000-0000-0000-0000-0000000000b1', 0, 'p', 10, 20, 3);
INSERT INTO slip_lines (line_id, slip_id, position, item_id, qty, found_qty, confidence, box)
VALUES ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000b1', 1,
        'PART-1', 24, 24, 'high', '{0.1,0.2,0.3,0.4}');
INSERT INTO slip_receipts (slip_id, station_id, vendor, po_number, slip_number, digests)
VALUES ('00000000-0000-0000-0000-0000000000b1', 'DOCK-1', 'Acme', '4711', '17', '{d}');
INSERT INTO slip_receipt_lines (slip_id, line_id, position, item_id, description, slip_qty, found_qty)
VALUES ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000c1', 0,
        'PART-1', '', 24, 24);
INSERT INTO stored_files (name, content) VALUES ('s', '\x255044462d312e37');
