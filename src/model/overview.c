/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/overview.h"

enum { PEOPLE, CONTACTS, CONSENT, STAGE, TOUCHES, TASKS, LISTS, DEALS, VALUE, SQL_COUNT };
static const Sql sql[] = {
    [PEOPLE] = { "SELECT p.id, p.name, p.title, p.role, (SELECT v.value FROM contact v"
                 " WHERE v.person = p.id AND v.kind = 'phone' ORDER BY v.position LIMIT 1), p.cares"
                 " FROM person p WHERE p.customer = ?1 ORDER BY p.id", SQL_HOT },
    [CONTACTS] = { "SELECT c.id, (SELECT name FROM person WHERE id = c.person), c.kind, c.value,"
                   " c.label, c.valid, (SELECT group_concat(w.purpose || ' ' ||"
                   " iif(w.given, 'yes', 'no'), ', ') FROM consent_now w"
                   " WHERE w.customer = c.customer AND w.channel IN (c.kind, 'any'))"
                   " FROM contact c WHERE c.customer = ?1"
                   " ORDER BY c.person IS NOT NULL, c.person, c.kind, c.position", SQL_HOT },
    [CONSENT] = { "SELECT channel, purpose, given, at, source FROM consent_now"
                  " WHERE customer = ?1 ORDER BY channel, purpose", SQL_HOT },
    [STAGE] = { "SELECT (SELECT name FROM stage WHERE id = coalesce((SELECT m.from_stage"
                "  FROM move m WHERE m.type = 'customer' AND m.record = k.id"
                "  AND m.origin IS NULL ORDER BY m.id LIMIT 1), k.stage)), k.created, NULL, NULL,"
                " NULL"
                " FROM customer k WHERE k.id = ?1 UNION ALL"
                " SELECT * FROM (SELECT (SELECT name FROM stage WHERE id = m.to_stage), m.at,"
                "  m.user, m.reason, m.origin FROM move m"
                "  WHERE m.type = 'customer' AND m.record = ?1 ORDER BY m.at, m.id)", SQL_HOT },
    [TOUCHES] = { "SELECT at, channel, direction, result, note, user FROM touch"
                  " WHERE customer = ?1 ORDER BY at DESC, id DESC LIMIT 5", SQL_HOT },
    [TASKS] = { "SELECT t.id, t.title, t.action, t.due, (SELECT name FROM user"
                " WHERE id = t.owner) FROM task t WHERE t.customer = ?1 AND t.state = 'open'"
                " ORDER BY t.due IS NULL, t.due, t.id", SQL_HOT },
    [LISTS] = { "SELECT l.name, (SELECT group_concat(c.name, ', ') FROM campaign c"
                " WHERE c.list = l.id), e.state, e.attempts, e.result, e.last_at FROM entry e"
                " JOIN list l ON l.id = e.list WHERE e.customer = ?1 ORDER BY e.id", 0 },
    [DEALS] = { "SELECT d.id, d.name, s.name, d.value, d.expected FROM deal d"
                " JOIN stage s ON s.id = d.stage WHERE d.customer = ?1 ORDER BY d.id", SQL_HOT },
    [VALUE] = { "SELECT k.value, k.budget, d.* FROM customer k, (SELECT"
                " sum(d.value) FILTER (WHERE s.outcome = 'open'),"
                " CAST(round(sum(d.value * s.probability) FILTER (WHERE s.outcome = 'open'))"
                "  AS INTEGER), count(*) FILTER (WHERE s.outcome = 'won'),"
                " sum(d.value) FILTER (WHERE s.outcome = 'won')"
                " FROM deal d JOIN stage s ON s.id = d.stage WHERE d.customer = ?1) d"
                " WHERE k.id = ?1", 0 },
};
const SqlTable overview_sql = { "overview", sql, SQL_COUNT };

const OverviewSection overview_sections[] = {
    { "people", { { "id", KIND_INT }, { "name" }, { "title" }, { "role" }, { "phone", KIND_PHONE },
                  { "cares" } }, PEOPLE },
    { "contacts", { { "id", KIND_INT }, { "person" }, { "kind" }, { "value", KIND_PHONE },
                    { "label" }, { "valid", KIND_BOOL }, { "consent" } }, CONTACTS },
    { "consent", { { "channel" }, { "purpose" }, { "given", KIND_BOOL }, { "at", KIND_TIME },
                   { "source" } }, CONSENT },
    { "stage", { { "stage" }, { "entered", KIND_TIME }, { "user" }, { "reason" },
                 { "origin", KIND_INT } }, STAGE },
    { "touches", { { "at", KIND_TIME }, { "channel" }, { "direction" }, { "result" }, { "note" },
                   { "user" } }, TOUCHES },
    { "tasks", { { "id", KIND_INT }, { "title" }, { "action" }, { "due", KIND_TIME },
                 { "owner" } }, TASKS },
    { "lists", { { "list" }, { "campaigns" }, { "state" }, { "attempts", KIND_INT }, { "result" },
                 { "last_at", KIND_TIME } }, LISTS },
    { "deals", { { "id", KIND_INT }, { "name" }, { "stage" }, { "value", KIND_MONEY },
                 { "expected", KIND_DATE } }, DEALS },
    { "value", { { "value", KIND_MONEY }, { "budget", KIND_MONEY }, { "open", KIND_MONEY },
                 { "likely", KIND_MONEY }, { "won_deals", KIND_INT }, { "won", KIND_MONEY } },
      VALUE },
    { 0 },
};
