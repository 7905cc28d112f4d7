/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a file: the guess does not depend on how it is fed, and whatever is decoded is
 * UTF-8. The first byte picks the size of the pieces.
 */
#include "base/encoding.h"

typedef struct Text { ByteSource base; Str left; size_t step; } Text;

static ptrdiff_t text_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Text *t = (Text *)src;
    (void)err;
    n = n < t->step ? n : t->step;
    n = n < t->left.n ? n : t->left.n;
    if (n == 0)
        return 0;
    memcpy(buf, t->left.s, n);
    t->left = str_n(t->left.s + n, t->left.n - n);
    return (ptrdiff_t)n;
}

static EncodingGuess guess(Str s, size_t step)
{
    Guesser *g = guesser_new();
    for (size_t i = 0; i < s.n; i += step)
        guesser_feed(g, s.s + i, s.n - i < step ? s.n - i : step);
    return guesser_end(g);
}

static void decode(Str s, Encoding e, size_t step)
{
    Text src = { { text_read }, s, step };
    ByteSource *d = decoder_open(&src.base, e);
    Buf out = { 0 };
    Error err;
    char part[64];
    ptrdiff_t got;
    while ((got = d->read(d, part, step < sizeof part ? step : sizeof part, &err)) > 0)
        buf_put(&out, part, (size_t)got);
    if (got == 0 && e != ENC_UTF8 && !utf8_valid(buf_as_str(&out)))
        panic("%s was not decoded to UTF-8", encoding_name(e));
    buf_release(&out);
    decoder_close(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    Str text = { (const char *)data + 1, n - 1 };
    size_t step = data[0] % 37 + 1u;
    EncodingGuess one = guess(text, 1 << 20), other = guess(text, step);
    if (one.encoding != other.encoding || one.invalid != other.invalid)
        panic("the size of the pieces changed the guess");
    if (one.encoding == ENC_UTF8 && one.invalid == 0 && !utf8_valid(text))
        panic("guessed to be UTF-8 and is not");
    for (int e = 0; e < ENC_UNKNOWN; e++)
        decode(text, (Encoding)e, step);
    return 0;
}
