/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_encoding.c -- which encoding a file is in: as the whole of it says, or the plugin.
 */
#include "model/import_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/charset_plugin.h"
#include "base/plugin.h"

enum { BLOCK = 64 << 10 };

typedef void (*TakeBytes)(void *to, const char *s, size_t n);

static bool feed_all(ImportFile *f, TakeBytes feed, void *to, Error *err)
{
    char block[BLOCK];
    ssize_t n = 1;
    lseek(f->fd, 0, SEEK_SET);
    while (n != 0) {
        if (!import_file_go_on(f, err))
            return false;
        n = read(f->fd, block, sizeof block);
        if (n < 0 && errno != EINTR)
            return import_file_failed(f, "cannot be read", err);
        if (n > 0)
            feed(to, block, (size_t)n);
    }
    return true;
}

static void feed_guesser(void *to, const char *s, size_t n)
{
    guesser_feed(to, s, n);
}

/* What is neither UTF-8 nor Chinese the plugin knows better, if it is there; of what may be Chinese
 * it is asked only whether it is the one other encoding that it may be as well. */
static bool ask_plugin(ImportFile *f, const EncodingGuess *guess, Encoding *out, Error *err)
{
    char name[64];
    Error missing = { 0 };
    Encoding found;
    const CharsetPlugin *p = plugin_table("charset", CHARSET_PLUGIN_VERSION, &missing);
    void *detector = p ? p->open() : NULL;
    if (!detector)
        return true;
    bool ok = feed_all(f, p->feed, detector, err);
    p->close(detector, name, sizeof name);
    if (ok && encoding_find(str(name), &found)
        && (guess->unsure ? found != ENC_UTF8 : found == guess->perhaps))
        *out = found;
    return ok;
}

typedef struct LineCount { int64_t before, at, lines; char last; } LineCount;

static void count_lines(void *to, const char *s, size_t n)
{
    LineCount *c = to;
    for (size_t i = 0; i < n && c->at < c->before; i++, c->at++) {
        c->lines += s[i] == '\r' || (s[i] == '\n' && c->last != '\r');
        c->last = s[i];
    }
}

static bool line_of(ImportFile *f, int64_t offset, int64_t *out, Error *err)
{
    LineCount c = { .before = offset };
    if (!feed_all(f, count_lines, &c, err))
        return false;
    *out = c.lines + 1;
    return true;
}

static bool refuse_mixed(ImportFile *f, const EncodingGuess *guess, Error *err)
{
    int64_t line;
    const char *other = guess->unsure ? "ENCODING" : encoding_name(guess->encoding);
    if (!line_of(f, guess->change, &line, err))
        return false;
    fail(err, ERR_INVALID, "%s changes its encoding: line %" PRId64 " is %sUTF-8, %s before %s%s",
         f->name, line, guess->to_utf8 ? "" : "not ",
         guess->once ? "all" : "some", guess->to_utf8 ? "is not" : "is",
         guess->unsure ? "" : arena_printf(f->arena, " (the other is %s)", other));
    if (!guess->once)
        return fail_hint(err, "make it one encoding where its parts come from; "
                              "--encoding utf-8 takes the lines that are UTF-8 and rejects the "
                              "others, each with its line");
    return fail_hint(err, "(head -n %" PRId64 " FILE%s; tail -n +%" PRId64 " FILE%s) >WHOLE makes "
                     "it one, with iconv -f %s -t UTF-8 as CONVERT; --encoding utf-8 takes the "
                     "lines that are UTF-8 and rejects the others, each with its line",
                     line - 1, guess->to_utf8 ? " | CONVERT" : "", line,
                     guess->to_utf8 ? "" : " | CONVERT", other);
}

static bool refuse_turn(ImportFile *f, const EncodingGuess *guess, Error *err)
{
    int64_t last, first;
    const char *before = encoding_name(guess->encoding), *after = encoding_name(guess->after);
    if (!line_of(f, guess->change, &last, err) || !line_of(f, guess->change_end, &first, err))
        return false;
    fail(err, ERR_INVALID, "%s changes its encoding behind line %" PRId64 ", in line %" PRId64
         " at the latest: %s before, %s after%s", f->name, last, first, before, after,
         guess->once ? "" : ", and back again");
    if (!guess->once)
        return fail_hint(err, "make it one encoding where its parts come from");
    return fail_hint(err, "with N the last line of %s and M the next, (head -n N FILE | iconv -f %s"
                     " -t UTF-8; tail -n +M FILE | iconv -f %s -t UTF-8) >WHOLE makes it one",
                     before, before, after);
}

static bool guess_encoding(ImportFile *f, ImportEncoding *out, Error *err)
{
    Guesser *g = guesser_new();
    bool ok = feed_all(f, feed_guesser, g, err);
    EncodingGuess guess = guesser_end(g);
    if (!ok)
        return false;
    if (guess.mixed)
        return refuse_mixed(f, &guess, err);
    if (guess.turns)
        return refuse_turn(f, &guess, err);
    if ((guess.unsure || guess.perhaps != ENC_UTF8)
        && !ask_plugin(f, &guess, &guess.encoding, err))
        return false;
    out->encoding = guess.encoding;
    out->unclean = guess.encoding == ENC_UTF8 && guess.invalid > 0;
    out->guessed = !guess.bom && !guess.ascii_only && guess.encoding != ENC_UTF8;
    if (guess.encoding != ENC_UNKNOWN)
        return true;
    fail(err, ERR_INVALID, "%s: its encoding cannot be guessed; it holds NUL bytes", f->name);
    return fail_hint(err, "if it is a list at all, name it with --encoding, for example "
                          "--encoding gb18030");
}

bool import_encoding_find(ImportFile *f, const char *typed, ImportEncoding *out, Error *err)
{
    if (!typed)
        return guess_encoding(f, out, err);
    if (encoding_find(str(typed), &out->encoding)) {
        out->unclean = out->encoding == ENC_UTF8;
        return true;
    }
    fail(err, ERR_USAGE, "no such encoding: '%s'", typed);
    return fail_hint(err, "one of utf-8, utf-16le, utf-16be, gb18030, big5, shift-jis, "
                          "euc-jp, euc-kr, latin1, windows-1250 to 1257, koi8-r");
}
