/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * image.h -- a row as bytes: what the journal keeps of a row before it was changed.
 *
 * An image is the row's stamp (its `change` column) as a varint, then for each other column but
 * `id` its column id (journal_column.id, never a position) as a varint, a type byte and the value:
 * nothing for NULL, a zigzag varint for an integer, 8 bytes little-endian for a real, length and
 * bytes for text.  STRICT tables hold nothing else that the journal must know.
 */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "base/value.h"

typedef struct ImageCursor { const unsigned char *p, *end; } ImageCursor;

void image_begin(Buf *out, int64_t stamp);
void image_put(Buf *out, int64_t column, Value v);

/* Start reading; *stamp gets the row's `change`. False when the bytes are no image. */
bool image_open(Str image, ImageCursor *c, int64_t *stamp);
/* The next column: 1, 0 at the end, -1 when the bytes are no image. Text points into the image. */
int image_next(ImageCursor *c, int64_t *column, Value *v);
bool image_valid(Str image);                             /* it can be read to its end */

#endif
