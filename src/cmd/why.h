/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * why.h -- what `why NOUN ID` asks: the gates that explain themselves.
 *
 * The file that owns a gate has one function of this shape and is named in why_gates[] (cmd_why.c).
 */
#ifndef CMD_WHY_H
#define CMD_WHY_H

#include "cmd/command.h"
#include "model/gate.h"

typedef struct WhyArgs {
    const char *noun;
    const char *record;           /* as typed; NULL when not given */
    int64_t stage;                /* --stage: may it enter this one?  0: the next one */
    int64_t campaign;             /* --campaign; 0: not given */
    int64_t at;                   /* --at: ms; 0: now */
} WhyArgs;

/* Run the gate with all its checks. `id` is the record behind a->record, 0 when none was given. */
typedef bool (*WhyFn)(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err);

typedef struct WhyGate {
    const char *noun;             /* also the type of the record */
    const char *says;             /* "may it enter a stage" */
    WhyFn ask;
} WhyGate;
extern const WhyGate why_gates[];     /* ends with {0} */

bool why_stage(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err);

/* cmd_callback.c: warn of what will hold a callback back. */
void why_held(const Call *c, const Verdicts *held);

/* cmd_dial_why.c */
/* The only campaign, of those that are not closed, that has the customer on its list.
 * ERR_NOT_FOUND: there is none; ERR_USAGE names them when there are several. */
bool campaign_of_customer(const Call *c, int64_t customer, int64_t *out, Error *err);
bool why_customer(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err);
bool why_campaign(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err);

#endif
