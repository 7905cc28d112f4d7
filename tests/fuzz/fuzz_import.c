/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a file of customers that is imported twice: the report accounts for each row, the
 * records are as many more as it says, the books balance, and the second time nothing is new that
 * could be known.  The first byte picks format and options.
 */
#include "fuzz_session.h"

#include "model/books.h"
#include "store/store.h"

typedef struct Counts { long long read, added, updated, same, skipped, rejected; } Counts;

static void say(void *ctx, const Imbalance *i)
{
    (void)ctx;
    panic("%s: %.*s", i->equation->says, STR_ARG(i->where));
}

static const char rejects[] = "/dev/shm/patter-fuzz.rejects";

/* False where the file is refused. */
static bool import(Desk *d, const char *path, unsigned picks, Counts *c)
{
    static const char *const formats[] = { "csv", "json", "vcf", "tsv" };
    static const char *const matches[] = { "fill", "update", "skip", "reject" };
    char *words[] = { "customer", "import", (char *)(uintptr_t)path, "--format",
                      (char *)(uintptr_t)formats[picks & 3], "--on-match",
                      (char *)(uintptr_t)matches[picks >> 2 & 3], "--rejects",
                      (char *)(uintptr_t)rejects,
                      picks & 16 ? "--create-fields" : "--ignore-unknown" };
    Arena a = { 0 };
    Error err;
    Words w = lex_argv(words, sizeof words / sizeof *words, &a);
    int proven, broken;
    int64_t before = desk_count(d, "customer");
    bool ok = desk_run(d, w.w, w.n, &err);
    arena_release(&a);
    unlink(rejects);
    if (!ok)
        return false;
    buf_char(&d->notes, '\0');
    for (char *from = d->notes.s, *to = from; from < d->notes.s + d->notes.n; from++)
        if (*from != ',' || from[1] == ' ')              /* 1,000 */
            *to++ = *from;
    const char *report = strstr(d->notes.s, "read ");
    while (report && sscanf(report, "read %lld: new %lld, updated %lld, same %lld, skipped %lld, "
                            "rejected %lld", &c->read, &c->added, &c->updated, &c->same,
                            &c->skipped, &c->rejected) != 6)
        report = strstr(report + 1, "read ");
    if (!report)
        panic("no report: %s", d->notes.s);
    if (c->read != c->added + c->updated + c->same + c->skipped + c->rejected
        || desk_count(d, "customer") != before + c->added)
        panic("%lld customers before: %s", (long long)before, report);
    if (!books_check(d->s.crm, say, NULL, &proven, &broken, &err))
        panic("%s", err.msg);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Counts one, two;
    Error err = { 0 };
    Desk *d = desk();
    if (n == 0)
        return 0;
    const char *path = file_with(str_n((const char *)data + 1, n - 1));
    if (!store_begin(d->s.crm->store, &err))
        panic("%s", err.msg);
    if (import(d, path, data[0], &one)) {
        if (!import(d, path, data[0], &two))
            panic("not read again: %s", err.msg);
        if (two.read != one.read || two.rejected < one.rejected || two.added > one.added)
            panic("read %lld, then %lld; rejected %lld, then %lld; new %lld, then %lld", one.read,
                  two.read, one.rejected, two.rejected, one.added, two.added);
    }
    store_rollback(d->s.crm->store);
    if (data[0] & 16 && !crm_reload(d->s.crm, &err))
        panic("%s", err.msg);
    return 0;
}
