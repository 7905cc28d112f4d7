/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_map_tell.c -- the lines that tell which column goes where.
 */
#include "base/unicode.h"
#include "model/import_map.h"

/* One more piece of a line, which is told when it is full. */
static void tell_piece(Buf *line, Str piece, const char *between, const ImportTalk *talk)
{
    if (line->n && text_width(buf_as_str(line), 1) + text_width(piece, 1) > 96) {
        talk->note(talk->ctx, line->s);
        buf_reset(line);
    }
    buf_printf(line, "%s%.*s", line->n ? between : "  ", STR_ARG(piece));
}

static void tell_end(Buf *line, const ImportTalk *talk)
{
    if (line->n)
        talk->note(talk->ctx, line->s);
    buf_reset(line);
}

static void tell_routes(const ImportMap *m, Buf *line, const ImportTalk *talk)
{
    Buf one = { 0 };
    for (int i = 0; i < m->columns; i++) {
        const Route *r = &m->route[i];
        if (r->kind == ROUTE_UNUSED)
            continue;
        buf_reset(&one);
        text_put_safe(&one, r->header);
        buf_printf(&one, " -> %s",
                   r->kind == ROUTE_UNKNOWN ? "?"
                   : r->target              ? r->target
                                            : "new field");
        tell_piece(line, buf_as_str(&one), "   ", talk);
    }
    tell_end(line, talk);
    buf_release(&one);
}

/* Columns left out, those of one reason together. */
static void tell_unused(const ImportMap *m, Buf *line, const ImportTalk *talk)
{
    Buf one = { 0 };
    for (int i = 0; i < m->columns; i++) {
        bool told = m->route[i].kind != ROUTE_UNUSED;
        for (int k = 0; k < i && !told; k++)
            told =
                m->route[k].kind == ROUTE_UNUSED && strcmp(m->route[k].why, m->route[i].why) == 0;
        if (told)
            continue;
        buf_reset(&one);
        buf_printf(&one, "not used (%s):", m->route[i].why);
        tell_piece(line, buf_as_str(&one), "", talk);
        for (int k = i; k < m->columns; k++) {
            if (m->route[k].kind != ROUTE_UNUSED || strcmp(m->route[k].why, m->route[i].why) != 0)
                continue;
            buf_reset(&one);
            text_put_safe(&one, m->route[k].header);
            tell_piece(line, buf_as_str(&one), k == i ? " " : ", ", talk);
        }
        tell_end(line, talk);
    }
    buf_release(&one);
}

static void tell_book(const ImportMap *m, const ImportTalk *talk)
{
    Buf line = { 0 };
    for (int i = 0; i < m->columns && !line.n; i++)
        if (m->route[i].kind == ROUTE_LINE && m->route[i].titled)
            buf_printf(&line, "  what %s has beyond the fields goes to the note; --create-fields"
                       " makes fields", m->book);
    tell_end(&line, talk);
    buf_release(&line);
}

void import_map_tell(const ImportMap *m, const ImportTalk *talk)
{
    Buf line = { 0 };
    if (m->book)
        tell_book(m, talk);
    tell_routes(m, &line, talk);
    tell_unused(m, &line, talk);
    buf_release(&line);
}
