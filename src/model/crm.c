/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/crm.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/record.h"
#include "model/types.h"
#include "store/journal.h"

enum { SETTING_GET, SETTING_SET, SETTING_ADD, SETTING_DROP, USERS, USER_BY_ACCOUNT, SQL_COUNT };
static const Sql sql[] = {
    [SETTING_GET] = { "SELECT value FROM setting WHERE name = ?1", SQL_HOT },
    [SETTING_SET] = { "UPDATE setting SET value = ?2 WHERE name = ?1", SQL_HOT },
    [SETTING_ADD] = { "INSERT INTO setting (id, name, value, change) VALUES (?1, ?2, ?3, ?4)", 0 },
    [SETTING_DROP] = { "DELETE FROM setting WHERE name = ?1", SQL_HOT },
    [USERS] = { "SELECT count(*) FROM user", 0 },
    [USER_BY_ACCOUNT] = { "SELECT id, role, disabled FROM user"
                          " WHERE coalesce(account, name) = ?1", 0 },
};
const SqlTable crm_sql = { "crm", sql, SQL_COUNT };

static const SearchTable search_tables[] = {
    { "customer", (const char *const[]){ "name", "org", NULL } },
    { "person", (const char *const[]){ "name", NULL } },
};

static const DigitTable digit_table = { "contact", "value", "kind IN ('phone', 'fax')" };

/* What each role may do. */
static const struct { const char *role; unsigned rights; } roles[] = {
    { "owner", MAY_ALL },
    { "manager", MAY_READ | MAY_WRITE | MAY_EXPORT | MAY_DIAL | MAY_MANAGE },
    { "agent", MAY_READ | MAY_WRITE | MAY_DIAL },
    { "viewer", MAY_READ },
};

const char *crm_user(Crm *crm)
{
    struct passwd pw, *found = NULL;
    char text[4096];
    if (crm->user[0])
        return crm->user;
    if (getpwuid_r(getuid(), &pw, text, sizeof text, &found) == 0 && found)
        snprintf(crm->user, sizeof crm->user, "%s", pw.pw_name);
    else
        snprintf(crm->user, sizeof crm->user, "uid%u", (unsigned)getuid());
    return crm->user;
}

static bool rights_read(Crm *crm, Error *err)
{
    Query *q = NULL;
    int64_t users;
    int found = 0;
    crm->rights = MAY_ALL;
    crm->user_id = 0;
    if (!store_get_int(crm->store, &sql[USERS], &users, err))
        return false;
    if (users == 0)
        return true;
    crm->rights = 0;
    if (!query_open(crm->store, &sql[USER_BY_ACCOUNT], &q, err))
        return false;
    query_cstr(q, 1, crm_user(crm));
    if ((found = query_next(q, err)) > 0) {
        crm->user_id = query_col_int(q, 0);
        for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
            if (str_is(query_col_str(q, 1), roles[i].role) && !query_col_int(q, 2))
                crm->rights = roles[i].rights;
    }
    query_close(q);
    return found >= 0;
}

bool crm_users_check(Crm *crm, Error *err)
{
    unsigned rights = crm->rights;
    int64_t id = crm->user_id;
    const char *me = crm_user(crm);
    if (!(rights & MAY_ADMIN)) {
        fail(err, ERR_DENIED, "%s has not the right to change users", me);
        return fail_hint(err, "`user list` shows who holds which role");
    }
    if (!rights_read(crm, err))
        return false;
    bool keeps = crm->rights & MAY_ADMIN, known = id || crm->user_id;
    crm->rights = rights;
    crm->user_id = id;
    if (keeps)
        return true;
    fail(err, ERR_REFUSED, "this would shut the file to %s, who is doing it", me);
    return known ? fail_hint(err, "another owner can do it")
                 : fail_hint(err, "first: user add name=%s role=owner", me);
}

bool crm_may_manage(Crm *crm, Error *err)
{
    if (crm->rights & MAY_MANAGE)
        return true;
    fail(err, ERR_DENIED, "%s has not the right to manage", crm_user(crm));
    return fail_hint(err, "`user list` shows who holds which role");
}

bool crm_reload(Crm *crm, Error *err)
{
    Arena a = { 0 };
    Schema *s = NULL;
    bool ok = false;
    if (!schema_load(crm->store, &s, err))
        goto out;
    schema_free(crm->schema);
    crm->schema = s;
    crm->loads++;
    crm->stale = false;
    if (!rights_read(crm, err))
        goto out;
    const char *zone = setting_get(crm, "zone", &a);
    Error unknown = { 0 };               /* a zone that this machine lacks keeps no file shut */
    if (!(zone && zone_get(&crm->zones, zone, &crm->zone, &unknown))
        && !zone_get(&crm->zones, NULL, &crm->zone, err))
        goto out;
    const char *region = setting_get(crm, "region", &a);
    phones_set_region(crm->phones, region ? region : "CN");
    ok = true;
out:
    arena_release(&a);
    return ok;
}

bool crm_ready(Crm *crm, Error *err)
{
    return crm->schema || crm_reload(crm, err);
}

bool crm_connect(const char *path, unsigned flags, const Clock *clock, Crm **out, Error *err)
{
    Crm *crm = xalloc(sizeof *crm);
    crm->clock = clock;
    crm->phones = phones_open("CN");
    if (!store_open(path, flags, clock, &crm->store, err)) {
        crm_close(crm);
        return false;
    }
    store_search_declare(crm->store, search_tables, sizeof search_tables / sizeof *search_tables);
    store_digits_declare(crm->store, &digit_table);
    journal_facts(crm->store, "call", "real = 1");
    *out = crm;
    return true;
}

bool crm_open(const char *path, unsigned flags, const Clock *clock, Crm **out, Error *err)
{
    Crm *crm;
    if (!crm_connect(path, flags, clock, &crm, err))
        return false;
    if (crm_ready(crm, err)) {
        *out = crm;
        return true;
    }
    crm_close(crm);
    return false;
}

void crm_close(Crm *crm)
{
    if (!crm)
        return;
    schema_free(crm->schema);
    store_close(crm->store);
    zones_release(&crm->zones);
    phones_close(crm->phones);
    free(crm);
}

int64_t crm_now(const Crm *crm)
{
    return clock_now(crm->clock);
}

bool crm_watched(const Crm *crm, const char *event, HookWhen when)
{
    return crm->hook && (!crm->hook_wanted || crm->hook_wanted(crm->hook_ctx, event, when));
}

bool crm_hook(Crm *crm, Hook *h, Error *err)
{
    return !crm_watched(crm, h->event, h->when) || crm->hook(crm->hook_ctx, h, err);
}

const char *setting_get(Crm *crm, const char *name, Arena *a)
{
    Query *q = NULL;
    Error err = { 0 };
    const char *value = NULL;
    if (!query_open(crm->store, &sql[SETTING_GET], &q, &err))
        return NULL;
    query_cstr(q, 1, name);
    if (query_next(q, &err) > 0 && !query_col_is_null(q, 0))
        value = str_c(query_col_str(q, 0), a);
    query_close(q);
    return value;
}

static bool setting_write(Crm *crm, int which, int64_t id, const char *name, const char *value,
                          Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[which], &q, err))
        return false;
    if (which == SETTING_ADD) {
        query_int(q, 1, id);
        query_cstr(q, 2, name);
        query_cstr(q, 3, value);
        query_int(q, 4, journal_current(crm->store));
    } else {
        query_cstr(q, 1, name);
        if (which == SETTING_SET)
            query_cstr(q, 2, value);
    }
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool setting_set(Crm *crm, const char *name, const char *value, Error *err)
{
    Arena a = { 0 };
    int64_t id = 0;
    const char *old = setting_get(crm, name, &a);
    int which = !value ? SETTING_DROP : old ? SETTING_SET : SETTING_ADD;
    bool ok = (which != SETTING_ADD || store_ids(crm->store, "setting", 1, &id, err))
              && setting_write(crm, which, id, name, value, err);
    arena_release(&a);
    return ok;
}
