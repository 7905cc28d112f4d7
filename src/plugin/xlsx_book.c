/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_book.c -- a workbook is opened: its sheets, its shared strings, the styles of its cells.
 *
 * Found by the relationships of the package (ECMA-376 part 2, 8.3), whose types end alike in both
 * dialects.
 */
#include "plugin/xlsx.h"

#include <stdlib.h>
#include <strings.h>

enum { PART_SMALL = 16 << 20 };        /* bytes of a list of sheets or relationships */

typedef struct Loading {               /* one part of the book */
    XlsxBook *book;
    Xml xml;
    const char *folder;                /* relationships: of the part they belong to, "xl/" */
    bool within;                       /* cellXfs, or a shared string's text */
    int phonetic;
    Buf text;
} Loading;

static bool load(Loading *l, const char *part, uint64_t max, const XmlHandlers *on, Error *err)
{
    bool ok = xlsx_xml_open(&l->xml, &l->book->archive, part, max, on, l, err)
              && xlsx_xml_run(&l->xml, err) == 0;
    xlsx_xml_close(&l->xml);
    buf_release(&l->text);
    return ok;
}

static bool is_true(const char *s)
{
    return s && (strcmp(s, "1") == 0 || strcasecmp(s, "true") == 0);
}

/* ---- relationships --------------------------------------------------------------------------- */

/* "../media/x" or "/xl/x" from the folder "xl/". */
static const char *resolve(const char *folder, const char *target, Arena *a)
{
    size_t n = *target == '/' ? 0 : strlen(folder);
    target += *target == '/';
    while (strncmp(target, "../", 3) == 0) {
        target += 3;
        n -= n > 0;
        while (n > 0 && folder[n - 1] != '/')
            n--;
    }
    return arena_printf(a, "%.*s%s", (int)n, folder, target);
}

static bool ends(const char *type, const char *suffix)
{
    size_t n = strlen(type), k = strlen(suffix);
    return n >= k && strcmp(type + n - k, suffix) == 0;
}

static void relation_start(void *ctx, const char *name, const char **attributes)
{
    Loading *l = ctx;
    XlsxBook *b = l->book;
    const char *type = xlsx_attribute(attributes, "Type"), *id = xlsx_attribute(attributes, "Id");
    const char *target = xlsx_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !type || !target || !id)
        return;
    if (ends(type, "/officeDocument") && !b->workbook)
        b->workbook = resolve(l->folder, target, &b->arena);
    else if (ends(type, "/sharedStrings"))
        b->shared_part = resolve(l->folder, target, &b->arena);
    else if (ends(type, "/styles"))
        b->styles_part = resolve(l->folder, target, &b->arena);
    else if (ends(type, "/worksheet"))
        for (int i = 0; i < b->sheets; i++)
            if (strcmp(b->part[i].id, id) == 0)
                b->part[i].part = resolve(l->folder, target, &b->arena);
}

/* Those of the part "xl/workbook.xml" stand in "xl/_rels/workbook.xml.rels". */
static bool load_relations(XlsxBook *b, const char *part, Error *err)
{
    static const XmlHandlers on = { .start = relation_start };
    const char *slash = strrchr(part, '/');
    int n = slash ? (int)(slash + 1 - part) : 0;
    Loading l = { .book = b, .folder = arena_printf(&b->arena, "%.*s", n, part) };
    return load(&l, arena_printf(&b->arena, "%s_rels/%s.rels", l.folder, part + n), PART_SMALL, &on,
                err);
}

/* ---- the workbook ---------------------------------------------------------------------------- */

static const char *relation_id(const char **attributes)
{
    for (; *attributes; attributes += 2) {
        const char *colon = strchr(*attributes, ':');
        if (colon && strcmp(colon + 1, "id") == 0)
            return attributes[1];
    }
    return NULL;
}

static void workbook_start(void *ctx, const char *name, const char **attributes)
{
    Loading *l = ctx;
    XlsxBook *b = l->book;
    if (strcmp(name, "workbookPr") == 0)
        b->from_1904 = is_true(xlsx_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") != 0)
        return;
    const char *title = xlsx_attribute(attributes, "name"), *id = relation_id(attributes);
    const char *state = xlsx_attribute(attributes, "state");
    if (b->sheets == XLSX_STYLES) {
        xlsx_xml_fail(&l->xml, "it has more than 65536 sheets");
        return;
    }
    if ((b->sheets & (b->sheets - 1)) == 0)
        b->part = xresize(b->part, sizeof *b->part * (size_t)(b->sheets ? b->sheets * 2 : 1));
    SheetPart *s = &b->part[b->sheets++];
    *s = (SheetPart){ .id = id ? arena_strdup(&b->arena, id) : "" };
    s->sheet.name = str(arena_strdup(&b->arena, title ? title : ""));
    s->sheet.hidden = state && strcmp(state, "visible") != 0;
}

/* Charts are sheets without rows: they go. */
static bool keep_worksheets(XlsxBook *b, Error *err)
{
    int n = 0;
    for (int i = 0; i < b->sheets; i++)
        if (b->part[i].part)
            b->part[n++] = b->part[i];
    b->sheets = n;
    b->sheet = ARENA_ARRAY(&b->arena, XlsxSheet, n + 1);
    for (int i = 0; i < n; i++)
        b->sheet[i] = b->part[i].sheet;
    return n || xlsx_damaged("it has no sheet with rows", err);
}

/* ---- shared strings -------------------------------------------------------------------------- */

static void strings_start(void *ctx, const char *name, const char **attributes)
{
    Loading *l = ctx;
    (void)attributes;
    l->phonetic += strcmp(name, "rPh") == 0;       /* how it is read aloud is not what it says */
    l->within = strcmp(name, "t") == 0 && !l->phonetic;
}

static void strings_end(void *ctx, const char *name)
{
    Loading *l = ctx;
    XlsxBook *b = l->book;
    l->within = false;
    l->phonetic -= strcmp(name, "rPh") == 0;
    if (strcmp(name, "si") != 0)
        return;
    xlsx_unescape(l->text.s, l->text.n, &b->shared);
    buf_reset(&l->text);
    if (b->shared.full || b->shared_count == XLSX_SHARED) {
        fail(l->xml.err, ERR_INVALID, "the texts of the workbook take more than %d MiB",
             XLSX_SHARED_TEXT >> 20);
        fail_hint(l->xml.err, "save the sheet as CSV UTF-8, and import that");
        return;
    }
    if (b->shared_count == b->shared_room) {
        b->shared_room = b->shared_room ? b->shared_room * 2 : 1024;
        b->shared_end = xresize(b->shared_end, sizeof *b->shared_end * (size_t)b->shared_room);
    }
    b->shared_end[b->shared_count++] = (uint32_t)b->shared.n;
}

static void strings_text(void *ctx, const char *s, int n)
{
    Loading *l = ctx;
    if (l->within)
        buf_put(&l->text, s, (size_t)n);
    if (l->text.full)
        xlsx_xml_fail(&l->xml, "a text is longer than 16 MiB");
}

static bool load_strings(XlsxBook *b, Error *err)
{
    static const XmlHandlers on = { strings_start, strings_end, strings_text };
    Loading l = { .book = b, .text = { .max = XLSX_ROW_TEXT } };
    b->shared.max = XLSX_SHARED_TEXT;
    return !b->shared_part || load(&l, b->shared_part, (uint64_t)4 * XLSX_PART, &on, err);
}

/* ---- styles ---------------------------------------------------------------------------------- */

static int number_in(const char **attributes, const char *name)
{
    const char *s = xlsx_attribute(attributes, name);
    long v = s ? strtol(s, NULL, 10) : 0;
    return v < 0 || v >= XLSX_STYLES ? 0 : (int)v;
}

static void add_format(XlsxBook *b, int id, const char *code)
{
    if (id >= b->formats) {
        b->format = xresize(b->format, sizeof *b->format * ((size_t)id + 1));
        for (; b->formats <= id; b->formats++)
            b->format[b->formats] = xlsx_show_builtin(b->formats);
    }
    b->format[id] = xlsx_show_code(code);
}

static void add_style(Loading *l, int id)
{
    XlsxBook *b = l->book;
    if (b->styles == XLSX_STYLES) {
        xlsx_xml_fail(&l->xml, "it has more than 65536 styles");
        return;
    }
    if (b->styles == b->style_room) {
        b->style_room = b->style_room ? b->style_room * 2 : 64;
        b->style = xresize(b->style, sizeof *b->style * (size_t)b->style_room);
    }
    b->style[b->styles++] = id < b->formats ? b->format[id] : xlsx_show_builtin(id);
}

static void styles_start(void *ctx, const char *name, const char **attributes)
{
    Loading *l = ctx;
    const char *code = xlsx_attribute(attributes, "formatCode");
    if (strcmp(name, "cellXfs") == 0)
        l->within = true;
    else if (strcmp(name, "numFmt") == 0 && code)
        add_format(l->book, number_in(attributes, "numFmtId"), code);
    else if (strcmp(name, "xf") == 0 && l->within)
        add_style(l, number_in(attributes, "numFmtId"));
}

static void styles_end(void *ctx, const char *name)
{
    if (strcmp(name, "cellXfs") == 0)
        ((Loading *)ctx)->within = false;
}

static bool load_styles(XlsxBook *b, Error *err)
{
    static const XmlHandlers on = { .start = styles_start, .end = styles_end };
    Loading l = { .book = b };
    return !b->styles_part || load(&l, b->styles_part, XLSX_PART, &on, err);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* What an archive is that holds no workbook of XML. */
static bool other_archive(XlsxBook *b, Error *err)
{
    static const struct { const char *part, *is; } known[] = {
        { "xl/workbook.bin", "a binary workbook (.xlsb)" },
        { "word/document.xml", "a text document (.docx)" },
        { "ppt/presentation.xml", "a presentation (.pptx)" },
        { "content.xml", "an OpenDocument file (.ods)" },
        { "Index/Document.iwa", "a Numbers document" },
    };
    const char *is = "an archive without a workbook in it";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (xlsx_archive_has(&b->archive, known[i].part)) {
            is = known[i].is;
            break;
        }
    fail(err, ERR_INVALID, "it is %s, not a workbook (.xlsx)", is);
    return fail_hint(err, "save it as .xlsx or CSV UTF-8, and import that");
}

static bool load_book(XlsxBook *b, Error *err)
{
    static const XmlHandlers on = { .start = workbook_start };
    Loading l = { .book = b };
    if (xlsx_archive_has(&b->archive, "_rels/.rels") && !load_relations(b, "", err))
        return false;
    if (!b->workbook)
        b->workbook = "xl/workbook.xml";
    if (!xlsx_archive_has(&b->archive, b->workbook) || ends(b->workbook, ".bin"))
        return other_archive(b, err);
    return load(&l, b->workbook, PART_SMALL, &on, err) && load_relations(b, b->workbook, err)
           && keep_worksheets(b, err) && load_styles(b, err) && load_strings(b, err);
}

bool xlsx_book_open(int fd, XlsxBook **out, Error *err)
{
    XlsxBook *b = xalloc(sizeof *b);
    if (xlsx_archive_open(fd, &b->archive, err) && load_book(b, err)) {
        *out = b;
        return true;
    }
    xlsx_book_close(b);
    return false;
}

void xlsx_book_close(XlsxBook *b)
{
    if (!b)
        return;
    xlsx_xml_close(&b->xml);
    if (b->archive.zip)
        zip_discard(b->archive.zip);
    arena_release(&b->arena);
    buf_release(&b->shared);
    buf_release(&b->row);
    buf_release(&b->value);
    free(b->part);
    free(b->shared_end);
    free(b->format);
    free(b->style);
    free(b->cell);
    free(b->out);
    free(b);
}
