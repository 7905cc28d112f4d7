/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_keys.h -- what makes a row and a stored record the same.
 *
 * A key is a list of alternatives tried in turn; an alternative is one part or several together; a
 * part is a field, a kind of contact point, or the id; one that ends in ? may be empty, and the
 * file need not have a column for it.  What is compared is the normal form: E.164,
 * folded text.  The index remembers 64-bit hashes of normal forms with the record that has them; a
 * hash is only a hint, the caller compares the keys.
 */
#ifndef MODEL_IMPORT_KEYS_H
#define MODEL_IMPORT_KEYS_H

#include "model/import_row.h"

enum { KEY_ALTERNATIVES = 8, KEY_PARTS = 6 };

typedef enum KeyPartKind { KEY_SLOT, KEY_POINT, KEY_ID } KeyPartKind;
typedef struct KeyPart {
    KeyPartKind kind;
    int slot;
    PointKind point;
    int column;
    bool may_lack;                     /* none is a value as any other */
} KeyPart;
typedef struct KeyAlternative {
    KeyPart part[KEY_PARTS];
    int n;
    bool unique; /* not for matching: a unique field that no other record may share */
} KeyAlternative;

typedef struct ImportKeys {
    KeyAlternative alt[KEY_ALTERNATIVES];
    int n;                             /* those that match first, then the unique ones */
    bool by_id;
    const char *text; /* for the batch: "phone,email"; NULL: nothing makes rows the same */
} ImportKeys;

/* From --key (a header counts as the field that its column goes to), or the type's own. ERR_USAGE.
 * Adds the type's unique fields. The map must be complete. */
bool import_keys(const ImportOptions *o, ImportMap *m, Arena *a, ImportKeys *out, Error *err);

/* Call fn for each normal form of alternative i that the row has (a row with two numbers has two).
 * `id` is the row's record for KEY_ID parts, 0 for none. Returns false as soon as fn does. `text`
 * is a buffer to work in. */
typedef bool (*KeyFn)(void *ctx, uint64_t hash, Str key);
bool import_key_each(const KeyAlternative *alt, const ImportRow *row, Buf *text, KeyFn fn,
                     void *ctx);
int64_t import_keys_count(const ImportKeys *k, const ImportRow *row, Buf *text);

/* ---- the index: hash -> ids ------------------------------------------------------------------ */

typedef struct KeyIndex { struct KeyEntry *entry; size_t size, used; } KeyIndex;

void key_index_init(KeyIndex *x, int64_t entries); /* room for so many; grows when there are more */
void key_index_release(KeyIndex *x);
void key_index_add(KeyIndex *x, uint64_t hash, int64_t id);
bool key_index_has(const KeyIndex *x, uint64_t hash, int64_t id);
/* Ids noted for a hash; *at must be 0 for the first. 0: no more. */
int64_t key_index_next(const KeyIndex *x, uint64_t hash, size_t *at);

#endif
