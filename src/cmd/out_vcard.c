/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * out_vcard.c -- rows as vCards 3.0 (RFC 2426), a card a row, which the import reads back.
 *
 * Columns that vCard has a property for become that; any other is X-PATTER;FIELD=its name.
 */
#include "base/vcard.h"
#include "cmd/out_text.h"

static const struct { const char *column, *property; } properties[] = {
    { "org", "ORG:" }, { "title", "TITLE:" }, { "phone", "TEL:" }, { "fax", "TEL;TYPE=fax:" },
    { "email", "EMAIL:" }, { "web", "URL:" }, { "note", "NOTE:" }, { "birthday", "BDAY:" },
};

/* Box and flat are never used. */
static const char *const address[] = { "address", "city", "region", "postcode", "country" };
enum { ADDRESS = sizeof address / sizeof *address };

/* The property of "phone", and of "phone2". */
static const char *property_of(const char *column)
{
    size_t n = strlen(column);
    while (n && column[n - 1] >= '0' && column[n - 1] <= '9')
        n--;
    bool counted = n > 0 && column[n];
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (str_is(str_n(column, n), properties[i].column)
            && (!counted || strchr("TEU", properties[i].property[0])))
            return properties[i].property;
    return NULL;
}

static bool in_address(const char *column)
{
    for (int i = 0; i < ADDRESS; i++)
        if (strcmp(column, address[i]) == 0)
            return true;
    return false;
}

static int column_named(const TextOut *t, const char *name)
{
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->cols[i].name, name) == 0)
            return i;
    return -1;
}

static Str cell(TextOut *t, const Value *v, int column)
{
    return column < 0 ? (Str){ 0 } : out_plain(t, v[column], t->cols[column].kind);
}

static void put_line(TextOut *t, Buf *line)
{
    vcard_write_line(&t->line, buf_as_str(line));
    buf_reset(line);
}

/* Both are in each card; the parts of a name are not known, so all of it is the first. */
static void put_name(TextOut *t, Str name, Buf *line)
{
    buf_cstr(line, "FN:");
    vcard_escape(line, name);
    put_line(t, line);
    buf_cstr(line, "N:");
    vcard_escape(line, name);
    buf_cstr(line, ";;;;");
    put_line(t, line);
}

static void put_address(TextOut *t, const Value *v, Buf *line)
{
    bool any = false;
    buf_cstr(line, "ADR:;");
    for (int i = 0; i < ADDRESS; i++) {
        Str part = cell(t, v, column_named(t, address[i]));
        any |= part.n > 0;
        buf_char(line, ';');
        vcard_escape(line, part);
    }
    if (any)
        put_line(t, line);
    buf_reset(line);
}

/* Commas separate words. */
static void put_tags(TextOut *t, Str tags, Buf *line)
{
    buf_cstr(line, "CATEGORIES:");
    while (tags.n) {
        const char *comma = memchr(tags.s, ',', tags.n);
        size_t n = comma ? (size_t)(comma - tags.s) : tags.n;
        vcard_escape(line, str_n(tags.s, n));
        if (comma)
            buf_char(line, ',');
        tags = str_n(tags.s + n + (comma != NULL), tags.n - n - (comma != NULL));
    }
    put_line(t, line);
}

static void put_cell(TextOut *t, const char *column, Str value, Buf *line)
{
    const char *property = property_of(column);
    if (property) {
        buf_cstr(line, property);
    } else {
        buf_cstr(line, "X-PATTER;FIELD=");
        vcard_write_parameter(line, str(column));
        buf_char(line, ':');
    }
    vcard_escape(line, value);
    put_line(t, line);
}

/* A terminal is given no CR; values have none. */
static void drop_returns(Buf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->n; i++)
        if (text->s[i] != '\r')
            text->s[n++] = text->s[i];
    text->n = n;
}

static void vcard_row(TextOut *t, const Value *v)
{
    Buf line = { 0 };
    buf_cstr(&t->line, "BEGIN:VCARD\r\nVERSION:3.0\r\n");
    put_name(t, cell(t, v, column_named(t, "name")), &line);
    put_address(t, v, &line);
    for (int i = 0; i < t->n; i++) {
        const char *column = t->cols[i].name;
        Str value = cell(t, v, i);
        if (value.n == 0 || strcmp(column, "name") == 0 || in_address(column))
            continue;
        if (t->cols[i].kind == KIND_TAGS && strcmp(column, "tag") == 0)
            put_tags(t, value, &line);
        else
            put_cell(t, column, value, &line);
    }
    buf_cstr(&t->line, "END:VCARD\r\n");
    if (t->opt.terminal)
        drop_returns(&t->line);
    buf_release(&line);
}

static void nothing(TextOut *t)
{
    (void)t;
}

const Writer out_vcard = { nothing, vcard_row, nothing };
