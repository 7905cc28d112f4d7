/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * commands.c -- the list of files that hold commands written in C.
 *
 * A new cmd_<noun>.c ends with `const Command *const <noun>_commands[]` and is named here twice.
 */
#include "cmd/registry.h"

extern const Command
    *const agent_commands[],
    *const call_in_commands[],
    *const callback_commands[],
    *const campaign_commands[],
    *const consent_commands[],
    *const debug_commands[],
    *const dial_bench_commands[],
    *const dial_commands[],
    *const dial_preview_commands[],
    *const dial_start_commands[],
    *const dial_status_commands[],
    *const dialer_commands[],
    *const dialer_config_commands[],
    *const dup_commands[],
    *const export_commands[],
    *const field_commands[],
    *const find_commands[],
    *const help_commands[],
    *const history_commands[],
    *const import_commands[],
    *const journal_commands[],
    *const list_commands[],
    *const monitor_commands[],
    *const privacy_commands[],
    *const setting_commands[],
    *const sql_commands[],
    *const stage_commands[],
    *const store_commands[],
    *const why_commands[];

const Command *const *const command_tables[] = {
    agent_commands,
    call_in_commands,
    callback_commands,
    campaign_commands,
    consent_commands,
    debug_commands,
    dial_bench_commands,
    dial_commands,
    dial_preview_commands,
    dial_start_commands,
    dial_status_commands,
    dialer_commands,
    dialer_config_commands,
    dup_commands,
    export_commands,
    field_commands,
    find_commands,
    help_commands,
    history_commands,
    import_commands,
    journal_commands,
    list_commands,
    monitor_commands,
    privacy_commands,
    setting_commands,
    sql_commands,
    stage_commands,
    store_commands,
    why_commands,
    NULL
};
