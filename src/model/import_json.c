/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_json.c -- JSON objects as rows: JSON lines, or one array of objects.
 *
 * The stream is cut into top-level objects, each parsed on its own.  Columns are the keys of all
 * objects in the order in which they are first met; a nested object gives dotted names one level
 * down, an array of plain values is joined by commas, what is deeper stays JSON.  Numbers keep
 * their digits.
 */
#include "model/import_names.h"
#include "model/import_reader.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

enum { BLOCK = 64 << 10, REASON = 256,
       VALUES_MAX = 1 << 18,           /* of one object: each costs memory */
       INT_DIGITS = 18,                /* that surely fit in an integer */
       ID_DIGITS = 100 };              /* more are no id */

typedef struct JsonRows {
    ByteSource *src;
    Buf text;                  /* bytes read and not given out yet, from `at` on */
    size_t at;
    bool eof;
    int array;                 /* 0 none so far, 1 in it, 2 behind it */
    int64_t line;
    Arena row;
    ImportNames names;
    Str *cell;                 /* one for each of them; room for so many */
    int room;
    bool fixed;                /* the names are known: cells are filled */
    char bad[REASON];          /* why the object cannot be taken */
} JsonRows;

/* ---- column names ---------------------------------------------------------------------------- */

/* Column of a key; -1: there are too many. */
static int column_of(JsonRows *j, Str name)
{
    int column = import_names_column(&j->names, name, true);
    if (j->names.room > j->room) {
        j->room = j->names.room;
        j->cell = xresize(j->cell, sizeof *j->cell * (size_t)j->room);
    }
    return column;
}

/* ---- cutting the stream into objects --------------------------------------------------------- */

/* More bytes behind those there are; 1, 0 at the end, -1. */
static int fill(JsonRows *j, Error *err)
{
    if (j->eof)
        return 0;
    if (j->at) {
        memmove(j->text.s, j->text.s + j->at, j->text.n - j->at);
        j->text.n -= j->at;
        j->at = 0;
    }
    if (j->text.n > CSV_MAX_RECORD) {
        fail(err, ERR_INVALID, "the object on line %" PRId64 " is longer than %d MiB", j->line,
             CSV_MAX_RECORD >> 20);
        fail_hint(err, "look for a brace or a quote that is never closed");
        return -1;
    }
    char block[BLOCK];
    ptrdiff_t got = j->src->read(j->src, block, sizeof block, err);
    if (got < 0)
        return -1;
    buf_put(&j->text, block, (size_t)got);
    j->eof = got == 0;
    return got > 0;
}

/* One array may be around the objects. */
static bool step_array(JsonRows *j, char c, Error *err)
{
    if (j->array == (c == '[' ? 0 : 1)) {
        j->array++;
        return true;
    }
    return fail(err, ERR_INVALID, "line %" PRId64 ": '%c' where an object should be", j->line, c);
}

/* Skip what may stand between objects. STRAY: there is something else, which is no object. */
enum { STRAY = 2 };

static int seek_object(JsonRows *j, Error *err)
{
    for (;;) {
        while (j->at < j->text.n) {
            char c = j->text.s[j->at];
            switch (c) {
            case '{':
                return 1;
            case '[': case ']':
                if (!step_array(j, c, err))
                    return -1;
                break;
            case ' ': case '\t': case '\r': case '\n': case ',':
                break;
            default:
                if (!j->array)
                    return STRAY;
                fail(err, ERR_INVALID, "line %" PRId64 ": not a JSON object", j->line);
                fail_hint(err, "one object a line, or one array of objects");
                return -1;
            }
            j->line += c == '\n';
            j->at++;
        }
        int more = fill(j, err);
        if (more == 0 && j->array == 1) {
            fail(err, ERR_INVALID, "the array is not closed: the file ends on line %" PRId64,
                 j->line);
            fail_hint(err, "fetch it again whole, or close it with ] to import what there is");
            return -1;
        }
        if (more <= 0)
            return more;
    }
}

/* The rest of the line at j->at. */
static int cut_line(JsonRows *j, Str *out, Error *err)
{
    for (;;) {
        const char *end = memchr(j->text.s + j->at, '\n', j->text.n - j->at);
        int more = end ? 0 : fill(j, err);                 /* which moves the text */
        if (more < 0)
            return -1;
        if (more == 0) {
            const char *s = j->text.s + j->at;
            *out = str_n(s, end ? (size_t)(end - s) : j->text.n - j->at);
            return 1;
        }
    }
}

/* The object at j->at, up to its closing brace; about how many values it has. */
static int cut_object(JsonRows *j, Str *out, int64_t *values, Error *err)
{
    size_t p = 0;
    int depth = 0;
    bool in_text = false;
    *values = 0;
    for (;;) {
        for (; j->at + p < j->text.n; p++) {
            char c = j->text.s[j->at + p];
            if (in_text) {
                if (c == '\\') {
                    if (j->at + p + 1 == j->text.n)
                        break;                      /* what is escaped is not read yet */
                    p++;
                } else if (c == '"') {
                    in_text = false;
                }
            } else if (c == '"') {
                in_text = true;
            } else if (c == ',') {
                ++*values;
            } else if (c == '{' || c == '[') {
                ++*values;
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                *out = str_n(j->text.s + j->at, p + 1);
                return 1;
            }
        }
        int more = fill(j, err);
        if (more < 0)
            return -1;
        if (more == 0) {
            fail(err, ERR_INVALID,
                 "the object on line %" PRId64 " is not closed at the end of the file", j->line);
            return -1;
        }
    }
}

/* ---- one object ------------------------------------------------------------------------------ */

static Str real_text(double r, Arena *a)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, r);
        if (strtod(text, NULL) == r)
            break;
    }
    return str_dup(str(text), a);
}

static Str scalar_text(const json_t *v, Arena *a)
{
    switch (json_typeof(v)) {
    case JSON_STRING: return str_dup(str_n(json_string_value(v), json_string_length(v)), a);
    case JSON_INTEGER: return str(arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v)));
    case JSON_REAL: return real_text(json_real_value(v), a);
    case JSON_TRUE: return STR("yes");
    case JSON_FALSE: return STR("no");
    default: return (Str){ 0 };
    }
}

static bool is_plain(const json_t *v)
{
    for (size_t i = 0; i < json_array_size(v); i++)
        if (json_is_object(json_array_get(v, i)) || json_is_array(json_array_get(v, i)))
            return false;
    return !json_is_object(v);
}

static Str cell_text(const json_t *v, Arena *a)
{
    Buf b = { 0 };
    if (!is_plain(v)) {
        char *text = json_dumps(v, JSON_COMPACT);
        Str json = str_dup(str(text), a);
        free(text);
        return json;
    }
    if (!json_is_array(v))
        return scalar_text(v, a);
    for (size_t i = 0; i < json_array_size(v); i++) {
        Str one = scalar_text(json_array_get(v, i), a);
        buf_printf(&b, "%s%.*s", i ? "," : "", STR_ARG(one));
    }
    Str out = str_dup(buf_as_str(&b), a);
    buf_release(&b);
    return out;
}

static bool take(JsonRows *j, const char *name, const json_t *v, Error *err)
{
    int column = column_of(j, str(name));
    if (column < 0) {
        fail(err, ERR_INVALID, "its objects have more than %d different keys by line %" PRId64,
             CSV_MAX_FIELDS, j->line);
        return fail_hint(err, "is it a file of records?");
    }
    if (j->fixed && j->cell[column].s)
        snprintf(j->bad, sizeof j->bad, "it has %.100s twice, once with a dot in its name", name);
    else if (j->fixed)
        j->cell[column] = cell_text(v, &j->row);
    return true;
}

static bool take_object(JsonRows *j, json_t *object, Error *err)
{
    const char *key, *inner;
    json_t *v, *w;
    bool ok = true;
    json_object_foreach(object, key, v) {
        if (json_is_object(v))
            json_object_foreach(v, inner, w)
                ok = ok && take(j, arena_printf(&j->row, "%s.%s", key, inner), w, err);
        else
            ok = ok && take(j, key, v, err);
    }
    return ok;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of the number at s, and whether it is an integer. */
static size_t number_length(Str s, bool *whole)
{
    size_t n = 0;
    *whole = true;
    for (; n < s.n && (is_digit(s.s[n]) || memchr("+-.eE", s.s[n], 5)); n++)
        *whole = *whole && (is_digit(s.s[n]) || (n == 0 && s.s[n] == '-'));
    return n;
}

/* The object with integers that are too long to be read as text: ids, to somebody. */
static void quote_long(Str text, Buf *out)
{
    bool in_text = false, whole = false;
    for (size_t i = 0, n; i < text.n; i += n) {
        char c = text.s[i];
        bool number = !in_text && (is_digit(c) || c == '-');
        n = number ? number_length(str_n(text.s + i, text.n - i), &whole)
                   : in_text && c == '\\' && i + 1 < text.n ? 2 : 1;
        in_text ^= c == '"';
        bool quote = number && whole && n > INT_DIGITS && n <= ID_DIGITS;
        if (quote)
            buf_char(out, '"');
        buf_put(out, text.s + i, n);
        if (quote)
            buf_char(out, '"');
    }
}

/* Its cells, or in j->bad why there are none. */
static bool read_object(JsonRows *j, Str text, int64_t values, Error *err)
{
    json_error_t je;
    json_t *object = NULL;
    Buf quoted = { 0 };
    if (values > VALUES_MAX)
        snprintf(j->bad, sizeof j->bad, "it has more than %d values", VALUES_MAX);
    else
        object = json_loadb(text.s, text.n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &je);
    if (!object && !j->bad[0] && json_error_code(&je) == json_error_numeric_overflow) {
        quote_long(text, &quoted);
        object = json_loadb(quoted.s, quoted.n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &je);
        buf_release(&quoted);
    }
    if (!object && !j->bad[0])
        snprintf(j->bad, sizeof j->bad, "%s%s",
                 json_error_code(&je) == json_error_duplicate_key ? "" : "not JSON: ", je.text);
    bool ok = !object || take_object(j, object, err);
    json_decref(object);
    return ok;
}

/* 1 a row, 0 the end, -1. Without given columns the reader only collects names, and out->cell is
 * empty. */
static int json_rows_next(JsonRows *j, ImportRecord *out, Error *err)
{
    Str text = { 0 };
    int64_t values;
    int more = seek_object(j, err);
    bool stray = more == STRAY;
    if (more > 0)
        more = stray ? cut_line(j, &text, err) : cut_object(j, &text, &values, err);
    if (more <= 0)
        return more;
    arena_release(&j->row);
    for (int i = 0; j->fixed && i < j->names.n; i++)
        j->cell[i] = (Str){ 0 };
    *out =
        (ImportRecord){ .cell = j->cell, .n = j->fixed ? j->names.n : 0, .line = j->line,
                        .raw = text };
    j->bad[0] = '\0';
    if (stray)
        snprintf(j->bad, sizeof j->bad, "not a JSON object; one object a line");
    else if (!read_object(j, text, values, err))
        return -1;
    out->cell = j->cell;
    out->bad = j->bad[0] ? j->bad : NULL;
    for (size_t i = 0; i < text.n; i++)
        j->line += text.s[i] == '\n';
    j->at += text.n;
    return 1;
}

/* ---- the format ------------------------------------------------------------------------------ */

static bool json_fits(Str head)
{
    return head.n && (head.s[0] == '{' || str_starts(head, "[{"));
}

static void json_close(ImportFile *f)
{
    JsonRows *j = f->state;
    if (!j)
        return;
    buf_release(&j->text);
    arena_release(&j->row);
    import_names_release(&j->names);
    free(j->cell);
    free(j);
    f->state = NULL;
}

/* From the first byte on. */
static bool begin(ImportFile *f, JsonRows *j, Error *err)
{
    if (!import_file_text(f, err))
        return false;
    j->src = f->text;
    buf_reset(&j->text);
    j->at = 0;
    j->eof = false;
    j->array = 0;
    j->line = 1;
    return true;
}

/* There is no column: why, where the first object cannot be read. */
static bool hold_nothing(const char *bad, int64_t line, Error *err)
{
    if (!bad[0])
        return fail(err, ERR_INVALID, "its objects hold nothing");
    fail(err, ERR_INVALID, "line %" PRId64 ": %s", line, bad);
    return fail_hint(err, "no object of the file can be read");
}

static bool json_open(ImportFile *f, const ImportFileOptions *o, Str head, Error *err)
{
    ImportRecord r;
    int more, rows = 0;
    char bad[REASON] = "";
    int64_t line = 0;
    (void)o, (void)head;
    JsonRows *j = f->state = xalloc(sizeof *j);
    j->text.max = CSV_MAX_RECORD + BLOCK;
    if (!begin(f, j, err))
        return false;
    while ((more = json_rows_next(j, &r, err)) > 0)
        if (rows++ == 0 && r.bad) {
            snprintf(bad, sizeof bad, "%s", r.bad);
            line = r.line;
        }
    if (more == 0)
        import_file_name_columns(f, j->names.name, j->names.n);
    if (more == 0 && j->names.n == 0 && rows > 0)
        return hold_nothing(bad, line, err);
    return more == 0;
}

static bool json_rewind(ImportFile *f, Error *err)
{
    JsonRows *j = f->state;
    j->fixed = true;
    return begin(f, j, err);
}

static int json_next(ImportFile *f, ImportRecord *out, Error *err)
{
    return json_rows_next(f->state, out, err);
}

const ImportReader import_json = {
    .suffixes = "json jsonl ndjson",
    .title = "JSON",
    .rejects = IMPORT_JSON,
    .fits = json_fits,
    .open = json_open,
    .rewind = json_rewind,
    .next = json_next,
    .close = json_close,
};
