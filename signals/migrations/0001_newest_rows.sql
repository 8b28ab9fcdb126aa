-- The brief's view of each signal's newest row; newest by id, since two rows of one transaction share their time. One
-- that is there already is replaced, never dropped: other people's views and rights hang on it. Postgres lets a
-- replacement only add columns at the end, so it keeps the others where they are.

DO $$
DECLARE
    columns TEXT;
    unknown TEXT;
BEGIN
    SELECT string_agg(coalesce(ours.source, theirs.source), ', ' ORDER BY attnum, nth),
           string_agg(name, ', ') FILTER (WHERE ours.source IS NULL AND theirs.source IS NULL)
    INTO columns, unknown
    FROM (
        VALUES (1, 'id', 'head.id'),
               (2, 'signal_id', 'head.signal_id'),
               (3, 'created_ts', 's.created_ts'),
               (4, 'item_id', 'head.item_id'),
               (5, 'triggered_at_qty', 's.triggered_at_qty'),
               (6, 'reorder_point', 's.reorder_point'),
               (7, 'reorder_qty', 's.reorder_qty'),
               (8, 'trigger_event_id', 's.trigger_event_id'),
               (9, 'status', 'head.status')
    ) AS ours (nth, name, source)
    FULL JOIN (
        SELECT attnum, attname AS name,
               CASE WHEN attname = 'rn' THEN '1::bigint AS rn'
                    WHEN attname = 'current_qty' THEN 's.triggered_at_qty AS current_qty'
                    WHEN EXISTS (
                        SELECT FROM pg_attribute AS wider
                        WHERE wider.attrelid = 'replenishment_signals'::regclass AND wider.attname = there.attname
                    ) THEN format('s.%I', attname)
               END AS source
        FROM pg_attribute AS there
        WHERE attrelid = to_regclass('replenishment_signals_current') AND attnum > 0
    ) AS theirs USING (name);
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'The view replenishment_signals_current has columns that LineSync cannot fill: %. Rename that '
            'view; LineSync makes its own.', unknown;
    END IF;
    EXECUTE 'CREATE OR REPLACE VIEW replenishment_signals_current AS SELECT ' || columns
            || ' FROM signal_heads AS head JOIN replenishment_signals AS s ON s.id = head.id';
END
$$;
