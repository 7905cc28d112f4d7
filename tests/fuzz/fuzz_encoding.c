/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a file: neither guess nor text depend on the size of the pieces in which it comes,
 * whatever is decoded is UTF-8, and what was UTF-8 goes through UTF-16 unharmed.  The first byte
 * picks the size of the pieces and the encoding that is tried besides the one guessed.
 */
#include "base/encoding.h"

#include "base/unicode.h"
#include "fuzz.h"

static EncodingGuess guess(Str s, size_t step)
{
    Guesser *g = guesser_new();
    for (size_t i = 0; i < s.n; i += step)
        guesser_feed(g, s.s + i, s.n - i < step ? s.n - i : step);
    return guesser_end(g);
}

/* What it is in UTF-8, and behind it why it ends early. */
static bool decode(Str s, Encoding e, size_t step, Buf *out)
{
    Pieces src = pieces(s, step);
    ByteSource *d = decoder_open(&src.base, e);
    Error err = { 0 };
    char part[256];
    ptrdiff_t got;
    while ((got = d->read(d, part, step < sizeof part ? step : sizeof part, &err)) > 0)
        buf_put(out, part, (size_t)got);
    decoder_close(d);
    if (e != ENC_UTF8 && e != ENC_UNKNOWN && !utf8_valid(buf_as_str(out)))
        panic("%s was not decoded to UTF-8", encoding_name(e));
    if (got < 0)
        buf_reset(out);                      /* how much came before it may differ */
    buf_cstr(out, err.msg);
    return got == 0;
}

static void check_decoded(Str text, Encoding e, size_t step)
{
    Buf one = { 0 }, other = { 0 };
    bool good = decode(text, e, 1 << 20, &one);
    if (decode(text, e, step, &other) != good || !str_eq(buf_as_str(&one), buf_as_str(&other)))
        panic("the size of the pieces makes other text of %s", encoding_name(e));
    buf_release(&one);
    buf_release(&other);
}

static void put_unit(Buf *out, unsigned unit, bool big)
{
    buf_char(out, (char)(big ? unit >> 8 : unit));
    buf_char(out, (char)(big ? unit : unit >> 8));
}

static void check_utf16(Str text, size_t step, bool big)
{
    Buf wide = { 0 }, back = { 0 };
    put_unit(&wide, 0xFEFF, big);
    for (size_t i = 0; i < text.n;) {
        int len;
        uint32_t cp = utf8_next(text.s + i, text.n - i, &len);
        if (cp >= 0x10000)
            put_unit(&wide, 0xD800 + ((cp - 0x10000) >> 10), big);
        put_unit(&wide, cp < 0x10000 ? cp : 0xDC00 + (cp & 0x3FF), big);
        i += (size_t)len;
    }
    EncodingGuess g = guess(buf_as_str(&wide), step);
    if (!g.bom || g.encoding != (big ? ENC_UTF16BE : ENC_UTF16LE))
        panic("UTF-16 with its mark is guessed to be %s", encoding_name(g.encoding));
    if (!decode(buf_as_str(&wide), ENC_UTF16LE, step, &back) || !str_eq(buf_as_str(&back), text))
        panic("UTF-16 is other text");
    buf_release(&wide);
    buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    Str text = { (const char *)data + 1, n - 1 };
    size_t step = data[0] / ENC_UNKNOWN * 3 + 1u;
    EncodingGuess one = guess(text, 1 << 20), other = guess(text, step);
    if (one.encoding != other.encoding || one.invalid != other.invalid
        || one.unsure != other.unsure || one.share != other.share)
        panic("the size of the pieces changed the guess");
    if (one.encoding == ENC_UTF8 && one.invalid == 0 && !utf8_valid(text))
        panic("guessed to be UTF-8 and is not");
    check_decoded(text, one.encoding, step);
    check_decoded(text, (Encoding)(data[0] % ENC_UNKNOWN), step);
    if (utf8_valid(text) && !str_starts(text, "\xEF\xBB\xBF"))
        check_utf16(text, step, data[0] & 1);
    return 0;
}
