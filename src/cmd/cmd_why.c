/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_why.c -- why: every check of the gate that a record stands before.
 */
#include "cmd/why.h"

const WhyGate why_gates[] = {
    { "lead", "may it enter a stage", why_stage },      /* cmd_stage.c */
    { "deal", "may it enter a stage", why_stage },
    { "customer", "may it be called now", why_customer },    /* cmd_dial_why.c */
    { "campaign", "may it start, what holds its entries back", why_campaign },
    { 0 }
};

static const Column why_columns[] = {
    { "check", KIND_TEXT, 0 }, { "pass", KIND_BOOL, 0 }, { "reason", KIND_TEXT, COLUMN_WRAP },
    { "hint", KIND_TEXT, COLUMN_WRAP | COLUMN_SPARE }, { "until", KIND_TIME, COLUMN_SPARE }, { 0 }
};

static bool find_gate(const char *noun, const WhyGate **out, Error *err)
{
    Buf all = { .max = 300 };
    const char *names[32] = { NULL };
    size_t n = 0;
    for (const WhyGate *g = why_gates; g->noun; g++) {
        if (strcmp(g->noun, noun) == 0) {
            *out = g;
            buf_release(&all);
            return true;
        }
        names[n++] = g->noun;
        buf_printf(&all, "%s%s", all.n ? ", " : "", g->noun);
    }
    const char *near = str_nearest(str(noun), names, n);
    fail(err, ERR_USAGE, "why knows nothing of '%s'", noun);
    if (near)
        fail_hint(err, "did you mean '%s'? It knows: %s, or a campaign by its name", near, all.s);
    else
        fail_hint(err, "it knows: %s, or a campaign by its name", all.s);
    buf_release(&all);
    return false;
}

static bool find_record(const Call *c, const WhyArgs *a, int64_t *id, Error *err)
{
    const Type *t = schema_type(c->crm->schema, str(a->noun));
    *id = 0;
    return !a->record || !t || record_find(c->crm, t, str(a->record), id, err);
}

/* `why spring` asks about the campaign of that name, unless it is a noun. */
static WhyArgs with_noun(const Call *c)
{
    WhyArgs a = *(const WhyArgs *)c->args;
    const Type *campaign = schema_type(c->crm->schema, STR("campaign"));
    Error none = { 0 };
    int64_t id;
    bool number = a.noun[strspn(a.noun, "0123456789")] == '\0';
    if (!a.record && !number && !schema_type(c->crm->schema, str(a.noun))
        && record_find(c->crm, campaign, str(a.noun), &id, &none)) {
        a.record = a.noun;
        a.noun = "campaign";
    }
    return a;
}

static bool why_run(const Call *c, Error *err)
{
    const WhyArgs a = with_noun(c);
    const WhyGate *gate;
    Verdicts verdicts = { 0 };
    int64_t id;
    if (!find_gate(a.noun, &gate, err) || !find_record(c, &a, &id, err)
        || !gate->ask(c, &a, id, &verdicts, err) || !out_begin(c->out, why_columns, -1, err))
        return false;
    for (int i = 0; i < verdicts.n; i++) {
        const Verdict *v = &verdicts.v[i];
        const Value row[] = { value_cstr(v->check), value_int(v->pass), value_cstr(v->reason),
                              value_cstr(v->hint), v->until ? value_int(v->until) : value_null() };
        if (!out_row(c->out, row, err))
            return false;
    }
    ui_note(c->ui, "%s? %s", gate->says, verdicts.pass ? "yes" : "no: see what does not pass");
    return true;
}

static const Command why = {
    .name = "why",
    .summary = "Explain why something may or may not be done, check by check",
    .detail = "For each check: whether it passes, the reason, what to do about it and when it will "
              "change by itself.",
    .args = (const Arg[]){
        { "noun", ARG_TEXT, 0, "lead, deal, customer or campaign; or a campaign by its name",
          AT(WhyArgs, noun) },
        { "record", ARG_TEXT, ARG_OPTIONAL, "which one: its id or name", AT(WhyArgs, record) },
        { "--stage", ARG_RECORD, ARG_OPTIONAL,
          "may it enter this stage; the next one when not given", AT(WhyArgs, stage),
          .of = "stage" },
        { "--campaign", ARG_RECORD, ARG_OPTIONAL, "may this campaign call it",
          AT(WhyArgs, campaign), .of = "campaign" },
        { "--at", ARG_TIME, ARG_OPTIONAL, "at this time instead of now", AT(WhyArgs, at) },
        { 0 } },
    .args_size = sizeof(WhyArgs),
    .columns = why_columns,
    .examples = (const Example[]){
        { "why lead 1", "may it enter the next stage" },
        { "why lead 1 --stage opportunity", "every check of that stage's gate" },
        { 0 } },
    .run = why_run,
};

const Command *const why_commands[] = { &why, NULL };
