/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a filter on any type: it is refused in words, or its SQL runs, and its own text is
 * the same filter again.  The first byte chooses the type.
 */
#include <stdlib.h>

#include "model/select.h"

static Crm *open_once(void)
{
    static Crm *crm;
    static Clock clock;
    Error err = { 0 };
    if (crm)
        return crm;
    setenv("TZ", "Asia/Shanghai", 1);
    clock_set(&clock, 1772590830000);
    if (!crm_open(":memory:", STORE_CREATE, &clock, &crm, &err))
        panic("%s", err.msg);
    return crm;
}

static void check(Crm *crm, const Type *t, Str text, Arena *a)
{
    Error err = { 0 };
    Filter f, again;
    int64_t n;
    if (!filter_text(crm, t, text, a, &f, &err)) {
        if (err.code == ERR_NONE || err.code == ERR_FAILED || err.code == ERR_DATABASE)
            panic("%s", err.msg);
        return;
    }
    if (!select_count(crm, t, &f, &n, &err))
        panic("%s: %s", f.sql, err.msg);
    if (memchr(text.s, '\0', text.n) || !utf8_valid(text))
        return;                              /* no line holds these */
    if (!filter_text(crm, t, str(f.text), a, &again, &err))
        panic("%s: %s", f.text, err.msg);
    if (strcmp(f.sql, again.sql) != 0)
        panic("%s\n%s", f.sql, again.sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Arena a = { 0 };
    Crm *crm = open_once();
    int types;
    const Type *const *all = schema_types(crm->schema, &types);
    if (n == 0)
        return 0;
    check(crm, all[data[0] % types], str_n((const char *)data + 1, n - 1), &a);
    arena_release(&a);
    return 0;
}
