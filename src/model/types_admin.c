/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types_admin.c -- users, user fields, import batches; and the list of all shipped types.
 */
#include "model/types.h"

static const char *const roles[] = { "owner", "manager", "agent", "viewer", NULL };

static const Field user_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "their name", "姓名" },
    { "account", KIND_TEXT, FIELD_LISTED, "operating system account; none: the name", "账号" },
    { "role", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "what they may do", "角色",
      .choices = roles, .fallback = "agent" },
    { "disabled", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "may do nothing", "停用",
      .fallback = "no" },
    { 0 },
};

const Type type_user = {
    .name = "user", .plural = "users", .summary = "who may do what; a file without users is open "
                                                  "to its owner",
    .fields = user_fields, .handle = "name",
    .sample = "name=wu role=agent",
};

static const Field field_fields[] = {
    { "type", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "the type it belongs to", "对象" },
    { "name", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "its name", "名称" },
    { "label", KIND_TEXT, FIELD_LISTED, "its name for people", "显示名" },
    { "kind", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "what it holds", "类型" },
    { "choices", KIND_TEXT, FIELD_LISTED, "allowed values, comma separated", "选项" },
    { "ref", KIND_TEXT, FIELD_READONLY, "the type it refers to", "引用" },
    { "required", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "may not be empty", "必填",
      .fallback = "no" },
    { 0 },
};

const Type type_field_row = {
    .name = "field", .plural = "fields", .summary = "fields that were added to a type",
    .fields = field_fields, .verbs = TYPE_NO_ADD | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .guard = GUARD_ALL, .check = check_field,
    .sample = "label='合同到期'",
};

static const Field batch_fields[] = {
    { "type", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "what was imported", "对象" },
    { "file", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "from which file", "文件" },
    { "at", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "when", "时间" },
    { "encoding", KIND_TEXT, FIELD_READONLY, "its encoding", "编码" },
    { "key", KIND_TEXT, FIELD_READONLY, "what decided sameness", "主键" },
    { "on_match", KIND_TEXT, FIELD_READONLY, "what was done on a match", "匹配规则" },
    { "list", KIND_REF, FIELD_READONLY | FIELD_LOOSE, "the list that was filled", "列表",
      .ref = "list" },
    { "read", KIND_INT, FIELD_READONLY | FIELD_LISTED, "rows read", "读取" },
    { "new", KIND_INT, FIELD_READONLY | FIELD_LISTED, "added", "新增" },
    { "updated", KIND_INT, FIELD_READONLY | FIELD_LISTED, "updated", "更新" },
    { "same", KIND_INT, FIELD_READONLY | FIELD_LISTED, "already there", "相同" },
    { "skipped", KIND_INT, FIELD_READONLY | FIELD_LISTED, "left alone by --on-match", "跳过" },
    { "rejected", KIND_INT, FIELD_READONLY | FIELD_LISTED, "rejected with a reason", "拒绝" },
    { "rejects", KIND_TEXT, FIELD_READONLY, "the reject file", "拒绝文件" },
    { "map", KIND_TEXT, FIELD_READONLY, "columns that were led by hand", "列对应" },
    { "region", KIND_TEXT, FIELD_READONLY, "home of numbers without a country", "号码地区" },
    { "date_order", KIND_TEXT, FIELD_READONLY, "how days like 1/2/2026 were read", "日期顺序" },
    { "undone", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "when import undo took it back",
      "撤销时间" },
    { "kept", KIND_INT, FIELD_READONLY | FIELD_LISTED, "rows that stayed then: later work has them",
      "保留" },
    { 0 },
};

const Type type_batch = {
    .name = "batch", .plural = "batches", .summary = "imports, with their figures",
    .fields = batch_fields,
    .verbs = TYPE_NO_ADD | TYPE_NO_SET | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "type=customer",
};

static const Field merge_fields[] = {
    { "type", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED, "what was merged", "对象" },
    { "record", KIND_INT, FIELD_READONLY | FIELD_LISTED, "the id that is gone", "原编号" },
    { "kept", KIND_INT, FIELD_READONLY | FIELD_LISTED, "the id that it leads to", "保留编号" },
    { "field", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED,
      "in which they differed; empty: in none", "字段" },
    { "won", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "the value that won", "采用值" },
    { "winner", KIND_INT, FIELD_READONLY | FIELD_LISTED, "whose that was; empty: made of both",
      "来源编号" },
    { "lost", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "the value that lost", "弃用值" },
    { "at", KIND_TIME, FIELD_READONLY, "when", "时间" },
    { "user", KIND_TEXT, FIELD_READONLY | FIELD_COUNTED, "who merged them", "操作人" },
    { 0 },
};

const Type type_merge = {
    .name = "merge", .plural = "merges", .summary = "what won when records became one, field by "
                                                    "field",
    .fields = merge_fields,
    .verbs = TYPE_NO_ADD | TYPE_NO_SET | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "kept=1",
};

static const Field mapping_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "type", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "what it imports", "对象",
      .fallback = "customer" },
    { "map", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED,
      "HEADER=field, a line each; HEADER= leaves the column out", "列对应" },
    { "key", KIND_TEXT, FIELD_LISTED, "what decides sameness, as --key has it", "主键" },
    { 0 },
};

const Type type_mapping = {
    .name = "mapping", .plural = "mappings", .summary = "which column of a file goes where, for "
                                                        "import --mapping",
    .fields = mapping_fields, .handle = "name", .verbs = TYPE_NO_FIND,
    .sample = "name=expo map='Customer Id=note'",
};

const Type *const builtin_types[] = {
    &type_customer, &type_person, &type_contact, &type_touch, &type_task, &type_deal,
    &type_consent,
    &type_stage, &type_pipeline, &type_criterion, &type_move,
    &type_list, &type_entry, &type_campaign, &type_agent, &type_call, &type_result, &type_recycle,
    &type_hours, &type_holiday, &type_dnc, &type_dial_run, &type_supervision, &type_qa,
    &type_switch,
    &type_user, &type_field_row, &type_batch, &type_mapping, &type_merge,
    NULL,
};
