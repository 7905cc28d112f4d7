/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * books.c -- see books.h.  Each query is written without the code that fills its tables in mind:
 * it says what must be true, so that it can catch that code.
 */
#include "model/books.h"

static const Equation core_books[] = {
    { "dials", "calls of a campaign = open ones + the sum over the results",
      { "SELECT 'campaign ' || coalesce(c.campaign, 'none'), count(*),"
        " sum(c.state <> 'ended') + sum(c.state = 'ended' AND r.id IS NOT NULL)"
        " FROM call c LEFT JOIN result r ON r.name = c.result"
        " GROUP BY c.campaign HAVING count(*) <>"
        " sum(c.state <> 'ended') + sum(c.state = 'ended' AND r.id IS NOT NULL)", 0 } },
    { "results", "a call that ended has a result that exists, one that has not has none",
      { "SELECT 'call ' || c.id, c.state, coalesce(c.result, 'no result') FROM call c"
        " LEFT JOIN result r ON r.name = c.result"
        " WHERE (c.state = 'ended') <> (r.id IS NOT NULL)"
        " OR (c.state <> 'ended' AND c.result IS NOT NULL)", 0 } },
    { "call times", "a call is placed, answered, bridged and ended in this order",
      { "SELECT 'call ' || id, placed_at, ended_at FROM call"
        " WHERE answered_at < placed_at OR bridged_at < answered_at OR ended_at < placed_at"
        " OR ended_at < answered_at OR ended_at < bridged_at"
        " OR (state = 'ended' AND ended_at IS NULL)", 0 } },
    { "entries", "entries of a list = the sum over their states",
      { "SELECT 'list ' || list, count(*),"
        " sum(state IN ('new', 'dialling', 'retry', 'callback', 'done')) FROM entry GROUP BY list"
        " HAVING count(*) <> sum(state IN ('new', 'dialling', 'retry', 'callback', 'done'))", 0 } },
    { "attempts", "an entry was tried as often as it has calls that ended",
      { "SELECT 'entry ' || e.id, e.attempts, count(c.id) FROM entry e"
        " JOIN call c ON c.entry = e.id AND c.state = 'ended'"
        " GROUP BY e.id HAVING count(c.id) > e.attempts", 0 } },
    { "import", "rows read = new + updated + same + skipped + rejected",
      { "SELECT 'batch ' || id, read, new + updated + same + skipped + rejected FROM batch"
        " WHERE read <> new + updated + same + skipped + rejected", 0 } },
    { "dial runs", "dials of the runs of a campaign = its calls in their time",
      { "SELECT 'campaign ' || r.campaign || ', driver ' || r.driver, sum(r.dials),"
        " (SELECT count(*) FROM call c WHERE c.campaign = r.campaign AND c.driver = r.driver"
        "  AND c.direction = 'out'"
        "  AND EXISTS (SELECT 1 FROM dial_run x WHERE x.campaign = r.campaign"
        "   AND x.driver = r.driver AND c.placed_at BETWEEN x.began AND x.ended)) AS calls"
        " FROM dial_run r GROUP BY r.campaign, r.driver"
        " HAVING sum(r.ended IS NULL) = 0 AND sum(r.dials) <> calls", 0 } },
    { "dial run sums", "connected and abandoned calls of a run are dials of it",
      { "SELECT 'dial_run ' || id, dials, connected + abandoned FROM dial_run"
        " WHERE connected + abandoned > dials OR min(dials, connected, abandoned) < 0", 0 } },
    { "stage of customers", "the last move of a customer leads to its stage",
      { "SELECT 'customer ' || c.id, s.name, t.name FROM customer c"
        " JOIN (SELECT record, max(id) AS last FROM move WHERE type = 'customer'"
        "  AND origin IS NULL GROUP BY record) l"
        "  ON l.record = c.id"
        " JOIN move m ON m.id = l.last JOIN stage s ON s.id = c.stage"
        " LEFT JOIN stage t ON t.id = m.to_stage WHERE m.to_stage <> c.stage", 0 } },
    { "stage of deals", "the last move of a deal leads to its stage",
      { "SELECT 'deal ' || c.id, s.name, t.name FROM deal c"
        " JOIN (SELECT record, max(id) AS last FROM move WHERE type = 'deal'"
        "  AND origin IS NULL GROUP BY record) l"
        "  ON l.record = c.id"
        " JOIN move m ON m.id = l.last JOIN stage s ON s.id = c.stage"
        " LEFT JOIN stage t ON t.id = m.to_stage WHERE m.to_stage <> c.stage", 0 } },
    { "moves", "each move leaves the stage that the one before it entered",
      { "SELECT 'move ' || id, from_stage, before FROM (SELECT id, from_stage,"
        " lag(to_stage) OVER (PARTITION BY type, record, origin ORDER BY id) AS before FROM move)"
        " WHERE before IS NOT NULL AND from_stage IS NOT before", 0 } },
    { 0 }
};

const Equation *const books[] = { core_books, NULL };

static bool prove(Crm *crm, const Equation *e, void (*say)(void *, const Imbalance *), void *ctx,
                  int *broken, Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(crm->store, &e->sql, &q, err))
        return false;
    while ((more = query_next(q, err)) > 0) {
        const Imbalance i = { e, query_col_str(q, 0), query_col(q, 1), query_col(q, 2) };
        say(ctx, &i);
        ++*broken;
    }
    query_close(q);
    return more == 0;
}

bool books_check(Crm *crm, void (*say)(void *ctx, const Imbalance *i), void *ctx, int *proven,
                 int *broken, Error *err)
{
    *proven = *broken = 0;
    for (const Equation *const *table = books; *table; table++)
        for (const Equation *e = *table; e->name; e++, ++*proven)
            if (!prove(crm, e, say, ctx, broken, err))
                return false;
    return true;
}
