/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crm.h -- an open database: its store, its types, its settings, who uses it, and the hooks.
 *
 * What every function of the model is handed.  No terminal, no Lua, no sockets below here.
 */
#ifndef MODEL_CRM_H
#define MODEL_CRM_H

#include "base/date.h"
#include "base/phone.h"
#include "model/type.h"

enum {                                 /* rights; a role holds some of them */
    MAY_READ = 1, MAY_WRITE = 2, MAY_EXPORT = 4, MAY_DIAL = 8, MAY_MANAGE = 16, MAY_ADMIN = 32,
    MAY_ALL = 63
};

/* ---- hooks: how the script layer watches records --------------------------------------------- */

typedef enum HookWhen { HOOK_BEFORE, HOOK_AFTER } HookWhen;

typedef struct Hook {
    HookWhen when;
    const char *event;                 /* "customer.add", "lead.move", "call.ended" ... */
    const Type *type;
    const Record *old;                 /* NULL on add */
    Record *now;                       /* NULL on delete; a before hook may change it (amend) */
    const char *reason;                /* of a move; or NULL */
} Hook;

/* False with err vetoes (before hooks: always; after hooks: rolls the change back too). */
typedef bool (*HookFn)(void *ctx, Hook *h, Error *err);

struct Crm {
    Store *store;
    Schema *schema;
    bool stale;                        /* users or fields changed: crm_reload is due */
    unsigned loads;                    /* of the types; another number, other Types */
    const Clock *clock;
    Zones zones;                       /* cache of time zones */
    const Zone *zone;                  /* the user's: setting `zone`, else the system's */
    Phones *phones;                    /* number reading; home region from the setting `region` */
    char user[64];                     /* of crm_user; empty until somebody asks */
    int64_t user_id;                   /* row of `user`, 0: none */
    unsigned rights;                   /* MAY_ bits; all while the file has no users */
    HookFn hook;                       /* NULL: nobody watches */
    void *hook_ctx;
    bool (*hook_wanted)(void *ctx, const char *event, HookWhen when);   /* cheap test; or NULL */
};

/* Open the file, load types, settings and rights. Flags as store_open. The clock is the
 * caller's. A setting `zone` that this machine does not know leaves the system's zone. */
bool crm_open(const char *path, unsigned flags, const Clock *clock, Crm **out, Error *err);
/* The same in two steps, for a program that may not need the second: the file is opened and found
 * to be one of ours; types, settings and rights (schema NULL until then) come with crm_ready. */
bool crm_connect(const char *path, unsigned flags, const Clock *clock, Crm **out, Error *err);
bool crm_ready(Crm *crm, Error *err);
void crm_close(Crm *crm);
bool crm_reload(Crm *crm, Error *err);                 /* types and settings, after they changed */
/* Inside the transaction that wrote a user: only who may administer does that (ERR_DENIED), and
 * nobody shuts himself out of the file (ERR_REFUSED). */
bool crm_users_check(Crm *crm, Error *err);
bool crm_may_manage(Crm *crm, Error *err);             /* ERR_DENIED */
int64_t crm_now(const Crm *crm);
const char *crm_user(Crm *crm);                        /* operating system account */

/* Whether anybody watches an event; then crm_hook calls them. */
bool crm_watched(const Crm *crm, const char *event, HookWhen when);
bool crm_hook(Crm *crm, Hook *h, Error *err);

/* Settings: text by name, e.g. region (CN), zone, ambiguous. NULL when not set. */
const char *setting_get(Crm *crm, const char *name, Arena *a);
bool setting_set(Crm *crm, const char *name, const char *value, Error *err);

#endif
