/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/import_customer.h"
#include "model/record.h"

enum { ASKED = 1 << 14 };              /* rows between two decisions about the index */

struct ImportWriter {
    Crm *crm;
    ImportPlan plan;
    Matcher *match;
    CustomerWriter *customers;         /* NULL: the record layer writes */
    Arena row;
    ArenaMark empty;
    int64_t rows, added;               /* so far */
    bool left_once;                    /* the index of contact points was left out */
    const char *left_out;              /* what makes it again; NULL: it is there */
    char reason[600];
};

static bool settle(void *ctx, int64_t id, Error *err)
{
    ImportWriter *w = ctx;
    return !w->customers || customer_writer_settle(w->customers, id, err);
}

/* A load of many new numbers: the index by number is made once they are all there, or when a hook
 * looks at the database. Asked every so many rows; before the first, few are taken to be new.
 * Where somebody is still reading the table it stays. */
static bool index_leave_out(ImportWriter *w, Error *err)
{
    Error ignored = { 0 };
    double share = 1.0 / 16;
    if (w->rows)
        share = (double)w->added / (double)w->rows * (double)(w->plan.rows - w->rows)
                / (double)w->plan.rows;
    if (w->left_once || !w->customers || !matcher_is_load(w->match, share))
        return true;
    matcher_rest(w->match);
    w->left_once = true;
    if (store_index_drop(w->crm->store, "contact_value", w->plan.arena, &w->left_out, &ignored))
        return customer_writer_index(w->customers, &w->left_out, err);
    w->left_out = NULL;
    return true;
}

ImportWriter *import_writer_open(Crm *crm, const ImportPlan *p, Error *err)
{
    ImportWriter *w = xalloc(sizeof *w);
    w->crm = crm;
    w->plan = *p;
    arena_alloc(&w->row, 1);
    w->empty = arena_mark(&w->row);
    w->match = matcher_open(crm, p->map, p->keys, p->file, p->file_keys, settle, w, err);
    if (w->match && p->map->customers)
        w->customers =
            customer_writer_open(crm, p->map, p->rows, p->batch, p->list, p->warnings, err);
    if (w->match && (w->customers || !p->map->customers) && index_leave_out(w, err))
        return w;
    import_writer_close(w);
    return NULL;
}

void import_writer_close(ImportWriter *w)
{
    if (!w)
        return;
    matcher_close(w->match);
    customer_writer_close(w->customers);
    arena_release(&w->row);
    free(w);
}

/* ---- records of other types ------------------------------------------------------------------ */

static bool is_refusal(const Error *e)
{
    return e->code == ERR_REFUSED || e->code == ERR_INVALID || e->code == ERR_CONFLICT
           || e->code == ERR_NOT_FOUND || e->code == ERR_FAILED || e->code == ERR_USAGE;
}

static void give(const ImportWriter *w, Record *r, const ImportRow *row, int slot)
{
    const ImportSlot *s = &w->plan.map->slot[slot];
    if (row->v[slot].type != VALUE_NULL && strcmp(s->name, "id") != 0)
        record_put_value(r, s->field, row->v[slot]);
}

/* Of a record whose row does not say where it comes from. */
static void give_origin(const ImportWriter *w, Record *r)
{
    for (int i = 0; i < r->type->n; i++)
        if (r->type->fields[i].flags & FIELD_ORIGIN && !r->op[i])
            record_put_value(r, &r->type->fields[i], value_cstr(w->plan.origin));
}

static bool record_write(ImportWriter *w, const ImportRow *row, const ImportDiff *d, int64_t *id,
                         const char **reason, Error *err)
{
    Error said = { 0 };
    Record *r = record_new(w->plan.map->type, &w->row);
    for (int i = 0; d && i < d->slots; i++)
        give(w, r, row, d->slot[i]);
    for (int i = 0; !d && i < w->plan.map->slots; i++)
        give(w, r, row, i);
    if (!d)
        give_origin(w, r);
    r->id = d ? *id : 0;
    if (d ? record_set(w->crm, r, NULL, &said) : record_add(w->crm, r, &said)) {
        *id = r->id;
        return true;
    }
    if (!is_refusal(&said)) {
        *err = said;
        return false;
    }
    snprintf(w->reason, sizeof w->reason, "%s", said.msg);
    *reason = w->reason;
    return true;
}

/* ---- every row ------------------------------------------------------------------------------- */

static bool row_add(ImportWriter *w, const ImportRow *row, ImportReport *report,
                    const char **reason, Error *err)
{
    int64_t id = 0;
    bool ok = w->customers ? customer_writer_add(w->customers, row, &id, reason, err)
                           : record_write(w, row, NULL, &id, reason, err);
    if (!ok || *reason)
        return ok;
    report->added++;
    w->added++;
    matcher_add(w->match, row, id);
    return !w->customers || customer_writer_list(w->customers, id, err);
}

static bool row_change(ImportWriter *w, const ImportRow *row, const Stored *s, ImportReport *report,
                       const char **reason, Error *err)
{
    ImportDiff d;
    int64_t id = s->id;
    import_diff(w->plan.map, row, s, w->plan.o->on_match, w->plan.warnings, &w->row, &d);
    if (!d.differs) {
        report->same++;
    } else if (w->plan.o->on_match == IMPORT_REJECT) {
        snprintf(w->reason, sizeof w->reason, "differs from %s %" PRId64 ", which is known",
                 w->plan.map->type_name, id);
        *reason = w->reason;
    } else if (!import_diff_writes(&d)) {
        report->skipped++;
    } else {
        bool ok = w->customers ? customer_writer_change(w->customers, row, s, &d, reason, err)
                               : record_write(w, row, &d, &id, reason, err);
        if (!ok)
            return false;
        if (!*reason) {
            report->updated++;
            matcher_add(w->match, row, id);
        }
    }
    bool of_before = id <= matcher_base_last(w->match); /* a new one was listed when it was added */
    return *reason || !w->customers || !of_before || customer_writer_list(w->customers, id, err);
}

bool import_writer_row(ImportWriter *w, const ImportRow *row, ImportReport *report,
                       const char **reason, Error *err)
{
    const Stored *stored;
    arena_rewind(&w->row, w->empty);
    if (++w->rows % ASKED == 0 && !index_leave_out(w, err))
        return false;
    if (!matcher_find(w->match, row, &stored, reason, err))
        return false;
    if (*reason)
        return true;
    return stored ? row_change(w, row, stored, report, reason, err)
                  : row_add(w, row, report, reason, err);
}

bool import_writer_end(ImportWriter *w, ImportReport *report, Error *err)
{
    if (!w->customers)
        return true;
    report->listed = customer_writer_listed(w->customers);
    matcher_forget(w->match);
    return customer_writer_end(w->customers, err)
           && (!w->left_out || store_index_make(w->crm->store, w->left_out, err));
}
