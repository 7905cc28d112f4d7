/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types_quality.c -- who listened to whom, and how calls were scored.
 */
#include "model/types.h"

static const char *const ways[] = { "listen", "whisper", "barge", "silence", "record-off",
                                    "record-on", NULL };

static const Field supervision_fields[] = {
    { "agent", KIND_REF, FIELD_LISTED, "who was heard", "坐席", .ref = "agent" },
    { "supervisor", KIND_REF, FIELD_LISTED, "whose phone it was", "班长", .ref = "agent" },
    { "how", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED,
      "listen, whisper, barge, or the end of it; record-off, record-on: the recording", "方式",
      .choices = ways },
    { "call", KIND_REF, FIELD_LISTED | FIELD_LOOSE, "the call that was up", "通话", .ref = "call" },
    { "at", KIND_TIME, FIELD_REQUIRED | FIELD_LISTED, "when", "时间" },
    { "user", KIND_TEXT, FIELD_LISTED, "who asked for it", "操作人" },
    { "outcome", KIND_TEXT, FIELD_LISTED, "taken, or why not", "结果" },
    { "began", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "the supervisor was on", "开始" },
    { "ended", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "and left", "结束" },
    { 0 },
};

const Type type_supervision = {
    .name = "supervision", .plural = "supervisions", .summary = "who listened to whose calls, or "
                                                                "paused their recording",
    .fields = supervision_fields,
    .verbs = TYPE_NO_ADD | TYPE_NO_SET | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "how=listen",
};

static const Field qa_fields[] = {
    { "call", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "which call", "通话",
      .ref = "call" },
    { "agent", KIND_REF, FIELD_LISTED, "who spoke", "坐席", .ref = "agent" },
    { "points", KIND_NUMBER, FIELD_REQUIRED | FIELD_LISTED, "mean of the items", "得分" },
    { "items", KIND_TEXT, FIELD_LISTED, "each with its points: opening=4 close=2", "评分项" },
    { "note", KIND_TEXT, FIELD_LISTED, "what to tell the agent", "评语" },
    { "user", KIND_TEXT, FIELD_LISTED, "who scored", "评分人" },
    { "at", KIND_TIME, FIELD_REQUIRED | FIELD_LISTED, "when", "时间", .fallback = "now" },
    { 0 },
};

const Type type_qa = {
    .name = "qa", .plural = "qas", .summary = "scores of calls",
    .fields = qa_fields, .check = check_touch, .verbs = TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "call=1 points=4",
};
