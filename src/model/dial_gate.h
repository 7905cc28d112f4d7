/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial_gate.h -- may this entry be called now, for this campaign, by this agent?
 *
 * The legal limits are among the checks and no script can switch them off: the stop list, calling
 * hours in the customer's own zone, calls a day, attempts.  Queries gather the facts, the checks
 * are pure.
 */
#ifndef MODEL_DIAL_GATE_H
#define MODEL_DIAL_GATE_H

#include "model/gate.h"

/* A callback that an agent promised is anybody's when it is overdue by this and he is away. */
enum { CALLBACK_GRACE = 10 * 60000 };

/* A beginning of numbers ("+8621*") or a domain ("@example.com") that is not to be called. */
typedef struct WideStop { int64_t id; Str number; } WideStop;

typedef struct DialFacts {
    int64_t campaign, entry, customer, list;
    int64_t agent;                     /* who asks; 0: anybody */
    int64_t now;
    Str name;                          /* of the customer */
    Str number;                        /* E.164 of the first number, numbers thought to be invalid
                                          and those of its people after the others; empty: none */
    Str zone_said;                     /* name of the customer's own; empty: not known */
    const Zone *zone;                  /* that, else of the number, else the user's */
    Str entry_state, entry_reason, list_state, list_name, campaign_state, campaign_name;
    Str starts, ends;                  /* days of the campaign, in the user's zone; empty: none */
    int64_t attempts, max_attempts;
    int64_t next_at;                   /* 0: any time */
    int64_t owner;                     /* agent it is dealt to; 0: anybody */
    Str owner_name;
    bool owner_away;                   /* not at work on this campaign */
    Str purpose;                       /* of the campaign, that consent is asked for */
    enum { CONSENT_NONE, CONSENT_GIVEN, CONSENT_REFUSED } consent;      /* the last word */
    int64_t consent_at;
    Str consent_source;
    Str never;                         /* setting dial.never: further numbers never dialled */
    bool opt_in;                       /* setting consent: whom nobody asked may not be called */
    bool asked_not, retired;           /* customer.dnc, customer.retired */
    WideStop *wide;                    /* of the stop list, for this campaign */
    int n_wide;
    bool has_domains;
    bool stopped;                      /* on the stop list: */
    Str dnc_as;                        /* the number, or what it begins with, or the domain */
    int64_t dnc_at;                    /* since when */
    Str dnc_why;
    bool dnc_campaign;                 /* on that of the campaign */
    int64_t calls_today, max_per_day;  /* on the customer's own day */
    bool in_call;                      /* a call to the customer or the number is up */
    Hours hours;
    Str hours_name;
    bool prefers;                      /* the customer named a time of its own */
    Hours best_time;
} DialFacts;

/* Gather the facts of one entry; texts in the arena. ERR_NOT_FOUND: no such campaign, or no such
 * entry on its list. Of many entries what is the same for all is gathered once, into `all`, and
 * then what is of each, into a copy of it. */
bool dial_facts_campaign(Crm *crm, int64_t campaign, int64_t now, Arena *a, DialFacts *all,
                         Error *err);
bool dial_facts_entry(Crm *crm, int64_t entry, int64_t agent, Arena *a, DialFacts *copy,
                      Error *err);
bool dial_facts(Crm *crm, int64_t campaign, int64_t entry, int64_t agent, int64_t now, Arena *a,
                DialFacts *out, Error *err);

/* Midnight of the customer's day that f->now lies in, `days` further on. */
int64_t dial_midnight(const DialFacts *f, int days);

extern const Gate dial_gate;           /* its subject is a DialFacts */

/* Entry of a customer on the list of a campaign. ERR_NOT_FOUND says that it is on none. */
bool dial_entry(Crm *crm, int64_t campaign, int64_t customer, int64_t *entry, Error *err);

/* Why is nothing being dialled: the entries that are not done, counted by the first check that each
 * fails (check NULL: may be dialled now), most first; `until` is the earliest. */
typedef struct DialHeld { const char *check; int64_t entries, until; const char *reason; } DialHeld;
bool dial_held(Crm *crm, int64_t campaign, int64_t now, Arena *a, DialHeld **out, int *n,
               Error *err);

#endif
