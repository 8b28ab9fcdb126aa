-- A delivery on paper: what was sent, its pages, the draft of its lines, and the record of what was received.
-- Nothing of the ledger points here; a received line names its event, so that either may be kept without the other.

CREATE TABLE IF NOT EXISTS slips (
    slip_id UUID PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'reading'
        CHECK (state IN ('reading', 'review', 'received', 'discarded', 'failed')),
    uploaded_by TEXT,
    uploaded_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    again_reason TEXT,
    job_id BIGINT,
    pages_total INT NOT NULL DEFAULT 0 CHECK (pages_total >= 0),
    pages_read INT NOT NULL DEFAULT 0 CHECK (pages_read >= 0),
    problem TEXT NOT NULL DEFAULT '',
    vendor TEXT NOT NULL DEFAULT '',
    po_number TEXT NOT NULL DEFAULT '',
    slip_number TEXT NOT NULL DEFAULT '',
    ship_date TEXT NOT NULL DEFAULT '',
    printed_lines INT,
    printed_pieces NUMERIC(20, 6),
    notes TEXT NOT NULL DEFAULT '',
    head_version INT NOT NULL DEFAULT 1,
    -- Counts every change of the slip or of one of its lines: who receives says which one they saw.
    revision INT NOT NULL DEFAULT 0,
    changed_by TEXT,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    forgotten_at TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS slips_state_uploaded_at ON slips (state, uploaded_at DESC);
CREATE INDEX IF NOT EXISTS slips_uploaded_at ON slips (uploaded_at DESC);

CREATE TABLE IF NOT EXISTS slip_files (
    slip_id UUID NOT NULL REFERENCES slips,
    position INT NOT NULL,
    name TEXT NOT NULL,
    bytes INT NOT NULL CHECK (bytes > 0),
    digest TEXT NOT NULL,
    stored_name TEXT NOT NULL,
    PRIMARY KEY (slip_id, position)
);

CREATE INDEX IF NOT EXISTS slip_files_digest ON slip_files (digest);

CREATE TABLE IF NOT EXISTS slip_pages (
    slip_id UUID NOT NULL REFERENCES slips,
    number INT NOT NULL CHECK (number >= 0),
    stored_name TEXT NOT NULL,
    width INT NOT NULL CHECK (width > 0),
    height INT NOT NULL CHECK (height > 0),
    -- Quarters by which the picture was turned once the reader found which way is up: it has a new address then.
    turns INT NOT NULL DEFAULT 0 CHECK (turns BETWEEN 0 AND 3),
    PRIMARY KEY (slip_id, number)
);

-- The draft. `read_…` is what the reader saw, beside it what a person made of it; `box` in fractions of the page.
CREATE TABLE IF NOT EXISTS slip_lines (
    line_id UUID PRIMARY KEY,
    slip_id UUID NOT NULL REFERENCES slips,
    position DOUBLE PRECISION NOT NULL,
    item_id TEXT NOT NULL,
    qty NUMERIC(20, 6) CHECK (qty >= 0),
    description TEXT NOT NULL DEFAULT '',
    found_qty INT CHECK (found_qty >= 0),
    read_item_id TEXT,
    read_qty NUMERIC(20, 6),
    confidence TEXT CHECK (confidence IN ('high', 'medium', 'low')),
    evidence TEXT NOT NULL DEFAULT '',
    page INT,
    box DOUBLE PRECISION[] CHECK (cardinality(box) = 4),
    checked_by TEXT,
    checked_at TIMESTAMPTZ,
    removed_by TEXT,
    removed_at TIMESTAMPTZ,
    version INT NOT NULL DEFAULT 1,
    changed_by TEXT,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX IF NOT EXISTS slip_lines_slip_id ON slip_lines (slip_id, position);
CREATE INDEX IF NOT EXISTS slip_lines_item_id ON slip_lines (item_id);

-- What a slip can be found by beside its own columns, and how long it is.
CREATE OR REPLACE VIEW slip_words AS
SELECT slip_id, item_id AS word FROM slip_lines WHERE removed_at IS NULL
UNION ALL
SELECT slip_id, name FROM slip_files;

CREATE OR REPLACE VIEW slip_lengths AS
SELECT slip_id, count(*) AS lines FROM slip_lines WHERE removed_at IS NULL GROUP BY slip_id;

CREATE TABLE IF NOT EXISTS slip_receipts (
    slip_id UUID PRIMARY KEY,
    received_by TEXT,
    received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    station_id TEXT NOT NULL,
    vendor TEXT NOT NULL,
    po_number TEXT NOT NULL,
    slip_number TEXT NOT NULL,
    digests TEXT[] NOT NULL,
    -- Lower case letters and digits only: how two slips are recognised as one. NULL without a slip number.
    same_slip TEXT,
    again_reason TEXT
);

CREATE INDEX IF NOT EXISTS slip_receipts_digests ON slip_receipts USING gin (digests);
CREATE INDEX IF NOT EXISTS slip_receipts_same_slip ON slip_receipts (same_slip);
CREATE INDEX IF NOT EXISTS slip_receipts_received_at ON slip_receipts (received_at DESC);

CREATE TABLE IF NOT EXISTS slip_receipt_lines (
    slip_id UUID NOT NULL REFERENCES slip_receipts,
    line_id UUID NOT NULL,
    position INT NOT NULL,
    item_id TEXT NOT NULL,
    description TEXT NOT NULL,
    slip_qty NUMERIC(20, 6) NOT NULL,
    found_qty INT NOT NULL,
    checked_by TEXT,
    -- NULL where nothing was found, so that nothing was booked.
    event_id UUID,
    on_hand_before BIGINT,
    on_hand_after BIGINT,
    signal_id UUID,
    PRIMARY KEY (slip_id, position)
);

CREATE INDEX IF NOT EXISTS slip_receipt_lines_differences ON slip_receipt_lines (slip_id) WHERE found_qty <> slip_qty;

CREATE OR REPLACE TRIGGER slip_receipts_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON slip_receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER slip_receipt_lines_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON slip_receipt_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Files and page pictures, where no other storage is configured: any web or worker process finds them here.
CREATE TABLE IF NOT EXISTS stored_files (
    name TEXT PRIMARY KEY,
    content BYTEA NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
