/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * catalog.c -- see catalog.h.  A file with a SqlTable is named here; a test looks for those that
 * are not.
 */
#include "cmd/catalog.h"

extern const SqlTable
    campaign_sql,
    checks_sql,
    cmd_campaign_sql,
    cmd_dial_card_sql,
    cmd_dial_preview_sql,
    cmd_dial_sql,
    cmd_dial_why_sql,
    cmd_list_sql,
    cmd_stage_sql,
    crm_sql,
    dial_gate_sql,
    export_sql,
    import_bulk_sql,
    import_change_sql,
    import_customer_sql,
    import_match_sql,
    import_sql,
    import_stored_sql,
    list_sql,
    schema_sql,
    session_claim_sql,
    session_crash_sql,
    session_record_sql,
    session_rules_sql,
    session_sql,
    stage_sql,
    user_type_sql,
    view_sql;

const SqlTable *const sql_catalog[] = {
    &campaign_sql,
    &checks_sql,
    &cmd_campaign_sql,
    &cmd_dial_card_sql,
    &cmd_dial_preview_sql,
    &cmd_dial_sql,
    &cmd_dial_why_sql,
    &cmd_list_sql,
    &cmd_stage_sql,
    &crm_sql,
    &dial_gate_sql,
    &export_sql,
    &import_bulk_sql,
    &import_change_sql,
    &import_customer_sql,
    &import_match_sql,
    &import_sql,
    &import_stored_sql,
    &list_sql,
    &schema_sql,
    &session_claim_sql,
    &session_crash_sql,
    &session_record_sql,
    &session_rules_sql,
    &session_sql,
    &stage_sql,
    &user_type_sql,
    &view_sql,
    NULL
};
