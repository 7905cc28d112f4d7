/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc.h -- what the renderers of documentation share. Private to cmd/.
 */
#ifndef CMD_DOC_H
#define CMD_DOC_H

#include "cmd/args.h"
#include "cmd/registry.h"

/* A text that belongs to no command: `help filter`, a section of the man page, a page of the
 * reference. Paragraphs end with an empty line; a line that begins with two blanks is shown as
 * it stands. */
typedef struct Topic { const char *name, *summary, *text; } Topic;
extern const Topic doc_topics[];                      /* ends with {0} */
const Topic *doc_topic(Str name);                     /* or NULL */

/* "--limit N", "--dry-run, -n", "STAGE", "FIELD=VALUE...". */
void doc_arg(const Arg *arg, Buf *out);
const char *doc_value(const Arg *arg, Arena *a);      /* stands for its value: "N"; flag: "" */

/* What is known of an argument beyond its help: choices, default; "" when nothing. */
void doc_arg_more(const Arg *arg, Buf *out);

/* Append text word by word, new lines begun with `indent` blanks, so that none is wider than
 * `width` (0: never broken); `column` is where the cursor stands. Ends with a newline. */
void doc_wrap(Str text, int width, int indent, int column, Buf *out);

/* A table of two columns: term, then text wrapped beside it. */
void doc_item(const char *term, int term_width, Str text, int width, Buf *out);

#endif
