/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_card.c -- what an agent has before him: the customer, the last call, what to say.
 */
#include <inttypes.h>

#include "cmd/dial.h"
#include "model/select.h"

enum { ENTRY, SQL_COUNT };
static const Sql sql[] = {
    [ENTRY] = { "SELECT e.customer, e.attempts, e.result, e.last_at, k.name FROM entry e"
                " JOIN customer k ON k.id = e.customer WHERE e.id = ?1", SQL_HOT },
};
const SqlTable cmd_dial_card_sql = { "cmd_dial_card", sql, SQL_COUNT };

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? "" : str_c(query_col_str(q, i), a);
}

bool dial_card_read(Dialing *d, const Entry *e, Error *err)
{
    Query *q = NULL;
    DialCard *card = &d->card;
    arena_release(&d->card_arena);
    *card = (DialCard){ .entry = e->id, .name = "", .last_result = "" };
    memcpy(card->number, e->number, sizeof card->number);
    if (!query_open(d->session->crm->store, &sql[ENTRY], &q, err))
        return false;
    query_int(q, 1, e->id);
    bool ok = query_one(q, err);
    if (ok) {
        card->customer = query_col_int(q, 0);
        card->attempts = query_col_int(q, 1);
        card->last_result = text(q, 2, &d->card_arena);
        card->last_at = query_col_int(q, 3);
        card->name = text(q, 4, &d->card_arena);
    }
    query_close(q);
    return ok;
}

static const char *formatted(const Dialing *d, Arena *a)
{
    Buf b = { 0 };
    phone_format(d->session->crm->phones, str(d->card.number), &b);
    const char *shown = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return shown;
}

void dial_card_note(Dialing *d)
{
    const DialCard *card = &d->card;
    Arena a = { 0 };
    Buf last = { 0 };
    if (card->attempts) {
        buf_printf(&last, ", call %" PRId64 "; last: %s, ", card->attempts + 1, card->last_result);
        ago_write(card->last_at, d->live.now, &last);
    }
    ui_note(d->session->ui, "next: customer %" PRId64 "%s%s, %s%s", card->customer,
            *card->name ? " " : "", card->name, formatted(d, &a), last.n ? last.s : "");
    ui_note(d->session->ui, "  dial go, dial skip --why '...', dial stop");
    buf_release(&last);
    arena_release(&a);
}

/* ---- the row --------------------------------------------------------------------------------- */

typedef struct Card {
    const Type *type;
    const Field **fields;             /* those listed, then those that the script names */
    int listed, n;
    Value *values;
} Card;

static bool next_blank(const char **at, Str *name)
{
    const char *open = strchr(*at, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close)
        return false;
    *name = str_n(open + 1, (size_t)(close - open - 1));
    *at = close + 1;
    return true;
}

static int place_of(const Card *k, const Field *f)
{
    for (int i = 0; i < k->n; i++)
        if (k->fields[i] == f)
            return i;
    return -1;
}

static void choose_fields(const Call *c, const Dialing *d, Card *k)
{
    const char *at = d->campaign.script;
    int room = 0;
    Str name;
    while (next_blank(&at, &name))
        room++;
    k->type = schema_type(c->crm->schema, STR("customer"));
    k->fields = ARENA_ARRAY(c->arena, const Field *, k->type->n + room);
    for (int i = 1; i < k->type->n; i++)
        if (k->type->fields[i].flags & FIELD_LISTED)
            k->fields[k->n++] = &k->type->fields[i];
    k->listed = k->n;
    for (at = d->campaign.script; next_blank(&at, &name);) {
        const Field *f = type_field(k->type, name);
        if (f && f->index > 0 && place_of(k, f) < 0)
            k->fields[k->n++] = f;
    }
}

static bool read_values(const Call *c, const Dialing *d, Card *k, Error *err)
{
    Query *q = NULL;
    Value id = value_int(d->card.customer);
    Select s = { .type = k->type, .fields = k->fields, .n = k->n,
                 .filter = { .sql = "t.id = ?", .bind = &id, .n = 1, .text = "" } };
    k->values = ARENA_ARRAY(c->arena, Value, k->n + 1);
    if (!d->card.customer)
        return true;
    if (!select_open(c->crm, &s, c->arena, &q, err))
        return false;
    int got = query_next(q, err);
    for (int i = 0; got > 0 && i < k->n; i++)
        k->values[i] = value_dup(query_col(q, i + 1), c->arena);
    query_close(q);
    return got >= 0;
}

/* The script with {field} filled in; what is no field of a customer stays as it is. */
static Value script_value(const Call *c, const Dialing *d, const Card *k)
{
    Buf b = { 0 };
    const char *at = d->campaign.script, *from = at;
    Str name;
    if (!*at || !d->card.customer)
        return value_null();
    while (next_blank(&at, &name)) {
        const Field *f = type_field(k->type, name);
        int i = f ? place_of(k, f) : -1;
        if (i < 0)
            continue;
        buf_put(&b, from, (size_t)(name.s - 1 - from));
        value_write_plain(k->values[i], field_shown_kind(c->crm->schema, f), &b);
        from = at;
    }
    buf_cstr(&b, from);
    Value v = value_text(str_dup(buf_as_str(&b), c->arena));
    buf_release(&b);
    return v;
}

bool dial_card_row(const Call *c, Dialing *d, Error *err)
{
    enum { BEFORE = 5, AFTER = 4 };
    Card k = { 0 };
    const DialCard *card = &d->card;
    choose_fields(c, d, &k);
    if (!read_values(c, d, &k, err))
        return false;
    int n = k.listed + BEFORE + AFTER;
    Column *cols = ARENA_ARRAY(c->arena, Column, n);
    Value *v = ARENA_ARRAY(c->arena, Value, n);
    int i = 0;
#define CELL(column, kind, value) (cols[i] = (Column){ column, kind, 0 }, v[i++] = (value))
    CELL("agent", KIND_TEXT, value_cstr(d->agent_name));
    CELL("state", KIND_TEXT, value_cstr(agent_state_name(dialing_state(d))));
    CELL("call", KIND_INT, d->call ? value_int(d->call) : value_null());
    CELL("result", KIND_TEXT, value_cstr(d->result));
    CELL("customer", KIND_INT, card->customer ? value_int(card->customer) : value_null());
    for (int f = 0; f < k.listed; f++)
        CELL(k.fields[f]->name, field_shown_kind(c->crm->schema, k.fields[f]), k.values[f]);
    CELL("number", KIND_TEXT, card->customer ? value_cstr(formatted(d, c->arena)) : value_null());
    CELL("attempts", KIND_INT, card->customer ? value_int(card->attempts) : value_null());
    CELL("last_result", KIND_TEXT,
         *card->last_result ? value_cstr(card->last_result) : value_null());
    CELL("script", KIND_TEXT, script_value(c, d, &k));
#undef CELL
    c->out->one = true;
    return out_begin(c->out, cols, n, err) && out_row(c->out, v, err);
}
