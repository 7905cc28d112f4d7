/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/drivers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dialer/ami.h"
#include "dialer/esl.h"
#include "dialer/handoff.h"
#include "dialer/nodes.h"
#include "dialer/sim.h"
#include "dialer/softphone.h"
#include "dialer/trunks.h"

/* ---- secrets --------------------------------------------------------------------------------- */

/* The first line of a file that nobody else may read. */
static bool secret_file(const char *path, char out[static SECRET_MOST], Error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        fail(err, ERR_IO, "cannot read the secret in %s: %m", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    ssize_t n = -1;
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077)) {
        fail(err, ERR_INVALID, "others may read the secret in %s", path);
        fail_hint(err, "chmod 600 %s", path);
    } else {
        n = read(fd, out, SECRET_MOST - 1);
        if (n < 0)
            fail(err, ERR_IO, "cannot read the secret in %s: %m", path);
    }
    close(fd);
    out[n > 0 ? n : 0] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return n >= 0;
}

bool secret_read(const char *where, char out[static SECRET_MOST], Error *err)
{
    const char *value = NULL;
    if (strncmp(where, "file:", 5) == 0)
        return secret_file(where + 5, out, err);
    if (strncmp(where, "env:", 4) == 0)
        value = getenv(where + 4);
    else if (*where)
        return fail(err, ERR_INVALID, "'%.8s...' does not say where the secret is", where);
    if (*where && !value)
        return fail(err, ERR_INVALID, "the environment has no %s", where + 4);
    snprintf(out, SECRET_MOST, "%s", value ? value : "");
    return true;
}

/* ---- the table ------------------------------------------------------------------------------- */

static Driver *open_sim(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    SimWorld usual = world_defaults();
    (void)c;
    (void)err;
    return sim_open(host->world ? host->world : &usual, host->seed, host->now, host->sink);
}

static bool probe_sim(const SwitchConfig *c, const ProbeHost *host, Error *err)
{
    (void)c;
    (void)err;
    host->say(host->self, "line", PROBE_OK, "the simulated line needs nothing", "");
    return true;
}

const DriverType driver_types[] = {
    { "sim", "the simulated line", DRIVER_ALL, open_sim, probe_sim },
    { "ami", "an Asterisk", DRIVER_ALL, ami_dial, ami_probe },
    { "command", "a program that dials on your own phone", 0, handoff_dial, handoff_probe },
    { "softphone", "a soft phone", DRIVER_HEARS | DRIVER_TAKES, softphone_dial,
      softphone_probe },
    { "esl", "a FreeSWITCH (untried)",
      DRIVER_MANY | DRIVER_HEARS | DRIVER_PLAYS | DRIVER_SUPERVISES, esl_dial, esl_probe },
    { 0 },
};

const DriverType *driver_type(const char *adapter)
{
    const DriverType *t = driver_types;
    while (t->name && strcmp(t->name, adapter) != 0)
        t++;
    return t->name ? t : NULL;
}

Driver *driver_open(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    const DriverType *t = driver_type(c->adapter);
    if (t)
        return t->open(c, host, err);
    fail(err, ERR_NOT_FOUND, "there is no adapter '%s'", c->adapter);
    return NULL;
}

static bool same_way(const SwitchConfig *a, const SwitchConfig *b)
{
    return strcmp(a->adapter, b->adapter) == 0 && strcmp(a->host, b->host) == 0
           && a->port == b->port;
}

/* The trunks of one machine. */
static Driver *open_machine(const SwitchConfig *c, int n, const DriverHost *host, Error *err)
{
    if (n == 1 && !c->max_calls && c->max_rate <= 0)
        return driver_open(c, host, err);
    return trunks_open(c, n, host, err);
}

/* Those of one machine side by side; how many machines there are. */
static int by_machine(SwitchConfig *c, int n, NodeConfig *machines)
{
    int found = 0;
    for (int i = 0; i < n; found++) {
        machines[found] = (NodeConfig){ &c[i], 1 };
        for (int j = i + 1; j < n; j++)
            if (same_way(&c[i], &c[j])) {
                SwitchConfig moved = c[j];
                int at = i + machines[found].n++;
                memmove(&c[at + 1], &c[at], sizeof *c * (size_t)(j - at));
                c[at] = moved;
            }
        i += machines[found].n;
    }
    return found;
}

static bool is_simulated(const SwitchConfig *c)
{
    return strcmp(c->adapter, "sim") == 0;
}

Driver *drivers_open(const SwitchConfig *c, int n, const DriverHost *host, Error *err)
{
    SwitchConfig *sorted = xalloc(sizeof *sorted * (size_t)n);
    NodeConfig *machines = xalloc(sizeof *machines * (size_t)n);
    memcpy(sorted, c, sizeof *sorted * (size_t)n);
    int found = by_machine(sorted, n, machines);
    Driver *d = NULL;
    bool mixed = false;
    for (int i = 1; i < n && !mixed; i++)
        if (is_simulated(&c[i]) != is_simulated(&c[0])) {
            mixed = true;
            fail(err, ERR_REFUSED, "switches %s and %s: one is simulated, one calls real people",
                 c[0].name, c[i].name);
            fail_hint(err, "switch set %s enabled=no", c[is_simulated(&c[0]) ? 0 : i].name);
        }
    if (found > NODES_MOST)
        fail(err, ERR_REFUSED, "%d machines are more than %d", found, NODES_MOST);
    else if (!mixed)
        d = found > 1 ? nodes_open(machines, found, host, err)
                      : open_machine(sorted, n, host, err);
    free(sorted);
    free(machines);
    return d;
}

bool drivers_call_in(Driver *d, const char *number, Error *err)
{
    if (*number && !driver_check_number(number, err))
        return false;
    sim_call_in(strcmp(d->ops->name, "trunks") == 0 ? trunks_inner(d) : d, number, "");
    return true;
}
