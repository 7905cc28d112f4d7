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
    cmd_list_sql,
    cmd_stage_sql,
    crm_sql,
    dial_gate_sql,
    export_sql,
    import_bulk_sql,
    import_customer_sql,
    import_match_sql,
    import_sql,
    import_stored_sql,
    list_sql,
    schema_sql,
    stage_sql,
    user_type_sql,
    view_sql;

const SqlTable *const sql_catalog[] = {
    &campaign_sql,
    &checks_sql,
    &cmd_campaign_sql,
    &cmd_list_sql,
    &cmd_stage_sql,
    &crm_sql,
    &dial_gate_sql,
    &export_sql,
    &import_bulk_sql,
    &import_customer_sql,
    &import_match_sql,
    &import_sql,
    &import_stored_sql,
    &list_sql,
    &schema_sql,
    &stage_sql,
    &user_type_sql,
    &view_sql,
    NULL
};
