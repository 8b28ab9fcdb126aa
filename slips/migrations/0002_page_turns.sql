-- How a page's picture was turned after the optical reader found which way is up: a turned picture has a new address.
ALTER TABLE slip_pages ADD COLUMN turns INT NOT NULL DEFAULT 0 CHECK (turns BETWEEN 0 AND 3);
