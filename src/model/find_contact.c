/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/find_contact.h"

#include <stdlib.h>

#include "base/phone_fast.h"
#include "base/unicode.h"

enum { DIGITS = 64 };

static bool is_person(const Type *t)
{
    return strcmp(t->name, "person") == 0;
}

static const char *owner_column(const Type *t)
{
    return is_person(t) ? "person" : "customer";
}

static bool is_number_kind(const char *kind)
{
    return strcmp(kind, "phone") == 0 || strcmp(kind, "fax") == 0;
}

static bool is_number_part(Str folded)
{
    char digits[DIGITS];
    for (size_t i = 0; i < folded.n; i++)
        if (!folded.s[i] || !strchr("0123456789 +-().", folded.s[i]))
            return false;
    return phone_digits(folded, digits, sizeof digits) >= 3;
}

bool contact_is_part(Str folded)
{
    return is_number_part(folded) || (folded.n > 1 && memchr(folded.s, '@', folded.n));
}

/* ---- by value -------------------------------------------------------------------------------- */

/* A test of ?1 (and ?3) on the values of contact points. */
static bool owners_by_value(Crm *crm, const Type *t, const char *kind, const char *test, Str what,
                            int64_t limit, IdList *out, Arena *a, Error *err)
{
    const char *column = owner_column(t);
    Query *q = NULL;
    const char *sql = arena_printf(a, "SELECT DISTINCT %s FROM contact WHERE %s IS NOT NULL AND %s"
                                      "%s%s%s ORDER BY 1 LIMIT ?2", column, column, test,
                                   kind ? " AND kind = '" : "", kind ? kind : "", kind ? "'" : "");
    if (!query_text(crm->store, str(sql), &q, err))
        return false;
    query_str(q, 1, what);
    query_int(q, 2, limit);
    free(out->ids);
    bool ok = ids_read(q, limit, &out->ids, &out->n, err);
    query_close(q);
    return ok;
}

/* An address that is the text or begins with it is found by the index; one that holds it further on
 * only when there is none, by the values of all, without touching the rows. */
static bool owners_by_address(Crm *crm, const Type *t, const char *kind, Str text, int64_t limit,
                              IdList *out, Arena *a, Error *err)
{
    bool ok = owners_by_value(crm, t, kind, "value >= ?1 AND value < ?1 || char(1114111)", text,
                              limit, out, a, err);
    if (!ok || out->n > 0)
        return ok;
    return owners_by_value(crm, t, kind, "id IN (SELECT id FROM contact INDEXED BY contact_value"
                           " WHERE instr(fold(value), ?1))", text, limit, out, a, err);
}

/* ---- by digits ------------------------------------------------------------------------------- */

/* The owner of a contact point that still has the digits; 0: nobody. */
static bool read_owner(Query *q, int64_t contact, Str digits, int64_t *owner, Error *err)
{
    char held[DIGITS];
    query_int(q, 1, contact);
    int n = query_next(q, err);
    *owner = 0;
    if (n > 0) {
        size_t k = phone_digits(query_col_str(q, 1), held, sizeof held);
        if (memmem(held, k, digits.s, digits.n))
            *owner = query_col_int(q, 0);
    }
    query_reset(q);
    return n >= 0;
}

typedef struct Owner { int64_t id, at; } Owner;

static int owner_order(const void *x, const void *y)
{
    const Owner *a = x, *b = y;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static int place_order(const void *x, const void *y)
{
    const Owner *a = x, *b = y;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Each owner once, where it came first; returns how many. */
static int64_t distinct(Owner *list, int64_t n)
{
    int64_t kept = 0;
    qsort(list, (size_t)n, sizeof *list, owner_order);
    for (int64_t i = 0; i < n; i++)
        if (list[i].id > 0 && (kept == 0 || list[i].id != list[kept - 1].id))
            list[kept++] = list[i];
    qsort(list, (size_t)kept, sizeof *list, place_order);
    return kept;
}

/* Owners of contact points, in their order, until there are `limit`. */
static bool owners_of(Query *q, const int64_t *contacts, int64_t n, Str digits, int64_t limit,
                      IdList *out, Error *err)
{
    Owner *list = xalloc(sizeof *list * (size_t)(n + 1));
    int64_t have = 0, done = 0;
    bool ok = true;
    for (int64_t most = limit; ok && done < n && have < limit; most *= 2) {
        for (; ok && done < n && done < most; done++) {
            list[have].at = done;
            ok = read_owner(q, contacts[done], digits, &list[have++].id, err);
        }
        have = distinct(list, have);
    }
    free(out->ids);
    out->n = ok ? (have < limit ? have : limit) : 0;
    out->ids = xalloc(sizeof *out->ids * (size_t)(out->n + 1));
    for (int64_t i = 0; i < out->n; i++)
        out->ids[i] = list[i].id;
    free(list);
    return ok;
}

/* Few of a million contact points are people's own. */
static bool nobody_has_any(Crm *crm, const Type *t, bool *nobody, Error *err)
{
    Query *q = NULL;
    *nobody = false;
    if (!is_person(t))
        return true;
    if (!query_text(crm->store, STR("SELECT 1 FROM contact WHERE person IS NOT NULL LIMIT 1"), &q,
                    err))
        return false;
    int n = query_next(q, err);
    *nobody = n == 0;
    query_close(q);
    return n >= 0;
}

static bool owners_by_digits(Crm *crm, const Type *t, const char *kind, Str digits, int64_t limit,
                             IdList *out, Arena *a, Error *err)
{
    Query *q = NULL;
    int64_t *contacts = NULL, n = 0;
    bool nobody;
    if (!nobody_has_any(crm, t, &nobody, err) || nobody)
        return nobody;
    const char *sql = arena_printf(a, "SELECT %s, value FROM contact WHERE id = ?1%s%s%s",
                                   owner_column(t), kind ? " AND kind = '" : "", kind ? kind : "",
                                   kind ? "'" : "");
    bool ok = query_text(crm->store, str(sql), &q, err)
           && store_find_digits(crm->store, digits, &contacts, &n, err)
           && owners_of(q, contacts, n, digits, limit, out, err);
    query_close(q);
    free(contacts);
    return ok;
}

/* A whole number by the index, if it is read without loading anything; else a part of one, as typed
 * or, if that finds nothing, without the 0 before an area code, which E.164 has not. */
static bool owners_by_number(Crm *crm, const Type *t, const char *kind, Str text, int64_t limit,
                             IdList *out, Arena *a, Error *err)
{
    char digits[DIGITS];
    Phone p;
    phone_digits(text, digits, sizeof digits);
    const char *bare = digits + strspn(digits, "0");
    bool whole = phone_fast(text, phones_region(crm->phones), &p);
    bool ok = !whole
           || owners_by_value(crm, t, kind, "value = ?1", str(p.e164), limit, out, a, err);
    if (ok && out->n == 0)
        ok = owners_by_digits(crm, t, kind, str(digits), limit, out, a, err);
    if (ok && out->n == 0 && bare > digits && *bare)
        ok = owners_by_digits(crm, t, kind, str(bare), limit, out, a, err);
    return ok;
}

bool contact_owners(Crm *crm, const Type *t, const char *kind, Str folded, int64_t limit, Arena *a,
                    IdList *out, Error *err)
{
    bool number = kind ? is_number_kind(kind) : is_number_part(folded);
    char digits[DIGITS];
    if (number && phone_digits(folded, digits, sizeof digits) == 0)
        return true;
    return number ? owners_by_number(crm, t, kind, folded, limit, out, a, err)
                  : owners_by_address(crm, t, kind, folded, limit, out, a, err);
}

bool contact_held(Crm *crm, const Type *t, int64_t id, const char *kind, Str folded, bool *held,
                  Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    char digits[DIGITS], own[DIGITS];
    int n = -1;
    bool number = is_number_kind(kind);
    size_t k = phone_digits(folded, digits, sizeof digits);
    const char *sql = arena_printf(&a, "SELECT value FROM contact WHERE %s = ?1 AND kind = ?2",
                                   owner_column(t));
    *held = false;
    if (query_text(crm->store, str(sql), &q, err)) {
        query_int(q, 1, id);
        query_cstr(q, 2, kind);
        while (!*held && (n = query_next(q, err)) > 0) {
            Str value = number ? str_n(own, phone_digits(query_col_str(q, 0), own, sizeof own))
                               : text_fold(query_col_str(q, 0), &a);
            Str part = number ? str_n(digits, k) : folded;
            *held = memmem(value.s, value.n, part.s, part.n) != NULL;
        }
    }
    query_close(q);
    arena_release(&a);
    return *held || n == 0;
}
