/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/unicode.h"

/* ---- which key ------------------------------------------------------------------------------- */

static bool no_such(const ImportMap *m, Str name, Error *err)
{
    fail(err, ERR_USAGE, "--key %.*s: no column of the file goes there", STR_ARG(name));
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_SLOT || m->route[i].kind == ROUTE_POINT)
            fail_detail(err, "  %.*s -> %s", STR_ARG(m->route[i].header), m->route[i].target);
    return fail_hint(err, "--key takes fields that columns go to, or headers; --map HEADER=field "
                          "leads a column there");
}

static bool part_of_route(const Route *r, KeyPart *out)
{
    if (r->person || (r->kind != ROUTE_SLOT && r->kind != ROUTE_POINT && r->kind != ROUTE_NAME))
        return false;
    *out = (KeyPart){ .kind = r->kind == ROUTE_POINT ? KEY_POINT : KEY_SLOT,
                      .slot = r->slot,
                      .point = r->point };
    return true;
}

/* A field's name, or the header of its column. */
static bool part_find(const ImportMap *m, Str name, KeyPart *out)
{
    if (str_is(name, "id")) {
        for (int i = 0; i < m->columns; i++)
            if (str_eq_nocase(m->route[i].header, STR("id"))) {
                *out = (KeyPart){ .kind = KEY_ID, .column = i };
                return true;
            }
        return false;
    }
    for (int i = 0; i < m->columns; i++) {
        const Route *r = &m->route[i];
        const char *field = r->kind == ROUTE_POINT ? point_kind_names[r->point] : NULL;
        if (r->kind == ROUTE_SLOT || r->kind == ROUTE_NAME)
            field = m->slot[r->slot].name;
        if (field && str_is(name, field) && part_of_route(r, out))
            return true;
    }
    int column = import_map_column(m, name);
    return column >= 0 && part_of_route(&m->route[column], out);
}

static Str cut(Str *rest, char at)
{
    const char *end = memchr(rest->s, at, rest->n);
    size_t n = end ? (size_t)(end - rest->s) : rest->n;
    Str head = str_trim(str_n(rest->s, n));
    *rest = str_n(rest->s + n + (end != NULL), rest->n - n - (end != NULL));
    return head;
}

/* A part that may lack, which the file need not have a column for. */
static bool part_lacking(ImportMap *m, Str name, Arena *a, KeyPart *out)
{
    const Field *f = type_field(m->type, name);
    if (!f || !f->column)
        return false;
    *out = (KeyPart){ .kind = KEY_SLOT, .slot = import_map_slot(m, f, false, a) };
    return true;
}

/* Alternatives that the file has no columns for are an error where the user named them; a file of
 * no columns at all is an empty one. */
static bool alternative_add(ImportMap *m, Str typed, bool named, Arena *a, ImportKeys *out,
                            Error *err)
{
    KeyAlternative alt = { 0 };
    for (Str rest = typed; rest.n;) {
        Str name = cut(&rest, '+');
        if (alt.n == KEY_PARTS || out->n == KEY_ALTERNATIVES)
            return fail(err, ERR_USAGE, "--key: too many fields");
        bool may_lack = name.n && name.s[name.n - 1] == '?';
        KeyPart *part = &alt.part[alt.n++];
        name.n -= may_lack;
        if (!part_find(m, name, part) && !(may_lack && part_lacking(m, name, a, part)))
            return !named || m->columns == 0 || no_such(m, name, err);
        part->may_lack = may_lack;
    }
    for (int i = 0; i < alt.n; i++)
        out->by_id |= alt.part[i].kind == KEY_ID;
    if (alt.n)
        out->alt[out->n++] = alt;
    return true;
}

static bool unique_add(const ImportMap *m, ImportKeys *out)
{
    for (int i = 0; i < m->slots; i++) {
        const ImportSlot *s = &m->slot[i];
        if (s->person || !(s->field->flags & FIELD_UNIQUE) || out->n == KEY_ALTERNATIVES)
            continue;
        out->alt[out->n++] =
            (KeyAlternative){ .part = { { .kind = KEY_SLOT, .slot = i } }, .n = 1, .unique = true };
    }
    return true;
}

bool import_keys(const ImportOptions *o, ImportMap *m, Arena *a, ImportKeys *out, Error *err)
{
    const char *own[2] = { m->type->handle, NULL };
    const char *const *keys = m->type->keys ? m->type->keys : own;
    Buf text = { 0 };
    bool ok = true;
    *out = (ImportKeys){ 0 };
    for (Str rest = str(o->key); ok && rest.n;)
        ok = alternative_add(m, cut(&rest, ','), true, a, out, err);
    for (int i = 0; ok && !o->key && keys[i]; i++) {
        int before = out->n;
        ok = alternative_add(m, str(keys[i]), false, a, out, err);
        if (out->n > before)
            buf_printf(&text, "%s%s", text.n ? "," : "", keys[i]);
    }
    out->text = o->key ? o->key : text.n ? str_c(buf_as_str(&text), a) : NULL;
    for (int i = 0; i < m->columns && out->by_id; i++)
        if (str_eq_nocase(m->route[i].header, STR("id"))) {
            m->route[i].target = "id (key)";
            m->route[i].kind = ROUTE_SLOT;
            m->route[i].slot = import_map_slot(m, type_field(m->type, STR("id")), false, a);
            for (int k = 0; k < out->n; k++)
                for (int p = 0; p < out->alt[k].n; p++)
                    if (out->alt[k].part[p].kind == KEY_ID)
                        out->alt[k].part[p].slot = m->route[i].slot;
        }
    buf_release(&text);
    return ok && unique_add(m, out);
}

/* ---- normal forms ---------------------------------------------------------------------------- */

static void put_value(Buf *b, Value v)
{
    switch (v.type) {
    case VALUE_TEXT: text_fold_into(v.s, b); break;
    case VALUE_INT: buf_printf(b, "%" PRId64, v.i); break;
    case VALUE_REAL: buf_printf(b, "%.17g", v.r); break;
    case VALUE_NULL: break;
    }
}

/* A number nobody could read is a key only if it has the digits of one: "n/a" is not the same as
 * "n/a". */
static bool usable(const Point *p)
{
    char digits[8];
    if (p->kind == POINT_PHONE || p->kind == POINT_FAX)
        return (p->value.n && p->value.s[0] == '+')
               || phone_digits(p->value, digits, sizeof digits) >= 5;
    return p->kind != POINT_EMAIL || memchr(p->value.s, '@', p->value.n);
}

static bool each_from(const KeyAlternative *alt, int part, const ImportRow *row, Buf *text,
                      KeyFn fn, void *ctx)
{
    size_t start = text->n;
    if (part == alt->n)
        return fn(ctx, str_hash(buf_as_str(text)), buf_as_str(text));
    const KeyPart *p = &alt->part[part];
    if (p->kind != KEY_POINT) {
        if (row->v[p->slot].type == VALUE_NULL && !p->may_lack)
            return true;
        put_value(text, row->v[p->slot]);
        buf_char(text, '\x1f');
        bool go_on = each_from(alt, part + 1, row, text, fn, ctx);
        text->n = start;
        return go_on;
    }
    for (int i = 0; i < row->points; i++) {
        const Point *point = &row->point[i];
        if (point->kind != p->point || !usable(point))
            continue;
        buf_str(text, point->value);               /* folded when it was read */
        buf_char(text, '\x1f');
        bool go_on = each_from(alt, part + 1, row, text, fn, ctx);
        text->n = start;
        if (!go_on)
            return false;
    }
    return true;
}

bool import_key_each(const KeyAlternative *alt, const ImportRow *row, Buf *text, KeyFn fn,
                     void *ctx)
{
    buf_reset(text);
    const KeyPart *first = &alt->part[0];
    buf_char(text, first->kind == KEY_POINT ? (char)('a' + first->point)
                                            : (char)('A' + first->slot % 26));
    return each_from(alt, 0, row, text, fn, ctx);
}

static bool count_one(void *ctx, uint64_t hash, Str key)
{
    (void)hash;
    (void)key;
    ++*(int64_t *)ctx;
    return true;
}

int64_t import_keys_count(const ImportKeys *k, const ImportRow *row, Buf *text)
{
    int64_t n = 0;
    for (int i = 0; i < k->n; i++)
        import_key_each(&k->alt[i], row, text, count_one, &n);
    return n;
}

/* ---- the index ------------------------------------------------------------------------------- */

typedef struct KeyEntry { uint64_t hash; int64_t id; } KeyEntry;     /* id 0: free */

static size_t place(const KeyIndex *x, uint64_t hash)
{
    return (size_t)((unsigned __int128)hash * x->size >> 64);
}

/* Every look-up is somewhere else: with small pages it costs two misses, not one. */
static void want_large_pages(void *p, size_t n)
{
    enum { PAGE = 4096, LARGE = 2 << 20 };
    uintptr_t from = ((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    if (n >= 2 * LARGE)
        madvise((void *)from, n - PAGE, MADV_HUGEPAGE);
}

void key_index_init(KeyIndex *x, int64_t entries)
{
    x->size = (size_t)entries + (size_t)entries / 2 + 16;
    x->used = 0;
    x->entry = xalloc(x->size * sizeof *x->entry);
    want_large_pages(x->entry, x->size * sizeof *x->entry);
}

void key_index_release(KeyIndex *x)
{
    free(x->entry);
    *x = (KeyIndex){ 0 };
}

static void put_entry(KeyIndex *x, uint64_t hash, int64_t id)
{
    size_t i = place(x, hash);
    while (x->entry[i].id)
        i = i + 1 == x->size ? 0 : i + 1;
    x->entry[i] = (KeyEntry){ hash, id };
    x->used++;
}

void key_index_add(KeyIndex *x, uint64_t hash, int64_t id)
{
    if (x->used + x->used / 4 + 8 > x->size) {
        KeyIndex bigger;
        key_index_init(&bigger, (int64_t)x->used * 2);
        for (size_t i = 0; i < x->size; i++)
            if (x->entry[i].id)
                put_entry(&bigger, x->entry[i].hash, x->entry[i].id);
        free(x->entry);
        *x = bigger;
    }
    put_entry(x, hash, id);
}

int64_t key_index_next(const KeyIndex *x, uint64_t hash, size_t *at)
{
    size_t i = *at ? *at - 1 : place(x, hash);
    for (; x->entry[i].id; i = i + 1 == x->size ? 0 : i + 1)
        if (x->entry[i].hash == hash) {
            *at = (i + 1 == x->size ? 0 : i + 1) + 1;
            return x->entry[i].id;
        }
    return 0;
}

bool key_index_has(const KeyIndex *x, uint64_t hash, int64_t id)
{
    size_t at = 0;
    int64_t found;
    while ((found = key_index_next(x, hash, &at)) != 0)
        if (found == id)
            return true;
    return false;
}
