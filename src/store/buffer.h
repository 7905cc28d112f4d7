/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * buffer.h -- what the open transaction has done to journalled rows.
 *
 * A stack of frames, one per nesting level, holds sets of row ids per table; one log, cut back when
 * a level is rolled back, holds the images.  Of a row R:
 *   fresh  it was inserted by this transaction and exists
 *   seen   it existed before, and its image is in the log (it may exist or not by now)
 *   gone   it is fresh in a lower frame, and this frame deleted it
 *   raw    its last write did not carry the stamp of this change
 * A look-up asks the frames from the top; committing a level joins it to the one below.
 * The log keeps `limit` bytes in memory and the rest in an unlinked temporary file (0600).
 */
#ifndef STORE_BUFFER_H
#define STORE_BUFFER_H

#include "base/str.h"
#include "store/rowset.h"

typedef struct Touched { RowSet fresh, seen, gone, raw; } Touched;

typedef struct Frame {
    struct Frame *below;
    Touched *tables;                     /* by the table's index in the journal's map */
    int n;
    int64_t log_mark;                    /* end of the log when the frame began */
    int op_mark;                         /* schema operations when it began */
    bool failed;                         /* a statement failed: only rollback is left */
} Frame;

/* One image: what precedes its bytes in the log. */
typedef struct ImageHead {
    uint32_t size;                       /* bytes that follow */
    int32_t table;                       /* index in the map */
    int64_t row;
} ImageHead;

typedef struct ImageLog {
    char *mem;
    size_t used, size;
    size_t limit;                        /* bytes kept in memory */
    int fd;                              /* -1: nothing was spilled */
    int64_t in_file;                     /* bytes in the file; memory follows them */
    char *map;                           /* of the file while it is read */
    bool failed;                         /* the file could not be written */
} ImageLog;

typedef enum RowState { ROW_UNTOUCHED, ROW_FRESH, ROW_SEEN } RowState;

void frame_push(Frame **top, int64_t log_mark, int op_mark);
void frame_drop(Frame **top);                            /* rolled back */
void frame_join(Frame **top);                            /* committed into the frame below */
Touched *frame_table(Frame *f, int table);               /* made when it is not there */
RowState frame_state(const Frame *top, int table, int64_t row);
bool frame_seen(const Frame *top, int table, int64_t row);

void log_init(ImageLog *log, size_t limit);
void log_put(ImageLog *log, ImageHead head, const char *bytes);
void log_cut(ImageLog *log, int64_t mark);               /* forget what came after */
int64_t log_end(const ImageLog *log);
void log_release(ImageLog *log);

/* The image at *at, which moves behind it; false at the end. Bytes live until the next log_put. */
bool log_read(ImageLog *log, int64_t *at, ImageHead *head, Str *bytes);

#endif
