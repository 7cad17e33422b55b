-- Why a row didn't leave, as a code (domain/reasons.py): it was a sentence, and one question asked how that began. `detail` is what
-- the code is about (members' ids, the platform's words), a list in JSON; NULL when that is nothing.
ALTER TABLE outgoing RENAME COLUMN reason TO detail;
ALTER TABLE outgoing ADD COLUMN reason TEXT;
UPDATE outgoing SET reason = 'over_budget',
    detail = '[' || replace(json_quote(substr(detail, length('over the daily budget of ') + 1)), ', ', '", "') || ']'
WHERE state = 'moot' AND detail LIKE 'over the daily budget of %';
-- Every other sentence stays what people are shown.
UPDATE outgoing SET reason = 'old', detail = json_array(detail) WHERE detail IS NOT NULL AND reason IS NULL;
