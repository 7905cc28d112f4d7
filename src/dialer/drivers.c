/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/drivers.h"

#include "dialer/sim.h"

static Driver *open_sim(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    SimWorld usual = world_defaults();
    (void)c;
    (void)err;
    return sim_open(host->world ? host->world : &usual, host->seed, host->now, host->sink);
}

const DriverType driver_types[] = {
    { "sim", "the simulated line", open_sim },
    { 0 },
};

Driver *driver_open(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    for (const DriverType *t = driver_types; t->name; t++)
        if (strcmp(t->name, c->adapter) == 0)
            return t->open(c, host, err);
    fail(err, ERR_NOT_FOUND, "there is no adapter '%s'", c->adapter);
    return NULL;
}
