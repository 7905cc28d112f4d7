/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dup_key.c -- what makes two records a pair, and each record as that sees it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "model/dup_inside.h"
#include "model/select.h"
#include "model/types.h"

enum { CUSTOMER_POINTS, PERSON_POINTS, SQL_COUNT };
static const Sql sql[] = {
    [CUSTOMER_POINTS] = { "SELECT customer, value FROM contact WHERE kind = ?1 AND person IS NULL"
                          " ORDER BY customer, position, id", 0 },
    [PERSON_POINTS] = { "SELECT person, value FROM contact WHERE kind = ?1"
                        " AND person IS NOT NULL ORDER BY person, position, id", 0 },
};
const SqlTable dup_sql = { "dup", sql, SQL_COUNT };

enum {
    PART_BYTES = 400,                    /* of a text; of a longer one its hash counts, too */
    VALUES = 8,                          /* contact points of one kind of a record */
    NUMBER_DIGITS = 5,                   /* what has fewer is no number: 0, 无, 123 */
    TICK = 8192,
};

/* ---- the key --------------------------------------------------------------------------------- */

static bool part_share(Str s, DupPart *out, Error *err)
{
    char digits[16], *end;
    if (s.n > 0 && s.n < sizeof digits) {
        memcpy(digits, s.s, s.n);
        digits[s.n] = '\0';
        out->least = strtod(digits, &end);
        if (*end == '\0' && out->least >= 0.5 && out->least <= 1)
            return true;
    }
    fail(err, ERR_USAGE, "--key: '%.*s' is no share between 0.5 and 1", STR_ARG(s));
    return fail_hint(err, "for example name~0.9: nine letters in ten agree");
}

static bool part_parse(const Type *t, Str s, DupPart *out, Error *err)
{
    const char *like = memchr(s.s, '~', s.n);
    Str name = str_trim(like ? str_n(s.s, (size_t)(like - s.s)) : s);
    *out = (DupPart){ 0 };
    if (!type_field_get(t, name, &out->field, err)
        || (like && !part_share(str_trim(str_n(like + 1, s.n - (size_t)(like - s.s) - 1)), out,
                                err)))
        return false;
    const Field *f = out->field;
    if (f->write == view_write_contact || f->write == view_write_person_contact)
        out->points = f->name;
    if (out->points ? out->least == 0 : f->column != NULL)
        return true;
    fail(err, ERR_USAGE, "--key: %s cannot be compared%s", f->name, out->points ? " by likeness"
                                                                                : "");
    return out->points ? fail_hint(err, "--key %s finds equal ones", f->name)
                       : fail_hint(err, "it is computed; name a field that is stored");
}

static Str take_until(Str *rest, char sep)
{
    const char *at = memchr(rest->s, sep, rest->n);
    Str one = at ? str_n(rest->s, (size_t)(at - rest->s)) : *rest;
    *rest = at ? str_n(at + 1, rest->n - one.n - 1) : (Str){ "", 0 };
    return str_trim(one);
}

static bool alternative_parse(const Type *t, Str s, Arena *a, DupAlternative *out, Error *err)
{
    *out = (DupAlternative){ .text = str_c(s, a), .exact = true };
    while (s.n) {
        Str one = take_until(&s, '+');
        if (out->n == DUP_PARTS)
            return fail(err, ERR_USAGE, "--key %s: more than %d parts", out->text, DUP_PARTS);
        if (!part_parse(t, one, &out->part[out->n], err))
            return false;
        out->exact = out->exact && out->part[out->n].least == 0;
        out->n++;
    }
    return true;
}

static const char *key_of_type(Crm *crm, const Type *t, Arena *a)
{
    Buf b = { 0 };
    if (strcmp(t->name, "customer") == 0) {
        const char *set = setting_get(crm, "dup.key", a);
        return set ? set : DUP_KEY;
    }
    for (int i = 0; t->keys && t->keys[i]; i++)
        buf_printf(&b, "%s%s", b.n ? "," : "", t->keys[i]);
    const char *name = t->handle ? t->handle : type_field(t, STR("name")) ? "name" : "title";
    const Field *f = type_field(t, str(name));
    if (f && f->column)
        buf_printf(&b, "%s%s~0.9", b.n ? "," : "", name);
    const char *key = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return key;
}

bool dup_key(Crm *crm, const Type *t, const char *typed, Arena *a, DupKey *out, Error *err)
{
    Str rest = str(typed ? typed : key_of_type(crm, t, a));
    *out = (DupKey){ 0 };
    while (rest.n) {
        Str one = take_until(&rest, ',');
        if (out->n == DUP_ALTERNATIVES)
            return fail(err, ERR_USAGE, "--key: more than %d alternatives", DUP_ALTERNATIVES);
        if (one.n && !alternative_parse(t, one, a, &out->alt[out->n++], err))
            return false;
    }
    if (out->n)
        return true;
    fail(err, ERR_USAGE, "nothing says what makes two %s the same", t->plural);
    return fail_hint(err, "--key a,b~0.9,c+d with fields of %s", t->name);
}

/* ---- normal forms ---------------------------------------------------------------------------- */

/* The folded text; where it is long its beginning, and a hash of all of it. */
static void exact_form(Str text, Buf *out)
{
    if (text.n <= PART_BYTES) {
        text_fold_into(text, out);
        return;
    }
    Buf all = { 0 };
    text_fold_into(text, &all);
    Str folded = buf_as_str(&all);
    buf_put(out, folded.s, folded.n < PART_BYTES ? folded.n : PART_BYTES);
    buf_printf(out, " %016" PRIx64, str_hash(folded));
    buf_release(&all);
}

/* ---- the points of records in order of id ---------------------------------------------------- */

typedef struct Points {
    Query *q;                            /* NULL: the part is a field */
    int more;                            /* the query stands on a row */
    Str value[VALUES];                   /* of the record asked for last */
    int n;
    Buf text;
} Points;

static bool points_open(DupSearch *s, const DupPart *part, Points *p, Error *err)
{
    int which = strcmp(s->type->name, "person") == 0 ? PERSON_POINTS : CUSTOMER_POINTS;
    if (!part->points)
        return true;
    if (!query_open(s->crm->store, &sql[which], &p->q, err))
        return false;
    query_cstr(p->q, 1, part->points);
    p->more = query_next(p->q, err);
    return p->more >= 0;
}

static bool is_value(const DupPart *part, Str v)
{
    char digits[32];
    bool number = part->field->kind == KIND_PHONE;
    return v.n > 0 && (!number || phone_digits(v, digits, sizeof digits) >= NUMBER_DIGITS);
}

/* Records are asked for in ascending order. */
static bool points_of(Points *p, const DupPart *part, int64_t id, Error *err)
{
    size_t end[VALUES];
    p->n = 0;
    buf_reset(&p->text);
    for (; p->more > 0 && query_col_int(p->q, 0) <= id; p->more = query_next(p->q, err)) {
        Str v = query_col_str(p->q, 1);
        if (query_col_int(p->q, 0) < id || p->n == VALUES || !is_value(part, v))
            continue;
        exact_form(v, &p->text);
        end[p->n++] = p->text.n;
    }
    for (int i = 0; i < p->n; i++) {
        size_t from = i ? end[i - 1] : 0;
        p->value[i] = str_n(p->text.s + from, end[i] - from);
    }
    return p->more >= 0;
}

/* ---- units ----------------------------------------------------------------------------------- */

typedef struct Reader {
    DupSearch *s;
    const DupAlternative *alt;
    Points points[DUP_PARTS];
    Buf form[DUP_PARTS], work, plain;    /* of fields */
    DupUnits *out;
} Reader;

static void field_form(Reader *r, int part, Value v)
{
    const DupPart *p = &r->alt->part[part];
    Buf *out = &r->form[part];
    buf_reset(out);
    buf_reset(&r->plain);
    value_write_plain(v, p->field->kind, &r->plain);
    Str text = buf_as_str(&r->plain);
    if (p->least == 0)
        exact_form(text, out);
    else
        like_form(&r->s->words, text.n > PART_BYTES ? str_n(text.s, PART_BYTES) : text, &r->work,
                  out);
}

static bool unit_add(Reader *r, int64_t id, const int *pick, Error *err)
{
    DupUnits *u = r->out;
    DupUnit x = { .id = id, .at = (uint32_t)u->text.n };
    for (int exact = 1; exact >= 0; exact--) {
        for (int i = 0; i < r->alt->n; i++) {
            const DupPart *p = &r->alt->part[i];
            if ((p->least == 0) != exact)
                continue;
            buf_str(&u->text, p->points ? r->points[i].value[pick[i]] : buf_as_str(&r->form[i]));
            buf_char(&u->text, DUP_END);
        }
        if (exact)
            x.exact = (uint16_t)(u->text.n - x.at);
    }
    x.n = (uint16_t)(u->text.n - x.at);
    x.hash = str_hash(dup_text(u, &x));
    if (u->n == u->room) {
        u->room = u->room ? u->room * 2 : 1024;
        u->unit = xresize(u->unit, (size_t)u->room * sizeof *u->unit);
    }
    u->unit[u->n++] = x;
    if (u->text.n + (size_t)u->room * sizeof *u->unit <= DUP_MEMORY)
        return true;
    fail(err, ERR_FAILED, "too many %s to compare at once: more than %d MB", r->s->type->plural,
         DUP_MEMORY >> 20);
    return fail_hint(err, "restrict them with a filter, one city or source at a time");
}

/* A unit for each choice of one value a part; none where a part has no value. */
static bool units_of(Reader *r, int64_t id, Error *err)
{
    int pick[DUP_PARTS] = { 0 }, i = 0;
    for (; i < r->alt->n; i++)
        if (r->alt->part[i].points ? r->points[i].n == 0 : r->form[i].n == 0)
            return true;
    do {
        if (!unit_add(r, id, pick, err))
            return false;
        for (i = 0; i < r->alt->n; i++) {
            if (r->alt->part[i].points && ++pick[i] < r->points[i].n)
                break;
            pick[i] = 0;
        }
    } while (i < r->alt->n);
    return true;
}

static bool read_row(Reader *r, Query *q, Error *err)
{
    int64_t id = query_col_int(q, 0);
    int column = 1;
    for (int i = 0; i < r->alt->n; i++) {
        const DupPart *p = &r->alt->part[i];
        if (!p->points)
            field_form(r, i, query_col(q, column++));
        else if (!points_of(&r->points[i], p, id, err))
            return false;
    }
    return units_of(r, id, err);
}

bool dup_units_read(DupSearch *s, const DupAlternative *alt, DupUnits *out, Error *err)
{
    Reader r = { .s = s, .alt = alt, .out = out };
    const Field *fields[DUP_PARTS];
    Query *q = NULL;
    int more = 0;
    Select select = { .type = s->type, .fields = fields, .filter = *s->filter, .stored = true };
    *out = (DupUnits){ .text = { .max = (size_t)DUP_MEMORY + 65536 } };
    bool ok = true;
    for (int i = 0; i < alt->n; i++) {
        if (!alt->part[i].points)
            fields[select.n++] = alt->part[i].field;
        ok = ok && points_open(s, &alt->part[i], &r.points[i], err);
    }
    ok = ok && select_open(s->crm, &select, &s->arena, &q, err);
    for (int64_t n = 0; ok && (more = query_next(q, err)) > 0; n++)
        ok = (n % TICK || dup_tick(s, "reading", n, 0, err)) && read_row(&r, q, err);
    query_close(q);
    for (int i = 0; i < alt->n; i++) {
        query_close(r.points[i].q);
        buf_release(&r.points[i].text);
        buf_release(&r.form[i]);
    }
    buf_release(&r.work);
    buf_release(&r.plain);
    return ok && more == 0;
}

void dup_units_release(DupUnits *u)
{
    free(u->unit);
    buf_release(&u->text);
    *u = (DupUnits){ 0 };
}
