/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target.c -- from what a command line names to records: ids of a target, the filter of a list.
 */
#include <inttypes.h>

#include "cmd/consent.h"
#include "model/select.h"

/* --where EXPR: positions in an error count from the expression, not the line, and are dropped. */
static bool where_filter(const Call *c, const Type *t, const char *where, Filter *out, Error *err)
{
    if (filter_text(c->crm, t, str(where), c->arena, out, err))
        return true;
    return fail_at(err, 0, 0);
}

/* "12 customers (7 宝钢, 8 王芳, 9, ...)". */
static const char *sample(const Call *c, const Type *t, const int64_t *ids, int64_t n)
{
    Buf b = { .max = 400 };
    buf_printf(&b, "%" PRId64 " %s (", n, n == 1 ? t->name : t->plural);
    for (int64_t i = 0; i < n && i < CONSENT_ABOVE; i++) {
        const char *label = record_label(c->crm, t, ids[i], c->arena);
        buf_printf(&b, "%s%" PRId64 "%s%s", i ? ", " : "", ids[i], *label ? " " : "", label);
    }
    buf_cstr(&b, n > CONSENT_ABOVE ? ", ...)" : ")");
    const char *text = str_c(buf_as_str(&b), c->arena);
    buf_release(&b);
    return text;
}

static bool ask_about(const Call *c, const Type *t, const int64_t *ids, int64_t n, Error *err)
{
    unsigned flags = c->cmd->flags;
    if (n == 0 || !(flags & COMMAND_SEVERE || (flags & COMMAND_BULK && n > CONSENT_ABOVE)))
        return true;
    const char *question =
        arena_printf(c->arena, "%s: %s", c->cmd->name, sample(c, t, ids, n));
    if (!(flags & COMMAND_SEVERE))
        return consent_ask(c, question, NULL, err);
    const char *name = n == 1 ? record_label(c->crm, t, ids[0], c->arena) : "";
    if (!*name)
        name = arena_printf(c->arena, "%" PRId64, n == 1 ? ids[0] : n);
    return consent_ask(c, question, name, err);
}

bool target_ids(const Call *c, const Type *t, const Target *target, int64_t **ids, int64_t *n,
                Error *err)
{
    if (!target->given) {
        fail(err, ERR_USAGE, "%s: say which %s", c->cmd->name, t->plural);
        return fail_hint(err, "ids such as 7 or 4,7-9, or --where EXPR");
    }
    if (target->where) {
        Filter f;
        if (!where_filter(c, t, target->where, &f, err)
            || !select_ids(c->crm, t, &f, c->arena, ids, n, err))
            return false;
    } else {
        *ids = target->ids;
        *n = target->n;
    }
    return ask_about(c, t, *ids, *n, err);
}

bool filter_arg(const Call *c, const Type *t, const FilterArg *f, Filter *out, Error *err)
{
    Filter words = { .sql = "1", .text = "" }, where;
    if (f->n && !filter_words(c->crm, t, f->w, f->n, c->arena, &words, err))
        return false;
    *out = words;
    if (!f->where)
        return true;
    if (!where_filter(c, t, f->where, &where, err))
        return false;
    *out = f->n ? filter_and(&words, &where, c->arena) : where;
    return true;
}
