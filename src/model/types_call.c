/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types_call.c -- lists, campaigns, agents and calls.
 */
#include "model/types.h"

static const char *const list_states[] = { "active", "frozen", "retired", NULL };

static const Field list_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "state", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED | FIELD_RULED,
      "active, frozen or retired", "状态",
      .choices = list_states, .fallback = "active", .verb = "list freeze" },
    { "entries", KIND_INT, FIELD_READONLY | FIELD_LISTED, "customers on it", "条数",
      .sql = "(SELECT count(*) FROM entry v WHERE v.list = $.id)" },
    { "left", KIND_INT, FIELD_READONLY | FIELD_LISTED, "not done yet", "剩余",
      .sql = "(SELECT count(*) FROM entry v WHERE v.list = $.id AND v.state <> 'done')" },
    { "rule", KIND_TEXT, FIELD_READONLY, "how it was built", "规则" },
    { "note", KIND_TEXT, FIELD_LISTED, "anything else", "备注" },
    { "created", KIND_TIME, FIELD_READONLY, "when it was made", "创建时间" },
    { 0 },
};

const Type type_list = {
    .name = "list", .plural = "lists", .summary = "calling lists",
    .fields = list_fields, .handle = "name", .check = check_created, .verbs = TYPE_NO_IMPORT,
    .sample = "name=spring note='春季活动'",
};

static const char *const entry_states[] = { "new", "dialling", "retry", "callback", "done", NULL };

static const Field entry_fields[] = {
    { "list", KIND_REF, FIELD_READONLY | FIELD_LISTED | FIELD_LOOSE, "the list", "列表",
      .ref = "list" },
    { "customer", KIND_REF, FIELD_READONLY | FIELD_LISTED | FIELD_LOOSE, "the customer", "客户",
      .ref = "customer" },
    { "name", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "the customer's name", "姓名",
      .sql = "(SELECT v.name FROM customer v WHERE v.id = $.customer)" },
    { "state", KIND_CHOICE, FIELD_READONLY | FIELD_LISTED,
      "new, dialling, retry, callback or done", "状态",
      .choices = entry_states },
    { "reason", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED,
      "why it is in that state", "原因" },
    { "attempts", KIND_INT, FIELD_READONLY | FIELD_LISTED, "calls made for it", "次数" },
    { "result", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED,
      "result of the last call", "结果" },
    { "last_at", KIND_TIME, FIELD_READONLY, "time of the last call", "上次时间" },
    { "next_at", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "not before", "下次时间" },
    { "agent", KIND_REF, FIELD_READONLY | FIELD_LISTED, "whom it is dealt to", "坐席",
      .ref = "agent" },
    { 0 },
};

const Type type_entry = {
    .name = "entry", .plural = "entries", .summary = "customers on lists, with their state",
    .fields = entry_fields,
    .verbs = TYPE_NO_ADD | TYPE_NO_SET | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "state=new",
};

static const char *const modes[] = { "manual", "preview", "progressive", "ratio", "predictive",
                                     "broadcast", NULL };
static const char *const campaign_states[] = { "draft", "ready", "running", "paused", "closed",
                                               NULL };

static const char *const routes[] = { "idle", "skill", NULL };

static const Field campaign_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "type", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "telesales, survey, return visit ...",
      "类型", .fallback = "telesales" },
    { "purpose", KIND_TEXT, FIELD_REQUIRED, "the purpose that consent is asked for: marketing ...",
      "用途", .fallback = "marketing" },
    { "state", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED | FIELD_RULED,
      "draft, ready, running, paused or closed", "状态",
      .choices = campaign_states, .fallback = "draft", .verb = "campaign start" },
    { "list", KIND_REF, FIELD_LISTED, "whom to call", "列表", .ref = "list" },
    { "mode", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "how to dial", "模式", .choices = modes,
      .fallback = "preview" },
    { "ratio", KIND_NUMBER, FIELD_REQUIRED, "calls in flight per ready agent, in mode ratio", "比率",
      .fallback = "1" },
    { "hours", KIND_REF, 0, "calling hours; none: those named default", "时段", .ref = "hours" },
    { "script", KIND_TEXT, 0, "what the agent says", "话术" },
    { "max_attempts", KIND_INT, FIELD_REQUIRED, "calls per entry at most", "最多次数",
      .fallback = "3" },
    { "max_per_day", KIND_INT, FIELD_REQUIRED, "calls a customer may get on one day", "每日次数",
      .fallback = "1" },
    { "ring_seconds", KIND_INT, FIELD_REQUIRED, "how long it may ring", "振铃秒数", .fallback = "25" },
    { "max_abandoned", KIND_PERCENT, FIELD_REQUIRED, "cap on the abandoned share", "放弃率上限",
      .fallback = "3%" },
    { "abandon_days", KIND_INT, FIELD_REQUIRED, "days that the cap is reckoned over", "放弃率天数",
      .fallback = "30" },
    { "max_calls", KIND_INT, 0, "lines in use at once", "最大并发" },
    { "calls_per_second", KIND_NUMBER, 0, "calls begun in a second at most", "每秒呼叫" },
    { "wrap_seconds", KIND_INT, FIELD_REQUIRED, "longest wrap-up; 0: no limit", "整理秒数",
      .fallback = "180" },
    { "skill", KIND_TEXT, 0, "what its agents must be able to do", "所需技能" },
    { "message", KIND_TEXT, 0, "mode broadcast: the sound of the switch that is played", "语音" },
    { "route", KIND_CHOICE, FIELD_REQUIRED,
      "who gets a call: who is idle longest, or has most skill", "分配",
      .choices = routes, .fallback = "idle" },
    { "record", KIND_BOOL, FIELD_REQUIRED, "its calls are recorded; the switch must be able to",
      "录音", .fallback = "no" },
    { "hold_seconds", KIND_INT, FIELD_REQUIRED, "longest wait of one who calls in", "来电等待秒数",
      .fallback = "60" },
    { "hold", KIND_TEXT, 0, "the sound of the switch that one who waits hears now and then; none: "
                            "music",
      "等待语音" },
    { "starts", KIND_DATE, 0, "first day", "开始" },
    { "ends", KIND_DATE, 0, "last day", "结束" },
    { "priority", KIND_INT, FIELD_REQUIRED, "higher calls first", "优先级", .fallback = "0" },
    { "note", KIND_TEXT, 0, "anything else", "备注" },
    { "created", KIND_TIME, FIELD_READONLY, "when it was made", "创建时间" },
    { "dials", KIND_INT, FIELD_READONLY | FIELD_LISTED, "calls made", "拨打数",
      .sql = "(SELECT count(*) FROM call v WHERE v.campaign = $.id"
             " AND v.direction = 'out')" },
    { 0 },
};

const Type type_campaign = {
    .name = "campaign", .plural = "campaigns", .summary = "a list worked with a purpose, by agents",
    .fields = campaign_fields, .handle = "name", .check = check_campaign,
    .guard = GUARD_ALL,
    .sample = "name=summer list=demo mode=preview",
};

static const char *const call_states[] = { "intent", "placed", "ended", NULL };

static const char *const call_directions[] = { "out", "in", NULL };

static const Field call_fields[] = {
    { "direction", KIND_CHOICE, FIELD_READONLY, "who began it", "方向",
      .choices = call_directions },
    { "campaign", KIND_REF, FIELD_READONLY | FIELD_LISTED, "for which campaign", "营销项目",
      .ref = "campaign" },
    { "entry", KIND_REF, FIELD_READONLY | FIELD_LOOSE, "the list entry", "条目", .ref = "entry" },
    { "customer", KIND_REF, FIELD_READONLY | FIELD_LISTED | FIELD_LOOSE, "who was called", "客户",
      .ref = "customer" },
    { "number", KIND_PHONE, FIELD_READONLY | FIELD_LISTED, "the number", "号码" },
    { "agent", KIND_REF, FIELD_READONLY | FIELD_LISTED, "who spoke", "坐席", .ref = "agent" },
    { "mode", KIND_TEXT, FIELD_READONLY | FIELD_COUNTED, "how it was dialled", "模式" },
    { "driver", KIND_TEXT, FIELD_READONLY | FIELD_COUNTED, "sim, ami ...", "线路" },
    { "channel", KIND_TEXT, FIELD_READONLY | FIELD_HIDDEN | FIELD_COUNTED,
      "whose call it is: run, process, its start", "通道" },
    { "real", KIND_BOOL, FIELD_READONLY | FIELD_HIDDEN, "on a real line; a fact that undo keeps",
      "真实" },
    { "recorded", KIND_BOOL, FIELD_READONLY, "the switch was told to record it", "录音" },
    { "state", KIND_CHOICE, FIELD_READONLY, "intent, placed or ended", "状态",
      .choices = call_states },
    { "result", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED, "how it ended",
      "结果" },
    { "placed_at", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "when it was placed", "拨打时间" },
    { "answered_at", KIND_TIME, FIELD_READONLY, "when it was answered", "接听时间" },
    { "bridged_at", KIND_TIME, FIELD_READONLY, "when an agent was on", "接通时间" },
    { "ended_at", KIND_TIME, FIELD_READONLY, "when it ended", "结束时间" },
    { "talk", KIND_DURATION, FIELD_READONLY | FIELD_LISTED, "time with an agent", "通话时长" },
    { "wrap", KIND_DURATION, FIELD_READONLY, "wrap-up after it", "整理时长" },
    { "note", KIND_TEXT, 0, "anything else", "备注" },
    { 0 },
};

const Type type_call = {
    .name = "call", .plural = "calls", .summary = "calls: one row an attempt",
    .fields = call_fields, .verbs = TYPE_NO_ADD | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "note='asks for a letter'",
};

static const Field result_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "label", KIND_TEXT, FIELD_LISTED, "its name for people", "显示名" },
    { "connected", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "a person spoke with an agent", "接通",
      .fallback = "yes" },
    { "appointment", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "counts as an appointment", "预约",
      .fallback = "no" },
    { "accepted", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "counts as an accepted one", "受理",
      .fallback = "no" },
    { "final", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "the entry is done after it", "终结",
      .fallback = "yes" },
    { "dnc", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "the number is not called again", "勿扰",
      .fallback = "no" },
    { 0 },
};

const Type type_result = {
    .name = "result", .plural = "results", .summary = "how a call may end (disposition)",
    .fields = result_fields, .handle = "name",
    .guard = GUARD_ALL,
    .sample = "name=nobody label=没人 final=no",
};

static const Field recycle_fields[] = {
    { "result", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "after which result", "结果" },
    { "campaign", KIND_REF, FIELD_LISTED | FIELD_LOOSE, "for one campaign only", "营销项目",
      .ref = "campaign" },
    { "after", KIND_DURATION, FIELD_REQUIRED | FIELD_LISTED, "try again after", "间隔",
      .fallback = "4h" },
    { "max", KIND_INT, FIELD_REQUIRED | FIELD_LISTED,
      "how often it is tried again after this result", "最多次数", .fallback = "3" },
    { 0 },
};

const Type type_recycle = {
    .name = "recycle", .plural = "recycles", .summary = "which results are tried again, when, how "
                                                        "often",
    .fields = recycle_fields, .check = check_recycle, .verbs = TYPE_NO_IMPORT | TYPE_NO_FIND,
    .guard = GUARD_ALL,
    .sample = "result=skipped after=2h max=3",
};

static const Field hours_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "its name", "名称" },
    { "spec", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED,
      "Mon-Fri 09:00-12:00 13:30-20:00; Sat 10-16", "时段" },
    { 0 },
};

const Type type_hours = {
    .name = "hours", .plural = "hours", .summary = "weekly calling hours, in the customer's own "
                                                   "time",
    .fields = hours_fields, .handle = "name", .check = check_hours,
    .verbs = TYPE_NO_FIND,
    .guard = GUARD_ALL,
    .sample = "name=weekend spec='Sat 10:00-16:00'",
};

static const char *const holiday_keys[] = { "day+country?+hours?", NULL };

static const Field holiday_fields[] = {
    { "day", KIND_DATE, FIELD_REQUIRED | FIELD_LISTED, "the day, at the customer's place", "日期",
      "date" },
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "its name", "名称", "holiday" },
    { "country", KIND_TEXT, FIELD_LISTED, "for numbers of that country; none: everywhere", "国家",
      .clean = clean_country },
    { "hours", KIND_REF, FIELD_LISTED, "for these calling hours; none: for all", "时段",
      .ref = "hours" },
    { "spec", KIND_TEXT, FIELD_LISTED, "open on it, 10:00-14:00; none: closed", "开放" },
    { 0 },
};

const Type type_holiday = {
    .name = "holiday", .plural = "holidays",
    .summary = "days with calling hours of their own: closed, or a working Saturday",
    .fields = holiday_fields, .keys = holiday_keys, .check = check_holiday,
    .verbs = TYPE_NO_FIND,
    .guard = GUARD_ALL,
    .sample = "day=2026-10-03 name=国庆节 country=CN",
};

static const char *const dnc_keys[] = { "number+campaign?", NULL };

static const Field dnc_fields[] = {
    { "number", KIND_PHONE, FIELD_REQUIRED | FIELD_LISTED | FIELD_WIDE,
      "a number; +8621*: all that begin so; @example.com: who has an address there", "号码",
      "phone|telephone|手机|电话" },
    { "campaign", KIND_REF, FIELD_LISTED | FIELD_LOOSE, "for this campaign; none: for all",
      "营销项目", .ref = "campaign" },
    { "why", KIND_TEXT, FIELD_LISTED, "the reason", "原因", "reason" },
    { "source", KIND_TEXT, FIELD_LISTED | FIELD_ORIGIN, "where the wish came from", "来源",
      .fallback = "customer" },
    { "at", KIND_TIME, FIELD_REQUIRED | FIELD_LISTED, "since when", "时间", .fallback = "now" },
    { 0 },
};

const Type type_dnc = {
    .name = "dnc", .plural = "dncs", .summary = "the stop list: numbers that are not to be "
                                                 "called",
    .fields = dnc_fields, .handle = "number", .keys = dnc_keys, .check = check_dnc,
    .guard = GUARD_CHANGE,
    .sample = "number=13800000000 why=客户要求",
};

static const Field dial_run_fields[] = {
    { "campaign", KIND_REF, FIELD_READONLY | FIELD_LISTED, "the campaign", "营销项目",
      .ref = "campaign" },
    { "driver", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "sim, ami ...", "线路" },
    { "seed", KIND_INT, FIELD_READONLY, "of the simulation", "种子" },
    { "agents", KIND_INT, FIELD_READONLY | FIELD_LISTED, "agents on it", "坐席数" },
    { "began", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "when it began", "开始" },
    { "ended", KIND_TIME, FIELD_READONLY, "when it ended", "结束" },
    { "dials", KIND_INT, FIELD_READONLY | FIELD_LISTED, "calls placed", "拨打数" },
    { "connected", KIND_INT, FIELD_READONLY | FIELD_LISTED, "calls with an agent", "接通数" },
    { "abandoned", KIND_INT, FIELD_READONLY | FIELD_LISTED, "answered, no agent free", "放弃数" },
    { 0 },
};

const Type type_dial_run = {
    .name = "dial_run", .plural = "dial_runs", .summary = "dial sessions that were kept",
    .fields = dial_run_fields,
    .verbs = TYPE_NO_ADD | TYPE_NO_SET | TYPE_NO_DELETE | TYPE_NO_IMPORT | TYPE_NO_FIND,
    .sample = "campaign=demo",
};

static const char *const agent_states[] = { "off", "ready", "talking", "wrap-up", "paused", NULL };

static const char *const agent_wishes[] = { "ready", "paused", "off", NULL };

static const Field agent_fields[] = {
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_UNIQUE | FIELD_LISTED, "their name", "姓名" },
    { "user", KIND_REF, 0, "their account", "用户", .ref = "user" },
    { "state", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED | FIELD_RULED,
      "off, ready, talking, wrap-up or paused", "状态",
      .choices = agent_states, .fallback = "off", .verb = "agent ready" },
    { "lasted", KIND_DURATION, FIELD_READONLY | FIELD_LISTED, "time in it", "时长",
      .sql = "(now() - $.since)" },
    { "since", KIND_TIME, FIELD_READONLY, "of the state", "开始时间" },
    { "campaign", KIND_REF, FIELD_LISTED | FIELD_LOOSE, "what they work on", "营销项目",
      .ref = "campaign" },
    { "reason", KIND_TEXT, FIELD_READONLY | FIELD_LISTED, "of a pause", "原因" },
    { "wish", KIND_CHOICE, FIELD_READONLY | FIELD_HIDDEN, "what they want to be", "意愿",
      .choices = agent_wishes },
    { "call", KIND_REF, FIELD_READONLY | FIELD_LOOSE, "the call they are in", "当前通话",
      .ref = "call" },
    { "process", KIND_TEXT, FIELD_READONLY | FIELD_HIDDEN | FIELD_COUNTED,
      "at whose prompt they dial", "进程" },
    { "phone", KIND_TEXT, 0, "where they are reached", "分机" },
    { "switch", KIND_REF, FIELD_LOOSE, "the one that knows the phone; none: each does", "所属线路",
      .ref = "switch" },
    { "skills", KIND_TEXT, 0, "comma separated; english=3 says how well", "技能" },
    { 0 },
};

const Type type_agent = {
    .name = "agent", .plural = "agents", .summary = "who makes the calls",
    .fields = agent_fields, .handle = "name",
    .sample = "name=qian phone=8001",
};
