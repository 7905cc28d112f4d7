/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_map.h"

#include <stdio.h>

#include "base/unicode.h"
#include "model/import_called.h"
#include "model/import_layout.h"
#include "model/import_reject.h"

const char *const point_kind_names[POINT_KINDS] = { "phone", "fax", "email", "web", "other" };

/* "手机号(必填)" is "手机号". */
static Str without_brackets(Str header)
{
    for (size_t i = 1; i < header.n; i++)
        if (header.s[i] == '(' || header.s[i] == '['
            || str_starts(str_n(header.s + i, header.n - i), "（"))
            return str_n(header.s, i);
    return header;
}

static bool norm_is(Str norm, Str name, Arena *a)
{
    ArenaMark m = arena_mark(a);
    bool same = norm.n && str_eq(norm, import_header_norm(name, a));
    arena_rewind(a, m);
    return same;
}

static bool point_of(const Field *f, PointKind *out)
{
    for (int k = 0; k < POINT_OTHER; k++)
        if (f->write && f->kind != KIND_TAGS && strcmp(f->name, point_kind_names[k]) == 0) {
            *out = (PointKind)k;
            return true;
        }
    return false;
}

int import_map_slot(ImportMap *m, const Field *f, bool person, Arena *a)
{
    for (int i = 0; i < m->slots; i++)
        if (m->slot[i].field == f)
            return i;
    ImportSlot *slots = ARENA_ARRAY(a, ImportSlot, m->slots + 1);
    if (m->slots)
        memcpy(slots, m->slot, sizeof *slots * (size_t)m->slots);
    slots[m->slots] =
        (ImportSlot){ .field = f, .name = arena_strdup(a, f->name), .person = person };
    m->slot = slots;
    return m->slots++;
}

static bool slot_taken(const ImportMap *m, const Field *f)
{
    for (int i = 0; i < m->slots; i++)
        if (m->slot[i].field == f)
            return true;
    return false;
}

void import_map_misfit(ImportMap *m, Route *r, const char *why)
{
    int slot = r->slot;
    m->slots--;
    memmove(&m->slot[slot], &m->slot[slot + 1], sizeof *m->slot * (size_t)(m->slots - slot));
    for (int i = 0; i < m->columns; i++)
        m->route[i].slot -= m->route[i].slot > slot;
    m->country -= m->country > slot;
    r->kind = ROUTE_UNKNOWN;
    r->target = NULL;
    r->why = why;
}

void import_map_leave_out(Route *r, const char *why)
{
    r->kind = ROUTE_UNUSED;
    r->why = why;
}

/* Lead a column to a field; false when another column has it already. */
static bool lead_to(ImportMap *m, Route *r, const Field *f, bool person, Arena *a)
{
    PointKind point;
    r->target = arena_printf(a, "%s%s", person ? "person." : "", f->name);
    if (f->flags & FIELD_READONLY || (f->sql && !f->write)) {
        bool id = strcmp(f->name, "id") == 0;
        import_map_leave_out(r, id ? "--key id matches by it" : "kept by the program");
        return true;
    }
    if (m->customers && point_of(f, &point)) {
        r->kind = ROUTE_POINT;
        r->point = point;
        r->person = person;
        r->label = point != POINT_WEB
                       ? import_layout_label(import_header_norm(r->header, a))
                       : NULL;
        return true;
    }
    if (slot_taken(m, f)) {
        r->why = arena_printf(a, "a second %s", r->target);
        return false;
    }
    r->kind = ROUTE_SLOT;
    r->person = person;
    r->slot = import_map_slot(m, f, person, a);
    return true;
}

static bool target_field(const ImportMap *m, Str target, const Field **f, bool *person, Error *err)
{
    *person = str_starts(target, "person.") && m->person;
    if (*person)
        target = str_n(target.s + 7, target.n - 7);
    return type_field_get(*person ? m->person : m->type, target, f, err);
}

/* ---- --map ----------------------------------------------------------------------------------- */

int import_map_column(const ImportMap *m, Str header)
{
    Arena a = { 0 };
    int found = -1;
    for (int i = 0; i < m->columns && found < 0; i++)
        if (str_eq(m->route[i].header, str_trim(header)))
            found = i;
    Str norm = import_header_norm(header, &a);
    for (int i = 0; i < m->columns && found < 0; i++)
        if (norm_is(norm, m->route[i].header, &a))
            found = i;
    arena_release(&a);
    return found;
}

static bool map_given(ImportMap *m, const char *typed, Arena *a, Error *err)
{
    const char *equals = strrchr(typed, '=');
    const Field *f;
    bool person;
    if (!equals) {
        fail(err, ERR_USAGE, "--map '%s' has no =", typed);
        return fail_hint(err, "--map HEADER=field, or HEADER= to leave the column out");
    }
    int i = import_map_column(m, str_n(typed, (size_t)(equals - typed)));
    if (i < 0) {
        fail(err, ERR_USAGE, "the file has no column '%.*s'", (int)(equals - typed), typed);
        for (int k = 0; k < m->columns; k++)
            fail_detail(err, "  %.*s", STR_ARG(m->route[k].header));
        return fail_hint(err, "--map HEADER=field with one of its headers");
    }
    Route *r = &m->route[i];
    r->given = true;
    if (equals[1] == '\0') {
        import_map_leave_out(r, "--map");
        return true;
    }
    if (!target_field(m, str(equals + 1), &f, &person, err))
        return false;
    if (lead_to(m, r, f, person, a))
        return true;
    fail(err, ERR_USAGE, "two columns are mapped to %s", r->target);
    return fail_hint(err, "a field takes one column; leave one out with --map HEADER=");
}

static bool map_saved(ImportMap *m, const char *line, Arena *a, Error *err)
{
    const char *equals = strrchr(line, '=');
    int i = equals ? import_map_column(m, str_n(line, (size_t)(equals - line))) : -1;
    return i < 0 || m->route[i].kind != ROUTE_UNKNOWN || map_given(m, line, a, err);
}

/* ---- by name --------------------------------------------------------------------------------- */

typedef struct Found {
    Str norm;
    const char *known;
    const Field *field;
    bool named;                        /* by the field's own name */
} Found;

/* A known header that is plainly a field is as good as its name. */
static void look_up_known(const ImportMap *m, Str norm, Found *found)
{
    const Field *f = NULL;
    found->known = import_layout_field(norm);
    if (found->known && (f = type_field(m->type, str(found->known)))) {
        found->known = NULL;
        found->field = f;
    }
}

static Found look_up(const ImportMap *m, const Route *r, const CalledList *names, Arena *a)
{
    Str header = r->header;
    Found found = { .norm = r->norm };
    for (int try = 0; try < 2 && !found.field && !found.known; try++) {
        Str norm = try ? import_header_norm(without_brackets(header), a) : found.norm;
        size_t n = norm.n;
        if (m->customers && !called_by_name(names, norm))
            look_up_known(m, norm, &found);
        if (!found.known && !found.field)
            found.field = called_anyhow(names, norm);
        while (n && norm.s[n - 1] >= '0' && norm.s[n - 1] <= '9')
            n--;
        PointKind point;
        if (found.field || found.known || n == norm.n)
            continue;
        const Field *base = called_anyhow(names, str_n(norm.s, n));   /* phone2: another phone */
        const char *known = base ? NULL : import_layout_field(str_n(norm.s, n));
        if (known && m->customers)                   /* and work phone 2 */
            base = type_field(m->type, str(known));
        if (base && m->customers && point_of(base, &point))
            found.field = base;
    }
    found.named = found.field && called_by_name(names, found.norm) == found.field;
    return found;
}

/* Who a row is about: with a firm's column and a contact's, the row is the firm and the contact
 * somebody there. */
typedef struct Context { bool org, name, contact, parts; } Context;

static Context context_of(const ImportMap *m, const Found *found)
{
    Context c = { 0 };
    for (int i = 0; i < m->columns; i++) {
        const Found *f = &found[i];
        bool open = m->route[i].kind == ROUTE_UNKNOWN;
        c.contact |= open && f->known && strcmp(f->known, "contact.name") == 0
                     && !str_is(f->norm, "contact");
        c.parts |=
            open && f->known && (strcmp(f->known, "given") == 0 || strcmp(f->known, "family") == 0);
        c.org |= open && f->field && strcmp(f->field->name, "org") == 0;
        c.name |= open && f->field && strcmp(f->field->name, "name") == 0;
    }
    for (int i = 0; i < m->slots; i++) {
        c.org |= !m->slot[i].person && strcmp(m->slot[i].field->name, "org") == 0;
        c.name |= !m->slot[i].person && strcmp(m->slot[i].field->name, "name") == 0;
    }
    return c;
}

static void route_name_part(ImportMap *m, Route *r, const char *part, const Context *c, Arena *a)
{
    const Field *name = type_field(m->type, STR("name"));
    if (c->name) {
        import_map_leave_out(r, "the name has its own column");
        return;
    }
    r->kind = ROUTE_NAME;
    r->part = strcmp(part, "given") == 0    ? NAME_GIVEN
              : strcmp(part, "middle") == 0 ? NAME_MIDDLE
                                            : NAME_FAMILY;
    r->target = arena_printf(a, "name (%s)", part);
    r->slot = import_map_slot(m, name, false, a);
}

/* contact.name, contact.title: of the person at the firm, or of the customer when no firm is named.
 */
static bool route_contact(ImportMap *m, Route *r, const Found *f, const Context *c, Arena *a)
{
    const char *part = f->known + strlen("contact.");
    bool person = c->contact && (c->org || c->name);
    if (str_is(f->norm, "contact") && !person)
        return false;                  /* in a file of calls it is how somebody was reached */
    const Field *field = type_field(person ? m->person : m->type, str(part));
    return field && lead_to(m, r, field, person, a);
}

/* What only counts for want of better: a column of its kind, or a row, that has nothing else. A
 * calling code tells the country where its own column is empty. */
static void route_spare(ImportMap *m, Route *r, const Found *f, Arena *a)
{
    const Field *field = type_field(m->type, str(f->known + 1));
    if (lead_to(m, r, field, false, a) || !str_is(f->norm, "phonecode"))
        return;
    r->kind = ROUTE_SLOT;
    r->spare = true;
    r->slot = import_map_slot(m, field, false, a);
    r->target = "country, where there is none";
    r->why = NULL;
}

static void route_line(ImportMap *m, Route *r, const char *field, bool titled, Arena *a)
{
    r->kind = ROUTE_LINE;
    r->slot = import_map_slot(m, type_field(m->type, str(field)), false, a);
    r->titled = titled;
    r->target = arena_printf(a, "%s (line)", field);
    r->why = NULL;
}

bool import_is_refusals(const Field *f)
{
    return f->sql && strcmp(f->name, "refuses") == 0;
}

/* "Has Opted Out Of Email": yes is a refusal, no says nothing. */
static void route_refusal(ImportMap *m, Route *r, const char *channel, Arena *a)
{
    r->kind = ROUTE_REFUSAL;
    r->channel = channel;
    r->slot = import_map_slot(m, type_field(m->type, STR("refuses")), false, a);
    r->target = arena_printf(a, "refuses %s", channel);
}

static void route_column(ImportMap *m, int i, const Found *f, const Context *c, Arena *a)
{
    Route *r = &m->route[i];
    bool firm = c->contact && (c->org || c->name);
    if (m->reject >= 0 && (i == m->reject || i == m->reject + 1)) {
        import_map_leave_out(r, "of a reject file");
    } else if (f->known && (strcmp(f->known, "given") == 0 || strcmp(f->known, "middle") == 0
                            || strcmp(f->known, "family") == 0)) {
        route_name_part(m, r, f->known, c, a);
    } else if (f->known && strncmp(f->known, "contact.", 8) == 0) {
        route_contact(m, r, f, c, a);
    } else if (f->known && f->known[0] == '!') {
        route_refusal(m, r, f->known + 1, a);
    } else if (f->known && f->known[0] == '?') {
        route_spare(m, r, f, a);
    } else if (f->known && f->known[0] == '+') {
        route_line(m, r, f->known + 1, false, a);
    } else if (f->field && firm && !c->name && strcmp(f->field->name, "org") == 0) {
        lead_to(m, r, type_field(m->type, STR("name")), false, a);
    } else if (f->field && firm && strcmp(f->field->name, "title") == 0) {
        lead_to(m, r, type_field(m->person, STR("title")), true, a);
    } else if (f->field) {
        lead_to(m, r, f->field, false, a);
    }
    if (r->kind == ROUTE_UNKNOWN)
        r->target = NULL;
}

/* "Phone 1 - Label" is for the numbers of "Phone 1 - Value". */
static void route_labels(ImportMap *m, Arena *a)
{
    for (int i = 0; i < m->columns; i++) {
        Route *r = &m->route[i];
        bool labelled = r->kind == ROUTE_POINT || (r->kind == ROUTE_LINE && r->titled);
        for (int k = 0; k < m->columns && labelled; k++)
            if ((m->route[k].kind == ROUTE_UNKNOWN || m->route[k].kind == ROUTE_LINE)
                && import_layout_is_label(m->route[k].norm, r->norm)) {
                m->route[k].kind = ROUTE_LABEL;
                m->route[k].target = arena_printf(a, "its label");
                r->label_column = k + 1;
            }
    }
}

/* Of an address book: what tells of nobody is left out. */
static void leave_workings_out(ImportMap *m)
{
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_UNKNOWN && import_layout_is_working(m->route[i].norm))
            import_map_leave_out(&m->route[i], "tells nothing of the person");
}

/* Exact names go first: a synonym in an earlier column must not take a field from the column that
 * bears its name. But "Title" beside "Job Title" is Mr. or Ms. What a layout has only for want of
 * better ("Home City") comes late, and last the further lines of what was found. */
enum { TURN_SPARE = 3, TURN_LINE, TURNS };

static int turn_of(const Found *f)
{
    if (f->known && f->known[0] == '?')
        return TURN_SPARE;
    if (f->known && f->known[0] == '+')
        return TURN_LINE;
    return !f->named ? 1 : strcmp(f->field->name, "title") == 0 ? 2 : 0;
}

static void route_all(ImportMap *m, const Found *found, const Context *c, Arena *a)
{
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 0; i < m->columns; i++)
            if (m->route[i].kind == ROUTE_UNKNOWN && turn_of(&found[i]) == turn)
                route_column(m, i, &found[i], c, a);
}

static void mark_firms(ImportMap *m, const Context *c, Arena *a)
{
    const Field *kind = type_field(m->type, STR("kind"));
    bool person = false;
    for (int i = 0; i < m->columns; i++)
        person |= m->route[i].person;
    if (!person) {
        m->person = NULL;
        return;
    }
    if (c->contact && kind && !slot_taken(m, kind)) {
        int slot = import_map_slot(m, kind, false, a);
        m->slot[slot].constant = "firm";
    }
}

/* Quoted for a command line where it needs to be. */
static void put_option(Buf *b, Str header)
{
    bool plain = true;
    for (size_t i = 0; i < header.n; i++)
        plain = plain && !memchr(" \t\n\"'\\()[]{}<>|&;*?#$`!~", header.s[i], 24);
    buf_printf(b, plain ? "--map %.*s=FIELD" : "--map '%.*s=FIELD'", STR_ARG(header));
}

static bool unknown_failed(const ImportMap *m, Error *err)
{
    Buf names = { .max = 300 }, option = { .max = 200 };
    int n = 0, first = -1;
    Str cell;
    for (int i = 0; i < m->columns; i++) {
        const Route *r = &m->route[i];
        if (r->kind != ROUTE_UNKNOWN)
            continue;
        buf_cstr(&names, n++ ? ", " : "");
        text_put_safe(&names, r->header);
        if (r->why)
            buf_printf(&names, " (%s)", r->why);
        first = first < 0 ? i : first;
    }
    if (n) {
        fail(err, ERR_FAILED, "column%s %.*s%s match%s no field", n == 1 ? "" : "s",
             STR_ARG(buf_as_str(&names)), names.full ? "..." : "", n == 1 ? "es" : "");
        if (import_layout_is_row(m->header, m->columns, &cell)) {
            fail_detail(err, "its first line looks like a row: it has %.*s", STR_ARG(cell));
            fail_hint(err, "name the columns with --columns name,phone,... (or --columns vicidial "
                           "for its lead files)");
        } else {
            put_option(&option, m->route[first].header);
            fail_hint(err, "mend it with %.*s, --create-fields or --ignore-unknown",
                      STR_ARG(buf_as_str(&option)));
        }
    }
    buf_release(&names);
    buf_release(&option);
    return n == 0;
}

void import_map_own_fields(ImportMap *m, Arena *a)
{
    for (int i = 0; i < m->columns; i++)
        for (int k = 0; k < m->type->n && m->route[i].kind == ROUTE_UNKNOWN; k++) {
            const Field *f = &m->type->fields[k];
            if (f->flags & FIELD_USER && f->label && str_is(m->route[i].header, f->label)
                && !slot_taken(m, f) && lead_to(m, &m->route[i], f, false, a))
                m->route[i].why = NULL;
        }
}

bool import_map_has_unknown(const ImportMap *m)
{
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_UNKNOWN)
            return true;
    return false;
}

bool import_map_settle(ImportMap *m, const ImportOptions *o, Arena *a, Error *err)
{
    for (int i = 0; i < m->columns; i++)
        if (m->route[i].kind == ROUTE_UNKNOWN && o->ignore_unknown)
            import_map_leave_out(&m->route[i], "--ignore-unknown");
        else if (m->route[i].kind == ROUTE_UNKNOWN && o->create_fields)
            m->route[i].kind = ROUTE_CREATE;
        else if (m->route[i].kind == ROUTE_UNKNOWN && m->book)
            route_line(m, &m->route[i], "note", true, a);
    if (m->book)
        route_labels(m, a);
    return unknown_failed(m, err);
}

bool import_map(Crm *crm, const ImportOptions *o, const ImportFile *f, Arena *a, ImportMap *m,
                Error *err)
{
    const Str *names;
    *m = (ImportMap){ .type = o->type, .type_name = arena_strdup(a, o->type->name), .country = -1 };
    m->columns = import_file_columns(f, &names);
    m->header = names;
    m->route = ARENA_ARRAY(a, Route, m->columns);
    m->customers = strcmp(o->type->name, "customer") == 0;
    for (int i = 0; o->date_order && import_day_orders[i]; i++)
        if (strcmp(o->date_order, import_day_orders[i]) == 0)
            m->order = DAY_ORDER_DMY + i;
    m->person = m->customers ? schema_type(crm->schema, STR("person")) : NULL;
    Found *found = ARENA_ARRAY(a, Found, m->columns);
    Str *norm = ARENA_ARRAY(a, Str, m->columns);
    CalledList called = called_of(m->type, a);
    const char *book = reject_file_book(f);
    for (int i = 0; i < m->columns; i++) {
        m->route[i].header = names[i];
        m->route[i].order = m->order;
        m->route[i].norm = norm[i] = import_header_norm(names[i], a);
        found[i] = look_up(m, &m->route[i], &called, a);
        if (book && found[i].known && found[i].known[0] == '+')
            found[i].known = NULL;     /* a card's "address 2" is another address */
    }
    if (m->customers)
        m->book = book ? book : import_layout_book(norm, m->columns);
    m->reject = reject_file_column(f);
    for (int i = 0; m->columns && i < o->maps; i++)
        if (!map_given(m, o->map[i], a, err))
            return false;
    for (int i = 0; m->columns && i < o->saveds; i++)
        if (!map_saved(m, o->saved[i], a, err))
            return false;
    Context context = m->customers ? context_of(m, found) : (Context){ 0 };
    route_all(m, found, &context, a);
    route_labels(m, a);
    if (m->book)
        leave_workings_out(m);
    if (m->customers)
        mark_firms(m, &context, a);
    for (int i = 0; i < m->slots; i++)
        if (m->customers && !m->slot[i].person && strcmp(m->slot[i].field->name, "country") == 0)
            m->country = i;
    return true;
}

bool import_map_renew(ImportMap *m, Crm *crm, Error *err)
{
    const Type *person = schema_type(crm->schema, STR("person"));
    m->type = schema_type(crm->schema, str(m->type_name));
    if (m->person)
        m->person = person;
    for (int i = 0; i < m->slots; i++)
        if (!type_field_get(m->slot[i].person ? person : m->type, str(m->slot[i].name),
                            &m->slot[i].field, err))
            return false;
    return true;
}
