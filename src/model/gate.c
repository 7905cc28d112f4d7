/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/gate.h"

bool gate_ask(Crm *crm, const Gate *g, const void *subject, bool all, Arena *a, Verdicts *out,
              Error *err)
{
    int n = 0;
    while (g->checks[n].name)
        n++;
    *out = (Verdicts){ .pass = true };
    int room = 0;
    for (int i = 0; i < n; i++) {
        /* one check may give several verdicts (a stage's criteria): they are appended by it */
        Verdicts one = { .brief = !all };
        if (!g->checks[i].test(crm, subject, a, &one, err))
            return false;
        for (int k = 0; k < one.n; k++) {
            if (out->n == room) {
                room = room ? room * 2 : 16;
                Verdict *more = ARENA_ARRAY(a, Verdict, room);
                if (out->n)
                    memcpy(more, out->v, sizeof *more * (size_t)out->n);
                out->v = more;
            }
            if (!one.v[k].check)
                one.v[k].check = g->checks[i].name;
            out->v[out->n++] = one.v[k];
            out->pass = out->pass && one.v[k].pass;
        }
        if (!out->pass && !all)
            break;
    }
    return true;
}

void verdict_add(Verdicts *v, Arena *a, Verdict one)
{
    Verdict *more = ARENA_ARRAY(a, Verdict, v->n + 1);
    if (v->n)
        memcpy(more, v->v, sizeof *more * (size_t)v->n);
    more[v->n++] = one;
    v->v = more;
}

bool gate_refuse(const Verdicts *v, Error *err, const char *what)
{
    fail(err, ERR_REFUSED, "%s", what);
    for (int i = 0; i < v->n; i++) {
        const Verdict *one = &v->v[i];
        if (one->pass)
            continue;
        if (one->hint)
            fail_detail(err, "%s  %s  -> %s", one->check, one->reason, one->hint);
        else
            fail_detail(err, "%s  %s", one->check, one->reason);
    }
    return false;
}
