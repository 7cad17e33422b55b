-- Hand-over lists that were posted before it was kept what stands in them: what is open and still that member's, and was when the list
-- left, is in the latest list of each; and each such post is brought up to date once.
INSERT INTO handover_lists (notice, wait)
SELECT outgoing.id, waits.no FROM outgoing CROSS JOIN waits
WHERE outgoing.kind = 'tip' AND outgoing.subject = 'handover' AND outgoing.state = 'sent' AND outgoing.post IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM handover_lists WHERE handover_lists.notice = outgoing.id)
    AND waits.state = 'waiting' AND waits.owner = outgoing.person AND waits.opened_at <= outgoing.sent_at
    AND outgoing.id = (
        SELECT max(latest.id) FROM outgoing AS latest
        WHERE latest.kind = 'tip' AND latest.subject = 'handover' AND latest.state = 'sent' AND latest.person = outgoing.person
    );

INSERT INTO outgoing (kind, post, key, due_at)
SELECT DISTINCT 'update', post, '', 0 FROM outgoing
WHERE kind = 'tip' AND subject = 'handover' AND state = 'sent' AND post IS NOT NULL
    AND post NOT IN (SELECT post FROM outgoing WHERE kind = 'update' AND state = 'pending');
