/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stage.h -- moving leads and deals along their pipelines, and the gate in the way.
 *
 * Where a record is stands in its own row (stage, stage_at); every move is a row of `move`, which
 * nothing deletes.  The stage that a record was added in has no move: it began at `created`.
 */
#ifndef MODEL_STAGE_H
#define MODEL_STAGE_H

#include "model/gate.h"
#include "model/record.h"

extern const Gate stage_gate;              /* its subject is a StageMove */

typedef struct StageMove {
    const Type *type;                      /* customer or deal */
    int64_t id;
    int64_t to;                            /* stage */
    const char *reason;                    /* or NULL */
    bool force;                            /* against criteria: needs MAY_MANAGE and a reason */
    bool merged;                           /* another record, now the same, has passed the gate */
} StageMove;

/* Move a record. ERR_REFUSED names each missing thing in detail and `why` in the hint; ERR_INVALID
 * when the stage is of another pipeline, ERR_REFUSED when the record is in it already; neither can
 * be forced. Runs the hooks lead.move / deal.move before and after.
 * *from gets the stage it was in. A hook may veto, not amend. Call within a transaction. */
bool stage_move(Crm *crm, const StageMove *m, int64_t *from, Arena *a, Error *err);

/* Every check for entering a stage, in order; criteria and key actions are asked only of what moves
 * along the stage's pipeline. */
bool stage_why(Crm *crm, const StageMove *m, Arena *a, Verdicts *out, Error *err);

/* The moves of a record that is merged into another: they are told there, as its, and are no part
 * of the other's own way. */
bool stage_moves_follow(Crm *crm, const Type *t, int64_t gone, int64_t kept, Error *err);

/* The way of one record, oldest first: each stage, when it entered, how long it stayed (until now
 * for the last). fn returns false to stop. */
typedef struct StageStay {
    Str stage;
    int64_t entered, stayed;               /* ms */
    Str user, reason;                      /* of the move into it; empty for the first */
    bool forced, now;
} StageStay;
bool stage_path(Crm *crm, const Type *t, int64_t id, Arena *a,
                bool (*fn)(void *ctx, const StageStay *s), void *ctx, Error *err);

#endif
