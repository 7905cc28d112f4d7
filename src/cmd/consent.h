/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * consent.h -- what somebody must say yes to before a command goes on. Between command.c and
 * target.c.
 */
#ifndef CMD_CONSENT_H
#define CMD_CONSENT_H

#include "cmd/command.h"

enum { CONSENT_ABOVE = 3 };       /* records that a command with COMMAND_BULK touches unasked */

typedef struct Consent {
    bool yes;                     /* --yes: enough where no name must be typed */
    const char *typed;            /* --confirm=NAME; or NULL */
    bool wanted;                  /* the handler was stopped for the lack of it */
    bool answered;                /* somebody said yes to the question */
    const char *question;
    const char *name;             /* must be typed (COMMAND_SEVERE); NULL: y or n */
} Consent;

/* Stop the handler for a question, unless consent is given or --confirm names `name`. */
bool consent_ask(const Call *c, const char *question, const char *name, Error *err);

#endif
