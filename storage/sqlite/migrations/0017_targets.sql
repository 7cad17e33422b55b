-- Whether a wait is its customer's first question here, and within what time its ladder comes to the first step where that isn't its
-- channel's: whose target it is, the customer's own or that of newcomers.
ALTER TABLE waits ADD COLUMN newcomer INTEGER NOT NULL DEFAULT 0 CHECK (newcomer IN (0, 1));
ALTER TABLE waits ADD COLUMN target_first REAL;
ALTER TABLE waits ADD COLUMN target_whose TEXT CHECK (target_whose IN ('customer', 'newcomer'));
CREATE INDEX waits_by_customer ON waits (customer);
