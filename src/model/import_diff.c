/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_diff.h"

#include "base/unicode.h"

int import_person_name(const ImportMap *m)
{
    for (int i = 0; i < m->slots; i++)
        if (m->slot[i].person && strcmp(m->slot[i].name, "name") == 0)
            return i;
    return -1;
}

/* ---- tags ------------------------------------------------------------------------------------ */

static bool has_tag(Str list, Str tag)
{
    for (size_t i = 0; i < list.n;) {
        const char *comma = memchr(list.s + i, ',', list.n - i);
        size_t end = comma ? (size_t)(comma - list.s) : list.n;
        if (str_eq(str_n(list.s + i, end - i), tag))
            return true;
        i = end + 1;
    }
    return false;
}

bool import_tags_each(Str typed, Str has, bool (*fn)(void *ctx, Str tag, Error *err), void *ctx,
                      Error *err)
{
    for (size_t i = 0; i < typed.n;) {
        const char *comma = memchr(typed.s + i, ',', typed.n - i);
        size_t end = comma ? (size_t)(comma - typed.s) : typed.n;
        Str tag = str_n(typed.s + i, end - i);
        if (tag.n && !has_tag(has, tag) && !fn(ctx, tag, err))
            return false;
        i = end + 1;
    }
    return true;
}

static bool stop_at(void *ctx, Str tag, Error *err)
{
    (void)ctx;
    (void)tag;
    (void)err;
    return false;
}

/* What a row says is added to what was there. */
static bool only_grows(const Field *f)
{
    return f->kind == KIND_TAGS || import_is_refusals(f);
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool same_value(const Field *f, Value given, Value stored)
{
    Str tags = stored.type == VALUE_TEXT ? stored.s : (Str){ 0 };
    if (only_grows(f))
        return given.type != VALUE_TEXT || import_tags_each(given.s, tags, stop_at, NULL, NULL);
    if (given.type == VALUE_TEXT && stored.type == VALUE_TEXT)
        return str_eq(given.s, stored.s) || str_eq(given.s, import_cell(stored.s));
    return value_eq(given, stored);
}

/* Whether the rule writes a value that differs: tags and refusals only ever grow. */
static bool lets_through(ImportMatch rule, const Field *f, Value stored)
{
    return rule == IMPORT_UPDATE
           || (rule == IMPORT_FILL && (stored.type == VALUE_NULL || only_grows(f)));
}

static void diff_values(const ImportMap *m, const ImportRow *row, const Stored *stored,
                        ImportMatch rule, ImportWarnings *w, Arena *a, ImportDiff *out)
{
    for (int i = 0; i < m->slots; i++) {
        const ImportSlot *s = &m->slot[i];
        if (s->person || s->constant || row->v[i].type == VALUE_NULL || strcmp(s->name, "id") == 0
            || same_value(s->field, row->v[i], stored->row.v[i]))
            continue;
        if (s->field->flags & FIELD_RULED) {
            import_warn(w, WARN_STAGE, row->line, (Str){ 0 });
            continue;
        }
        out->differs = true;
        if (!lets_through(rule, s->field, stored->row.v[i]))
            continue;
        if (!out->slot)
            out->slot = ARENA_ARRAY(a, int, m->slots);
        out->slot[out->slots++] = i;
    }
}

/* ---- people ---------------------------------------------------------------------------------- */

static const StoredPerson *person_called(const Stored *stored, int name_slot, Value name, Arena *a)
{
    Str folded = text_fold(name.s, a);
    for (int i = 0; i < stored->people; i++) {
        Value v = stored->person[i].v[name_slot];
        if (v.type == VALUE_TEXT && str_eq(text_fold(v.s, a), folded))
            return &stored->person[i];
    }
    return NULL;
}

static void diff_person(const ImportMap *m, const ImportRow *row, const Stored *stored,
                        ImportMatch rule, Arena *a, ImportDiff *out)
{
    int name = m->person ? import_person_name(m) : -1;
    if (name < 0 || row->v[name].type != VALUE_TEXT)
        return;
    out->person = person_called(stored, name, row->v[name], a);
    for (int i = 0; i < m->slots; i++) {
        const ImportSlot *s = &m->slot[i];
        Value has = out->person ? out->person->v[i] : value_null();
        if (!s->person || row->v[i].type == VALUE_NULL || (out->person && i == name)
            || (out->person && same_value(s->field, row->v[i], has)))
            continue;
        out->differs = true;
        if (out->person ? !lets_through(rule, s->field, has)
                        : rule != IMPORT_FILL && rule != IMPORT_UPDATE)
            continue;
        if (!out->person_slot)
            out->person_slot = ARENA_ARRAY(a, int, m->slots);
        out->person_slot[out->person_slots++] = i;
    }
}

/* ---- contact points -------------------------------------------------------------------------- */

static bool has_point(const ImportRow *row, const Point *p)
{
    for (int i = 0; i < row->points; i++)
        if (row->point[i].kind == p->kind && str_eq(row->point[i].value, p->value))
            return true;
    return false;
}

/* The stored point in the same place (the second number, say) that the row does not name elsewhere.
 */
static const Point *replaced_by(const ImportRow *row, int at, const Stored *stored)
{
    const Point *p = &row->point[at];
    int place = 0;
    for (int i = 0; i < at; i++)
        place += row->point[i].kind == p->kind && row->point[i].person == p->person;
    for (int i = 0; i < stored->row.points; i++) {
        const Point *s = &stored->row.point[i];
        if (s->kind == p->kind && s->person == p->person && place-- == 0)
            return has_point(row, s) ? NULL : s;
    }
    return NULL;
}

static void diff_points(const ImportRow *row, const Stored *stored, ImportMatch rule,
                        ImportDiff *out)
{
    for (int i = 0; i < row->points; i++) {
        const Point *p = &row->point[i];
        if (has_point(&stored->row, p))
            continue;
        out->differs = true;
        if (rule != IMPORT_FILL && rule != IMPORT_UPDATE)
            continue;
        const Point *old = rule == IMPORT_UPDATE ? replaced_by(row, i, stored) : NULL;
        out->point[out->points++] = (PointDiff){ p, old ? old->id : 0 };
    }
}

void import_diff(const ImportMap *m, const ImportRow *row, const Stored *stored, ImportMatch rule,
                 ImportWarnings *w, Arena *a, ImportDiff *out)
{
    *out = (ImportDiff){ 0 };
    diff_values(m, row, stored, rule, w, a, out);
    diff_person(m, row, stored, rule, a, out);
    diff_points(row, stored, rule, out);
}

bool import_diff_writes(const ImportDiff *d)
{
    return d->slots || d->person_slots || d->points;
}
