/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recording.h -- the recording of a call, as a section of `call show`.
 *
 * A switch records on its own disk; the field `recordings` of its record says where this machine
 * sees that folder.  The name of a file there follows from the call (driver.h), so nothing that
 * anybody typed becomes part of a path.
 */
#ifndef CMD_RECORDING_H
#define CMD_RECORDING_H

#include "cmd/command.h"

/* One row for a call that was to be recorded, else none: path, bytes, length, state (there,
 * missing, damaged, or what to do to see it). */
bool recording_rows(const Call *c, int64_t call, Out *out, Error *err);

#endif
