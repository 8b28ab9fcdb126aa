-- Newest is by id. Two foreign writers who take their ids in one order and write in the other, or who choose an id by
-- hand, would leave a story whose last row is not its newest: the second one is refused.

CREATE FUNCTION refuse_step_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'signal % has row % already, row % is older: append a newer one', OLD.signal_id, OLD.id, NEW.id
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER signal_heads_move_on
    BEFORE UPDATE ON signal_heads
    FOR EACH ROW WHEN (NEW.id <= OLD.id) EXECUTE FUNCTION refuse_step_back();

-- “infinity” is a time to Postgres, and no page could read it back. Rows that were adopted stay as they are.
ALTER TABLE signal_heads ADD CONSTRAINT signal_heads_opened_ts_is_a_date
    CHECK (opened_ts BETWEEN '0001-01-02 00:00:00+00' AND '9999-12-30 00:00:00+00') NOT VALID;
