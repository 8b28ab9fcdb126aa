-- Our triggers run with their owner's rights, so that every writer keeps the projections. What they name must be ours:
-- without this, a writer's temporary table of the same name would be found first.

DO $$
DECLARE
    definer REGPROCEDURE;
BEGIN
    FOR definer IN
        SELECT oid FROM pg_proc WHERE prosecdef AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', definer, current_schema());
    END LOOP;
END
$$;
