/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/process.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Field 22 of /proc/PID/stat (proc(5)): when the process started, in ticks since the machine did;
 * 0: there is none. The second field is a name in parentheses and may hold anything. */
static int64_t started(int64_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    int64_t ticks = 0;
    return at && sscanf(at, "%" SCNd64, &ticks) == 1 ? ticks : 0;
}

void process_name(char out[static PROCESS_NAME])
{
    int64_t pid = getpid();
    snprintf(out, PROCESS_NAME, "%" PRId64 ".%" PRId64, pid, started(pid));
}

bool process_alive(Str name)
{
    char text[PROCESS_NAME] = "";
    int64_t pid, start;
    if (!name.s || name.n >= sizeof text)
        return false;
    memcpy(text, name.s, name.n);
    return sscanf(text, "%" SCNd64 ".%" SCNd64, &pid, &start) == 2 && start != 0
           && started(pid) == start;
}
