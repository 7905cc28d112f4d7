/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_undo.h"

#include <inttypes.h>

#include "store/journal.h"

enum { BATCH_TYPE, BATCH_UNDONE, SQL_COUNT };
static const Sql sql[] = {
    [BATCH_TYPE] = { "SELECT type, undone FROM batch WHERE id = ?1", SQL_HOT },
    [BATCH_UNDONE] = { "UPDATE batch SET undone = ?2, kept = ?3, change = ?4 WHERE id = ?1",
                       SQL_HOT },
};
const SqlTable import_undo_sql = { "import_undo", sql, SQL_COUNT };

typedef struct Stays { ImportStays fn; void *ctx; int64_t n; } Stays;

static void count_stays(void *ctx, const char *table, int64_t row, Str why)
{
    Stays *s = ctx;
    s->n++;
    s->fn(s->ctx, table, row, why);
}

/* The table of what the batch brought. */
static bool find_batch(Crm *crm, int64_t batch, const char **table, bool *undone, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[BATCH_TYPE], &q, err))
        return false;
    query_int(q, 1, batch);
    int n = query_next(q, err);
    const Type *t = n > 0 ? schema_type(crm->schema, query_col_str(q, 0)) : NULL;
    *table = t ? t->table : "";
    *undone = n > 0 && !query_col_is_null(q, 1);
    query_close(q);
    if (n == 0) {
        fail(err, ERR_NOT_FOUND, "no import %" PRId64, batch);
        fail_hint(err, "import list shows what there is");
    }
    return n > 0;
}

static bool mark(Crm *crm, int64_t batch, int64_t kept, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[BATCH_UNDONE], &q, err))
        return false;
    query_int(q, 1, batch);
    query_int(q, 2, crm_now(crm));
    query_int(q, 3, kept);
    query_int(q, 4, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool import_undo(Crm *crm, int64_t batch, ImportStays stays, void *ctx, ImportUndone *out,
                 Error *err)
{
    Stays s = { stays, ctx, 0 };
    Undone u;
    bool before;
    TakeBack t = { .spare = "batch", .columns = "field", .stays = count_stays, .ctx = &s };
    if (!find_batch(crm, batch, &t.owner, &before, err)
        || !journal_origin(crm->store, "batch", batch, &t.change, err))
        return false;
    if (t.change == 0)
        return fail(err, ERR_NOT_FOUND, "the journal does not know what import %" PRId64 " did",
                    batch);
    if (!journal_take_back(crm->store, &t, &u, err))
        return false;
    *out = (ImportUndone){ u.removed, u.restored, u.columns, s.n };
    crm->stale = crm->stale || u.columns;
    if (before && u.removed + u.restored + u.columns == 0)
        return fail(err, ERR_NOT_FOUND, "nothing more of import %" PRId64 " can be taken back",
                    batch);
    return mark(crm, batch, s.n, err);
}
