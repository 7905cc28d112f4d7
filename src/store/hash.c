/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <endian.h>
#include <sys/random.h>

#include "store/store_int.h"

void hash_begin(EntryHash *h, const unsigned char previous[static HASH])
{
    SHA256Init(&h->sha);
    SHA256Update(&h->sha, previous, HASH);
}

void hash_int(EntryHash *h, int64_t v)
{
    uint64_t bits = htole64((uint64_t)v);
    SHA256Update(&h->sha, (const uint8_t *)&bits, sizeof bits);
}

void hash_bytes(EntryHash *h, const void *p, size_t n)
{
    hash_int(h, (int64_t)n);
    if (n)
        SHA256Update(&h->sha, p, n);
}

static void hash_str(EntryHash *h, Str s)
{
    hash_bytes(h, s.s, s.n);
}

void hash_end(EntryHash *h, unsigned char out[static HASH])
{
    SHA256Final(out, &h->sha);
}

void hash_salted(const unsigned char salt[static SALT], Str text, unsigned char out[static HASH])
{
    SHA2_CTX sha;
    SHA256Init(&sha);
    SHA256Update(&sha, salt, SALT);
    if (text.n)
        SHA256Update(&sha, (const uint8_t *)text.s, text.n);
    SHA256Final(out, &sha);
}

void salt_new(Journal *j, unsigned char salt[static SALT])
{
    if (j->salts_left == 0) {
        if (getrandom(j->salts, sizeof j->salts, 0) != sizeof j->salts)
            panic("no random numbers from the system");
        j->salts_left = sizeof j->salts / SALT;
    }
    memcpy(salt, j->salts + --j->salts_left * SALT, SALT);
}

void hash_head(EntryHash *h, int64_t id, int64_t run, int64_t at, Str user, Str kind,
               int64_t target, const unsigned char text_digest[static HASH])
{
    hash_int(h, id);
    hash_int(h, run);
    hash_int(h, at);
    hash_str(h, user);
    hash_str(h, kind);
    hash_int(h, target);
    hash_bytes(h, text_digest, HASH);
}

void hash_image(EntryHash *h, Str table, int64_t row, int64_t op,
                const unsigned char digest[static HASH])
{
    hash_str(h, table);
    hash_int(h, row);
    hash_int(h, op);
    hash_bytes(h, digest, HASH);
}

void hash_range(EntryHash *h, Str table, int64_t first, int64_t last)
{
    hash_str(h, table);
    hash_int(h, first);
    hash_int(h, last);
}

void hash_schema(EntryHash *h, Str op, Str table, Str column, Str ddl)
{
    hash_str(h, op);
    hash_str(h, table);
    hash_str(h, column);
    hash_str(h, ddl);
}
