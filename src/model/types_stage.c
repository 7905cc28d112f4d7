/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types_stage.c -- pipelines, stages, what must hold to enter them, and the moves made.
 */
#include "model/types.h"

static const char *const staged[] = { "customer", "deal", NULL };
static const char *const outcomes[] = { "open", "won", "lost", NULL };

static const Field pipeline_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "type", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "what moves along it", "对象",
      .choices = staged, .fallback = "deal" },
    { "stages", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "its stages in order", "阶段",
      .sql = "(SELECT group_concat(v.name, ', ') FROM (SELECT name FROM stage WHERE pipeline = $.id"
             " ORDER BY position) v)" },
    { 0 },
};

const Type type_pipeline = {
    .name = "pipeline", .plural = "pipelines", .summary = "ordered stages that leads or deals "
                                                          "move along",
    .fields = pipeline_fields, .handle = "name",
    .guard = GUARD_ALL,
    .sample = "name=parts type=deal",
};

static const Field stage_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "label", KIND_TEXT, FIELD_LISTED, "its name for people, in any language", "显示名" },
    { "pipeline", KIND_REF, FIELD_REQUIRED | FIELD_LISTED, "whose stage it is", "管线",
      .ref = "pipeline", .fallback = "lifecycle" },
    { "position", KIND_INT, FIELD_LISTED, "place in the order; what has it moves on by one",
      "顺序" },
    { "outcome", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "open, won or lost", "结局",
      .choices = outcomes, .fallback = "open" },
    { "probability", KIND_PERCENT, FIELD_LISTED, "of winning from here", "概率" },
    { "days", KIND_INT, 0, "standard length in days", "标准天数" },
    { "actions", KIND_TEXT, FIELD_LISTED,
      "key actions to be done before entering, comma separated", "关键行动" },
    { "customers", KIND_INT, FIELD_READONLY, "customers in it", "客户数",
      .sql = "(SELECT count(*) FROM customer v WHERE v.stage = $.id)" },
    { "deals", KIND_INT, FIELD_READONLY, "deals in it", "商机数",
      .sql = "(SELECT count(*) FROM deal v WHERE v.stage = $.id)" },
    { 0 },
};

const Type type_stage = {
    .name = "stage", .plural = "stages",
    .summary = "the stages of the life cycle and of deal pipelines",
    .fields = stage_fields, .handle = "name", .check = check_stage,
    .guard = GUARD_ALL,
    .sample = "name=trial label=试用",
};

static const char *const criterion_keys[] = { "stage+name", NULL };

static const Field criterion_fields[] = {
    { "stage", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "the stage to be entered",
      "阶段", .ref = "stage" },
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "what is missing when it fails", "名称" },
    { "expr", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "a filter that must hold", "条件" },
    { "hint", KIND_TEXT, FIELD_LISTED, "what to do; {id} stands for the record", "提示" },
    { 0 },
};

const Type type_criterion = {
    .name = "criterion", .plural = "criteria", .summary = "what must hold for a record to enter a "
                                                          "stage",
    .fields = criterion_fields, .check = check_criterion, .keys = criterion_keys,
    .guard = GUARD_ALL,
    .sample = "name='a source' stage=potential expr='source!='",
};

static const Field move_fields[] = {
    { "type", KIND_CHOICE, FIELD_READONLY | FIELD_LISTED, "what moved", "对象", .choices = staged },
    { "record", KIND_INT, FIELD_READONLY | FIELD_LISTED, "its id", "编号" },
    { "origin", KIND_INT, FIELD_READONLY, "the one that moved, where it was merged into that",
      "原编号" },
    { "from_stage", KIND_REF, FIELD_READONLY | FIELD_LISTED, "the stage it left", "原阶段",
      .ref = "stage" },
    { "to_stage", KIND_REF, FIELD_READONLY | FIELD_LISTED, "the stage it entered", "新阶段",
      .ref = "stage" },
    { "at", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "when", "时间" },
    { "entered", KIND_TIME, FIELD_READONLY, "when it had entered the stage it left", "进入时间" },
    { "user", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED, "who moved it", "操作人" },
    { "reason", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "why", "原因" },
    { "forced", KIND_BOOL, FIELD_READONLY | FIELD_LISTED, "against the gate", "强制" },
    { 0 },
};

const Type type_move = {
    .name = "move", .plural = "moves", .summary = "changes of stage, kept for ever",
    .fields = move_fields,
    .verbs = TYPE_NO_ADD | TYPE_NO_SET | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "reason=立项",
};
