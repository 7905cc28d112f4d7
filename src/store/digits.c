/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * digits.c -- the digit index: part of a telephone number among a million.
 *
 * Table T_digits has one row for each SLOTS ids of T: slot i of block b is the row b * SLOTS + i.
 * A slot keeps the last PLACES digits of the number, four bits each, as one bit in each of four
 * planes, so that the places of all slots of a block are compared at once.  It is filled by the
 * first search that finds many rows behind its edge, never by those who write rows; from then on
 * each commit brings the slots before the edge up to date, and rows behind it are read one by one.
 *
 * Rows that hold no number, about half of all, have no place in the file: a block there is one bit
 * a slot that says which do, and the planes of these alone, words in little-endian order.
 */
#include <endian.h>
#include <stdlib.h>

#include "base/phone.h"
#include "store/store_int.h"

enum {
    SLOTS = 992,                         /* a full block fits into a page of 8192 bytes */
    PLANES = 4,
    PLACES = 16,                         /* E.164 has 15 digits at most */
    TAIL = 8 * SLOTS,                    /* fewer rows behind the edge are not worth a write */
};

/* Bit p of lane i of plane k: bit k of the digit at place p of slot i, from the end. Where there is
 * no digit all four are set. A word has four lanes. */
enum { LANES = 4, LANE = 16, WORDS = SLOTS / LANES, USED = (SLOTS + 63) / 64 };
typedef struct Block { uint64_t plane[PLANES][WORDS]; } Block;

/* Two words, compared in one step. */
typedef uint64_t Pair __attribute__((vector_size(16)));
enum { PAIRS = WORDS / 2 };

/* As in the file: `pairs` of each plane, one plane behind the other. */
typedef struct Packed { uint64_t used[USED]; Pair plane[PLANES * PAIRS]; int pairs; } Packed;

void store_digits_declare(Store *st, const DigitTable *table)
{
    st->digits = table;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static uint64_t lane_of(uint64_t word, int64_t i)
{
    return word >> (i % LANES * LANE) & UINT16_MAX;
}

static bool slot_used(const Block *b, int slot)
{
    uint64_t all = UINT16_MAX;
    for (int k = 0; k < PLANES; k++)
        all &= lane_of(b->plane[k][slot / LANES], slot);
    return all != UINT16_MAX;
}

static bool is_marked(const Packed *p, int slot)
{
    return p->used[slot / 64] >> (slot % 64) & 1;
}

/* The word of a plane that has lane i. */
static uint64_t *packed_word(Packed *p, int plane, int i)
{
    return (uint64_t *)&p->plane[plane * p->pairs] + i / LANES;
}

static void block_pack(const Block *b, Packed *p)
{
    int n = 0;
    memset(p, 0, sizeof *p);
    for (int slot = 0; slot < SLOTS; slot++)
        if (slot_used(b, slot)) {
            p->used[slot / 64] |= (uint64_t)1 << (slot % 64);
            n++;
        }
    p->pairs = (n + 2 * LANES - 1) / (2 * LANES);
    memset(p->plane, 0xFF, sizeof *p->plane * (size_t)(p->pairs * PLANES));
    for (int slot = 0, i = 0; slot < SLOTS; slot++) {
        if (!is_marked(p, slot))
            continue;
        for (int k = 0; k < PLANES; k++)
            *packed_word(p, k, i) ^= (UINT16_MAX ^ lane_of(b->plane[k][slot / LANES], slot))
                                     << (i % LANES * LANE);
        i++;
    }
}

static void block_unpack(Packed *p, Block *b)
{
    int n = 2 * LANES * p->pairs;
    memset(b, 0xFF, sizeof *b);
    for (int slot = 0, i = 0; slot < SLOTS && i < n; slot++) {
        if (!is_marked(p, slot))
            continue;
        for (int k = 0; k < PLANES; k++)
            b->plane[k][slot / LANES] ^= (UINT16_MAX ^ lane_of(*packed_word(p, k, i), i))
                                         << (slot % LANES * LANE);
        i++;
    }
}

/* The slot of lane i; -1: it has none. */
static int packed_slot(const Packed *p, int i)
{
    for (int w = 0; w < USED; w++) {
        uint64_t used = p->used[w];
        int n = __builtin_popcountll(used);
        for (; i < n; i--, used &= used - 1)
            if (i == 0)
                return w * 64 + __builtin_ctzll(used);
        i -= n;
    }
    return -1;
}

static void packed_order(Packed *p)
{
    uint64_t *plane = (uint64_t *)p->plane;
    for (int i = 0; i < USED; i++)
        p->used[i] = le64toh(p->used[i]);
    for (int i = 0; i < p->pairs * PLANES * 2; i++)
        plane[i] = le64toh(plane[i]);
}

static void slot_set(Block *b, int64_t slot, Str number)
{
    char digits[64];
    size_t n = phone_digits(number, digits, sizeof digits);
    int lane = (int)(slot % LANES) * LANE;
    for (int k = 0; k < PLANES; k++)
        b->plane[k][slot / LANES] |= (uint64_t)UINT16_MAX << lane;
    for (size_t p = 0; p < n && p < PLACES; p++)
        for (int k = 0; k < PLANES; k++)
            if (!((digits[n - 1 - p] - '0') >> k & 1))
                b->plane[k][slot / LANES] &= ~((uint64_t)1 << (lane + (int)p));
}

/* What a digit at one place, from the end, is compared with. */
typedef struct Asked { Pair flip[PLANES], places; } Asked;

static void ask(Str digits, Asked *asked)
{
    for (size_t j = 0; j < digits.n; j++) {
        unsigned d = (unsigned)(digits.s[digits.n - 1 - j] - '0');
        uint64_t places = 0x0001000100010001u * (uint64_t)(UINT16_MAX >> j);
        for (int k = 0; k < PLANES; k++)
            asked[j].flip[k] = (Pair){ 0, 0 } + ((uint64_t)(d >> k & 1) - 1);
        asked[j].places = (Pair){ 0, 0 } + places;
    }
}

/* Whether there is any; bit p of a lane of hit[]: the n digits end at place p of that slot. */
static bool packed_match(const Packed *p, const Asked *asked, size_t n, Pair *hit)
{
    Pair any = { 0, 0 };
    int pairs = p->pairs;
    for (int i = 0; i < pairs; i++) {
        const Pair *at = &p->plane[i];
        Pair h = ~(Pair){ 0, 0 };
        for (size_t j = 0; j < n; j++) {
            const Asked *a = &asked[j];
            h &= (((at[0] ^ a->flip[0]) & (at[pairs] ^ a->flip[1])
                   & (at[2 * pairs] ^ a->flip[2]) & (at[3 * pairs] ^ a->flip[3])) >> j)
                 & a->places;
        }
        hit[i] = h;
        any |= h;
    }
    return (any[0] | any[1]) != 0;
}

static bool packed_take(const Store *st, Str bytes, Packed *p, Error *err)
{
    enum { EACH = PLANES * sizeof(Pair) };
    size_t planes = bytes.n - sizeof p->used;
    if (bytes.n < sizeof p->used || planes % EACH || planes / EACH > PAIRS)
        return fail(err, ERR_DATABASE, "table %s_digits is damaged", st->digits->table);
    memcpy(p->used, bytes.s, sizeof p->used);
    if (planes)
        memcpy(p->plane, bytes.s + sizeof p->used, planes);
    p->pairs = (int)(planes / EACH);
    packed_order(p);
    return true;
}

/* The stored block; an empty one when there is none. */
static bool block_read(Store *st, int64_t block, Block *b, Error *err)
{
    Query *q = NULL;
    Packed p = { .pairs = 0 };
    if (!query_printf(st, &q, err, "SELECT planes FROM %s_digits WHERE block = ?1",
                      st->digits->table))
        return false;
    query_int(q, 1, block);
    int n = query_next(q, err);
    bool ok = n == 0 || (n > 0 && packed_take(st, query_col_str(q, 0), &p, err));
    query_close(q);
    block_unpack(&p, b);
    return ok;
}

static bool block_write(Store *st, int64_t block, const Block *b, Error *err)
{
    Query *q = NULL;
    Packed p;
    if (!query_printf(st, &q, err, "INSERT INTO %s_digits(block, planes) VALUES (?1, ?2)"
                      " ON CONFLICT (block) DO UPDATE SET planes = excluded.planes",
                      st->digits->table))
        return false;
    block_pack(b, &p);
    size_t n = sizeof p.used + sizeof *p.plane * (size_t)(p.pairs * PLANES);
    packed_order(&p);
    query_int(q, 1, block);
    query_blob(q, 2, &p, n);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* The first id that no block is for. */
static bool read_edge(Store *st, int64_t *edge, Error *err)
{
    Query *q = NULL;
    if (!query_printf(st, &q, err, "SELECT coalesce(max(block) + 1, 0) FROM %s_digits",
                      st->digits->table))
        return false;
    bool ok = query_one(q, err);
    *edge = ok ? query_col_int(q, 0) * SLOTS : 0;
    query_close(q);
    return ok;
}

/* ---- making blocks of rows ------------------------------------------------------------------- */

typedef bool BlockDo(Store *st, int64_t block, Block *b, void *ctx, Error *err);

/* The numbers with from <= id < to, in whole blocks; the last one comes in any case. */
static bool each_block(Store *st, int64_t from, int64_t to, BlockDo *fn, void *ctx, Error *err)
{
    Query *q = NULL;
    Block b;
    int64_t block = to / SLOTS - 1, last = block;
    int n = 0;
    if (!query_printf(st, &q, err, "SELECT id, %s FROM %s WHERE id >= ?1 AND id < ?2 AND %s"
                      " ORDER BY id", st->digits->column, st->digits->table, st->digits->where))
        return false;
    query_int(q, 1, from);
    query_int(q, 2, to);
    memset(&b, 0xFF, sizeof b);
    bool ok = true, open = false;
    while (ok && (n = query_next(q, err)) > 0) {
        int64_t id = query_col_int(q, 0);
        if (open && id / SLOTS != block) {
            ok = fn(st, block, &b, ctx, err);
            memset(&b, 0xFF, sizeof b);
        }
        open = true;
        block = id / SLOTS;
        slot_set(&b, id % SLOTS, query_col_str(q, 1));
    }
    query_close(q);
    ok = ok && n == 0 && (!open || fn(st, block, &b, ctx, err));
    if (!ok || (open && block == last))
        return ok;
    memset(&b, 0xFF, sizeof b);
    return fn(st, last, &b, ctx, err);
}

static bool write_one(Store *st, int64_t block, Block *b, void *ctx, Error *err)
{
    (void)ctx;
    return block_write(st, block, b, err);
}

/* The index follows its table when nobody else is writing; a file that cannot be written is
 * searched as it is. */
static bool catch_up(Store *st, int64_t *edge, Error *err)
{
    Error said = { 0 };
    Query *q = NULL;
    if (!query_printf(st, &q, err, "SELECT coalesce(max(id), 0) FROM %s", st->digits->table))
        return false;
    bool ok = query_one(q, err);
    int64_t last = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    if (!ok || last - *edge < TAIL || st->readonly || st->depth > 0)
        return ok;
    sqlite3_busy_timeout(st->db, 0);
    bool begun = store_begin(st, &said);
    sqlite3_busy_timeout(st->db, store_busy_ms());
    if (!begun)
        return true;
    int64_t to = (last + 1) / SLOTS * SLOTS;
    if (!read_edge(st, edge, err) || (*edge < to && !each_block(st, *edge, to, write_one, NULL,
                                                                err))) {
        store_rollback(st);
        return false;
    }
    *edge = to > *edge ? to : *edge;
    return store_commit(st, err);
}

/* ---- asking ---------------------------------------------------------------------------------- */

typedef struct Ids { int64_t *id, n, room; } Ids;

static void ids_put(Ids *l, int64_t id)
{
    if (l->n == l->room) {
        l->room = l->room ? l->room * 2 : 256;
        l->id = xresize(l->id, sizeof *l->id * (size_t)l->room);
    }
    l->id[l->n++] = id;
}

static void take_hits(int64_t block, const Packed *p, const Pair *hit, Ids *ends, Ids *within)
{
    for (int w = 0; w < p->pairs * 2; w++) {
        uint64_t word = hit[w / 2][w % 2];
        for (int lane = 0; word && lane < LANES; lane++) {
            uint64_t places = lane_of(word, lane);
            int slot = places ? packed_slot(p, w * LANES + lane) : -1;
            if (slot >= 0)
                ids_put(places & 1 ? ends : within, block * SLOTS + slot);
        }
    }
}

static bool scan_packed(Store *st, Str digits, Ids *ends, Ids *within, Error *err)
{
    Query *q = NULL;
    Packed p;
    Pair hit[PAIRS];
    Asked asked[PLACES];
    int n = 0;
    if (!query_printf(st, &q, err, "SELECT block, planes FROM %s_digits ORDER BY block",
                      st->digits->table))
        return false;
    ask(digits, asked);
    bool ok = true;
    while (ok && (n = query_next(q, err)) > 0) {
        ok = packed_take(st, query_col_str(q, 1), &p, err);
        if (ok && packed_match(&p, asked, digits.n, hit))
            take_hits(query_col_int(q, 0), &p, hit, ends, within);
    }
    query_close(q);
    return ok && n == 0;
}

/* Thousands of pages are read once: mapped, not copied through the cache, at a third of the
 * cost. */
static bool find_packed(Store *st, Str digits, Ids *ends, Ids *within, Error *err)
{
    if (!store_run(st, "PRAGMA mmap_size = 0x7fff0000", err))
        return false;
    bool ok = scan_packed(st, digits, ends, within, err);
    Error ignored;
    return store_run(st, "PRAGMA mmap_size = 0", ok ? err : &ignored) && ok;
}

static bool find_behind(Store *st, Str digits, int64_t edge, Ids *ends, Ids *within, Error *err)
{
    Query *q = NULL;
    int more = 0;
    if (!query_printf(st, &q, err, "SELECT id, %s FROM %s WHERE id >= ?1 AND %s ORDER BY id",
                      st->digits->column, st->digits->table, st->digits->where))
        return false;
    query_int(q, 1, edge);
    while ((more = query_next(q, err)) > 0) {
        char text[64];
        size_t n = phone_digits(query_col_str(q, 1), text, sizeof text);
        size_t from = n > PLACES ? n - PLACES : 0;
        if (!memmem(text + from, n - from, digits.s, digits.n))
            continue;
        bool at_end = n >= digits.n && memcmp(text + n - digits.n, digits.s, digits.n) == 0;
        ids_put(at_end ? ends : within, query_col_int(q, 0));
    }
    query_close(q);
    return more == 0;
}

bool store_find_digits(Store *st, Str digits, int64_t **ids, int64_t *n, Error *err)
{
    Ids ends = { 0 }, within = { 0 };
    int64_t edge = 0;
    if (digits.n > PLACES)
        digits = str_n(digits.s + digits.n - PLACES, PLACES);
    bool ok = read_edge(st, &edge, err) && catch_up(st, &edge, err)
           && (edge == 0 || find_packed(st, digits, &ends, &within, err))
           && find_behind(st, digits, edge, &ends, &within, err);
    for (int64_t i = 0; i < within.n; i++)
        ids_put(&ends, within.id[i]);
    free(within.id);
    *ids = ends.id;
    *n = ends.n;
    return ok;
}

/* ---- before commit --------------------------------------------------------------------------- */

static void rows_before(Store *st, int index, int64_t edge, Ids *out)
{
    const Frame *top = st->journal.top;
    ImageHead head;
    Str image;
    RowRun *run = NULL;
    for (int64_t at = 0; log_read(&st->journal.log, &at, &head, &image);)
        if (head.table == index && head.row < edge)
            ids_put(out, head.row);
    int64_t n = index < top->n ? rowset_runs(&top->tables[index].fresh, &run) : 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t id = run[i].first; id <= run[i].last && id < edge; id++)
            ids_put(out, id);
    free(run);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The slot gets what the row has now: nothing, when it is gone or is no number. */
static bool slot_refresh(Store *st, Query *q, int64_t id, Block *b, Error *err)
{
    query_int(q, 1, id);
    int n = query_next(q, err);
    slot_set(b, id % SLOTS, n > 0 ? query_col_str(q, 0) : STR(""));
    query_reset(q);
    (void)st;
    return n >= 0;
}

static bool slots_refresh(Store *st, Query *q, const Ids *rows, Error *err)
{
    Block b;
    bool ok = true;
    for (int64_t i = 0; ok && i < rows->n;) {
        int64_t block = rows->id[i] / SLOTS;
        ok = block_read(st, block, &b, err);
        for (; ok && i < rows->n && rows->id[i] / SLOTS == block; i++)
            ok = slot_refresh(st, q, rows->id[i], &b, err);
        ok = ok && block_write(st, block, &b, err);
    }
    return ok;
}

bool digits_update(Store *st, Error *err)
{
    Ids rows = { 0 };
    Query *q = NULL;
    int64_t edge;
    int index = st->digits ? map_find(&st->journal.map, st->digits->table) : -1;
    if (index < 0)
        return true;
    if (!read_edge(st, &edge, err))
        return false;
    if (edge > 0)
        rows_before(st, index, edge, &rows);
    bool ok = rows.n == 0 || query_printf(st, &q, err, "SELECT %s FROM %s WHERE id = ?1 AND %s",
                                          st->digits->column, st->digits->table,
                                          st->digits->where);
    if (ok && rows.n > 0) {
        qsort(rows.id, (size_t)rows.n, sizeof *rows.id, by_id);
        ok = slots_refresh(st, q, &rows, err);
    }
    query_close(q);
    free(rows.id);
    return ok;
}

/* ---- check ----------------------------------------------------------------------------------- */

static bool compare_one(Store *st, int64_t block, Block *b, void *agrees, Error *err)
{
    Block stored;
    if (!block_read(st, block, &stored, err))
        return false;
    if (memcmp(&stored, b, sizeof stored) != 0)
        *(bool *)agrees = false;
    return true;
}

bool digits_check(Store *st, bool *agrees, Error *err)
{
    int64_t edge;
    *agrees = true;
    return !st->digits || (read_edge(st, &edge, err)
        && (edge == 0 || each_block(st, 0, edge, compare_one, agrees, err)));
}
