/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_xml.c -- parts of the archive as XML events, within bounds.
 *
 * No document type is accepted, so there are no entities to expand and nothing outside is read.
 */
#include "plugin/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 << 10 };

bool xlsx_damaged(const char *why, Error *err)
{
    fail(err, ERR_INVALID, "the workbook is damaged: %s", why);
    return fail_hint(err, "fetch it again, or open it in a spreadsheet program and save it anew");
}

/* ---- the archive ----------------------------------------------------------------------------- */

static uint64_t little(const unsigned char *s, int n)
{
    uint64_t v = 0;
    while (n--)
        v = v << 8 | s[n];
    return v;
}

/* Bytes of the list of parts as the end of the archive tells (APPNOTE.TXT 4.3.14 to 4.3.16); 0: it
 * tells nothing. */
static uint64_t directory_size(int fd, off_t size)
{
    unsigned char tail[22 + 65535 + 20], big[56];
    off_t from = size > (off_t)sizeof tail ? size - (off_t)sizeof tail : 0;
    ssize_t n = pread(fd, tail, sizeof tail, from);
    for (ssize_t i = n - 22; i >= 0; i--) {
        if (memcmp(tail + i, "PK\5\6", 4) != 0)
            continue;
        uint64_t bytes = little(tail + i + 12, 4);
        if (bytes == UINT32_MAX && i >= 20 && memcmp(tail + i - 20, "PK\6\7", 4) == 0
            && pread(fd, big, sizeof big, (off_t)little(tail + i - 12, 8)) == sizeof big)
            bytes = little(big + 40, 8);
        return bytes;
    }
    return 0;
}

static bool open_zip(int fd, XlsxArchive *out, Error *err)
{
    int code;
    zip_error_t why;
    out->zip = zip_fdopen(fd, 0, &code);
    if (out->zip)
        return true;
    zip_error_init_with_code(&why, code);
    xlsx_damaged(code == ZIP_ER_NOZIP ? "it is cut off, or no workbook at all"
                                      : zip_error_strerror(&why), err);
    zip_error_fini(&why);
    return false;
}

bool xlsx_archive_open(int fd, XlsxArchive *out, Error *err)
{
    struct stat st;
    int own = dup(fd);
    if (own < 0 || fstat(own, &st) != 0)
        return fail(err, ERR_IO, "cannot be read: %s", strerror(errno));
    out->size = (uint64_t)st.st_size;
    bool ok = directory_size(own, st.st_size) <= XLSX_DIRECTORY
              || xlsx_damaged("its list of parts is longer than that of any workbook", err);
    if (ok && open_zip(own, out, err))
        return true;
    close(own);
    return false;
}

/* Index of a part; -1. Some programs write the folders of names with backslashes. */
static zip_int64_t find_part(zip_t *zip, const char *part)
{
    char other[256];
    zip_int64_t index = zip_name_locate(zip, part, ZIP_FL_NOCASE);
    if (index >= 0 || strlen(part) >= sizeof other)
        return index;
    memcpy(other, part, strlen(part) + 1);
    for (char *s = other; *s; s++)
        *s = *s == '/' ? '\\' : *s;
    return zip_name_locate(zip, other, ZIP_FL_NOCASE);
}

bool xlsx_archive_has(const XlsxArchive *from, const char *part)
{
    return find_part(from->zip, part) >= 0;
}

/* ---- events ---------------------------------------------------------------------------------- */

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(*attributes, name) == 0)
            return attributes[1];
    return NULL;
}

void xlsx_xml_fail(Xml *x, const char *msg)
{
    if (x->err->code == ERR_NONE)
        xlsx_damaged(msg, x->err);
    XML_StopParser(x->parser, XML_FALSE);
}

void xlsx_xml_pause(Xml *x)
{
    x->paused = true;
    XML_StopParser(x->parser, XML_TRUE);
}

static void on_start(void *user, const char *name, const char **attributes)
{
    Xml *x = user;
    x->silent = 0;
    if (x->err->code != ERR_NONE)
        return;
    if (++x->depth > XLSX_DEPTH)
        xlsx_xml_fail(x, "its elements are nested too deeply");
    else
        x->on->start(x->ctx, local(name), attributes);
}

static void on_end(void *user, const char *name)
{
    Xml *x = user;
    x->silent = 0;
    x->depth--;
    if (x->on->end && x->err->code == ERR_NONE)
        x->on->end(x->ctx, local(name));
}

static void on_text(void *user, const char *s, int n)
{
    Xml *x = user;
    x->silent = 0;
    if (x->on->text && x->err->code == ERR_NONE)
        x->on->text(x->ctx, s, n);
}

static void on_doctype(void *user, const char *name, const char *system, const char *public,
                       int inner)
{
    Xml *x = user;
    (void)name, (void)system, (void)public, (void)inner;
    if (x->err->code == ERR_NONE) {
        fail(x->err, ERR_INVALID, "it holds a DOCTYPE, which no spreadsheet program writes");
        fail_hint(x->err, "it may be an attack: ask where it comes from; nothing was read");
    }
    XML_StopParser(x->parser, XML_FALSE);
}

/* ---- running --------------------------------------------------------------------------------- */

bool xlsx_xml_open(Xml *x, const XlsxArchive *from, const char *part, uint64_t max,
                   const XmlHandlers *on, void *ctx, Error *err)
{
    zip_stat_t st;
    zip_t *zip = from->zip;
    *x = (Xml){ .on = on, .ctx = ctx, .max = max };
    zip_int64_t index = find_part(zip, part);
    if (index < 0 || zip_stat_index(zip, (zip_uint64_t)index, 0, &st) != 0) {
        char why[300];
        snprintf(why, sizeof why, "the part %s is missing", part);
        return xlsx_damaged(why, err);
    }
    if (st.valid & ZIP_STAT_ENCRYPTION_METHOD && st.encryption_method != ZIP_EM_NONE) {
        fail(err, ERR_INVALID, "the workbook is protected by a password");
        return fail_hint(err, "save it without the password, and import that");
    }
    x->size = st.size;
    x->packed = st.comp_size < from->size ? st.comp_size : from->size;
    x->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (!x->file)
        return xlsx_damaged(zip_strerror(zip), err);
    x->parser = XML_ParserCreate(NULL);
    if (!x->parser)
        panic("out of memory");
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return true;
}

void xlsx_xml_close(Xml *x)
{
    if (x->parser)
        XML_ParserFree(x->parser);
    if (x->file)
        zip_fclose(x->file);
    *x = (Xml){ 0 };
}

static bool within_bounds(const Xml *x, Error *err)
{
    const char *why = NULL;
    if (x->got > x->max)
        why = "a part is larger than that of any workbook";
    else if (x->got > XLSX_RATIO_FROM && x->got / XLSX_RATIO > x->packed)
        why = "a part grows without end when it is unpacked";
    else if (x->silent > XLSX_TOKEN)
        why = "a tag is longer than 4 MiB";
    return !why || xlsx_damaged(why, err);
}

/* The next bytes into the parser. */
static enum XML_Status feed(Xml *x, Error *err)
{
    void *block = XML_GetBuffer(x->parser, BLOCK);
    if (!block)
        panic("out of memory");
    zip_int64_t n = zip_fread(x->file, block, BLOCK);
    if (n < 0) {
        xlsx_damaged(zip_file_strerror(x->file), err);
        return XML_STATUS_ERROR;
    }
    x->got += (uint64_t)n;
    x->silent += (uint64_t)n;
    if (!within_bounds(x, err))
        return XML_STATUS_ERROR;
    x->ended = n == 0;
    return XML_ParseBuffer(x->parser, (int)n, n == 0);
}

int xlsx_xml_run(Xml *x, Error *err)
{
    enum XML_Status status = XML_STATUS_OK;
    Error own = { 0 };
    x->err = &own;
    if (x->paused) {
        x->paused = false;
        status = XML_ResumeParser(x->parser);
    }
    while (status == XML_STATUS_OK && !x->ended && own.code == ERR_NONE)
        status = feed(x, &own);
    x->err = NULL;
    if (status != XML_STATUS_ERROR && own.code == ERR_NONE)
        return status == XML_STATUS_SUSPENDED;
    if (own.code == ERR_NONE)
        xlsx_damaged(XML_ErrorString(XML_GetErrorCode(x->parser)), &own);
    *err = own;
    return -1;
}
