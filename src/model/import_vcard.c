/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_vcard.c -- vCards as rows.  Columns are those of all cards, in the order in which they are
 * first met; rejected cards go to a CSV of the same columns, which is imported like any other.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/vcard.h"
#include "model/import_names.h"
#include "model/import_reader.h"

typedef struct VcardRows {
    VcardReader *cards;
    ImportNames names;
    int room;                          /* of cell, times and used */
    Str *cell;                         /* one for each name */
    int *times;                        /* the number for a further one in the card; 0: not in it */
    int *used, n_used;                 /* columns of the card */
    Arena row;
} VcardRows;

static void rows_free(VcardRows *v)
{
    if (!v)
        return;
    vcard_close(v->cards);
    import_names_release(&v->names);
    arena_release(&v->row);
    free(v->cell);
    free(v->times);
    free(v->used);
    free(v);
}

static void rows_clear(VcardRows *v)
{
    for (int i = 0; i < v->n_used; i++) {
        v->cell[v->used[i]] = (Str){ 0 };
        v->times[v->used[i]] = 0;
    }
    v->n_used = 0;
    arena_release(&v->row);
}

static int column_of(VcardRows *v, Str name)
{
    int column = import_names_column(&v->names, name, true), before = v->room;
    if (v->names.room > before) {
        v->room = v->names.room;
        v->cell = xresize(v->cell, sizeof *v->cell * (size_t)v->room);
        v->times = xresize(v->times, sizeof *v->times * (size_t)v->room);
        v->used = xresize(v->used, sizeof *v->used * (size_t)v->room);
        memset(v->cell + before, 0, sizeof *v->cell * (size_t)(v->room - before));
        memset(v->times + before, 0, sizeof *v->times * (size_t)(v->room - before));
    }
    if (column >= 0 && v->times[column] == 0) {
        v->times[column] = 2;
        v->used[v->n_used++] = column;
    }
    return column;
}

/* "phone" again in the same card is "phone 2". */
static bool put(VcardRows *v, const VcardCell *c)
{
    int first = column_of(v, c->column), column = first;
    while (column >= 0 && v->cell[column].n)
        column = column_of(v, str(arena_printf(&v->row, "%.*s %d", STR_ARG(c->column),
                                               v->times[first]++)));
    if (column < 0)
        return false;
    v->cell[column] = c->value;
    return true;
}

static int vcard_row(ImportFile *f, ImportRecord *out, Error *err)
{
    VcardRows *v = f->state;
    Vcard card;
    rows_clear(v);
    int more = vcard_next(v->cards, &card, err);
    if (more <= 0)
        return more;
    for (int i = 0; i < card.n; i++)
        if (!put(v, &card.cell[i])) {
            fail(err, ERR_INVALID, "its cards have more than %d different properties by line %"
                 PRId64, CSV_MAX_FIELDS, card.line);
            fail_hint(err, "is it a file of vCards?");
            return -1;
        }
    *out = (ImportRecord){ .cell = v->cell, .n = v->names.n, .line = card.line, .bad = card.bad };
    return 1;
}

/* ---- the format ------------------------------------------------------------------------------ */

static bool vcard_fits(Str head)
{
    return head.n >= 11 && str_eq_nocase(str_n(head.s, 11), STR("BEGIN:VCARD"));
}

static void vcard_done(ImportFile *f)
{
    rows_free(f->state);
    f->state = NULL;
}

static bool vcard_rewind(ImportFile *f, Error *err)
{
    VcardRows *v = f->state;
    if (!import_file_text(f, err))
        return false;
    vcard_close(v->cards);
    v->cards = vcard_open(f->text);
    return true;
}

static bool vcard_begin(ImportFile *f, const ImportFileOptions *o, Str head, Error *err)
{
    ImportRecord r;
    Buf passed = { 0 };
    int more;
    (void)o, (void)head;
    VcardRows *v = f->state = xalloc(sizeof *v);
    if (!vcard_rewind(f, err))
        return false;
    while ((more = vcard_row(f, &r, err)) > 0)
        ;
    if (more < 0)
        return false;
    vcard_passed_over(v->cards, &passed);
    if (passed.n)
        f->note = arena_printf(f->arena, "passed over: %s", passed.s);
    buf_release(&passed);
    import_file_name_columns(f, v->names.name, v->names.n);
    return true;
}

const ImportReader import_vcard = {
    .suffixes = "vcf vcard",
    .title = "vCard",
    .rejects = IMPORT_CSV,
    .book = true,
    .fits = vcard_fits,
    .open = vcard_begin,
    .rewind = vcard_rewind,
    .next = vcard_row,
    .close = vcard_done,
};
