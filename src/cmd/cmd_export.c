/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/command.h"
static bool generic_run(const Call *c, Error *err) { (void)c; return fail(err, ERR_FAILED, "not yet"); }
const Command generic_export = {
    .name = "export", .summary = "Write records to a file", .run = generic_run,
};
