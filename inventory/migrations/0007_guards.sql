-- A writer whose search path finds functions of its own first must not talk the guard out of its answer.

DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION refuse_direct_write() SET search_path = %I, pg_temp', current_schema());
END
$$;

-- “infinity” is a time to Postgres, and no page could read it back. Rows that were adopted stay as they are.
ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_last_activity_ts_is_a_date
    CHECK (last_activity_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00') NOT VALID;
