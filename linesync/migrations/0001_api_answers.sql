-- What the API answered to a request that carried an Idempotency-Key, so that a repeat is told the same. A row without
-- a status is never committed: it holds the key while its request is at work, and a second one waits for it.

CREATE TABLE api_answers (
    person_email TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    answered_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    status INT,
    body TEXT,
    PRIMARY KEY (person_email, idempotency_key)
) WITH (fillfactor = 90);

CREATE INDEX api_answers_answered_ts ON api_answers (answered_ts);
