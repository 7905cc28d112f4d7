/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * args.c -- words of a command line become its argument struct.
 *
 * Options may stand anywhere; `--` ends them.  Positional arguments are taken in order; a word
 * that is a comparison (value>80, name=...) skips to the argument that takes the remaining words,
 * so optional positional ones may be left out.  Switches common to all commands are a table of
 * Args like any other, and a command's own option of the same name comes first.
 */
#include "cmd/args.h"

/* ---- switches common to all commands --------------------------------------------------------- */

typedef struct Switches {
    bool json, jsonl, csv, tsv, table, long_form, markdown, sql, xlsx, vcard, no_header, excel;
    bool dry_run, yes, help;
    const char *fields, *confirm;
} Switches;

const Arg common_args[] = {
    { "--json", ARG_FLAG, ARG_OPTIONAL, "rows as one JSON array", AT(Switches, json) },
    { "--jsonl", ARG_FLAG, ARG_OPTIONAL, "rows as JSON, one object a line", AT(Switches, jsonl) },
    { "--csv", ARG_FLAG, ARG_OPTIONAL, "rows as CSV", AT(Switches, csv) },
    { "--tsv", ARG_FLAG, ARG_OPTIONAL, "rows separated by tabs", AT(Switches, tsv) },
    { "--table", ARG_FLAG, ARG_OPTIONAL, "an aligned table, also in a pipe", AT(Switches, table) },
    { "--long", ARG_FLAG, ARG_OPTIONAL, "one field a line", AT(Switches, long_form) },
    { "--markdown", ARG_FLAG, ARG_OPTIONAL, "a Markdown table", AT(Switches, markdown) },
    { "--sql", ARG_FLAG, ARG_OPTIONAL, "SQL that makes a table of the rows", AT(Switches, sql) },
    { "--xlsx", ARG_FLAG, ARG_OPTIONAL, "a workbook, for a file", AT(Switches, xlsx) },
    { "--vcard", ARG_FLAG, ARG_OPTIONAL, "a vCard for each row", AT(Switches, vcard) },
    { "--fields", ARG_TEXT, ARG_OPTIONAL, "only these columns, in this order",
      AT(Switches, fields), .value = "A,B" },
    { "--no-header", ARG_FLAG, ARG_OPTIONAL, "rows without the line of names",
      AT(Switches, no_header) },
    { "--excel", ARG_FLAG, ARG_OPTIONAL, "CSV that a spreadsheet opens with a double click",
      AT(Switches, excel) },
    { "--dry-run", ARG_FLAG, ARG_OPTIONAL, "do it, say what it did, take it back",
      AT(Switches, dry_run), .letter = 'n' },
    { "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask", AT(Switches, yes), .letter = 'y' },
    { "--confirm", ARG_TEXT, ARG_OPTIONAL, "confirm what asks for a name to be typed",
      AT(Switches, confirm), .value = "NAME" },
    { "--help", ARG_FLAG, ARG_OPTIONAL, "what the command does, with examples",
      AT(Switches, help), .letter = 'h' },
    { 0 }
};

static const Command common_command = {
    .name = "common", .args = common_args, .args_size = sizeof(Switches),
};

const Arg where_arg = { "--where", ARG_TEXT, ARG_OPTIONAL, "the records for which EXPR holds",
                        .value = "EXPR" };

bool command_takes_where(const Command *cmd)
{
    for (const Arg *a = cmd->args; a && a->name; a++)
        if (a->kind == ARG_TARGET || a->kind == ARG_FILTER)
            return true;
    return false;
}

static bool switches_apply(const Switches *s, Common *to, Error *err)
{
    int formats = 0;
    const bool asked[FORMATS] = {
        [FORMAT_TABLE] = s->table, [FORMAT_LONG] = s->long_form, [FORMAT_CSV] = s->csv,
        [FORMAT_TSV] = s->tsv, [FORMAT_JSON] = s->json, [FORMAT_JSONL] = s->jsonl,
        [FORMAT_MARKDOWN] = s->markdown, [FORMAT_SQL] = s->sql, [FORMAT_XLSX] = s->xlsx,
        [FORMAT_VCARD] = s->vcard,
    };
    for (int f = 0; f < FORMATS; f++)
        if (asked[f]) {
            to->out.format = (Format)f;
            formats++;
        }
    if (formats > 1)
        return fail(err, ERR_USAGE, "more than one format for rows is asked for");
    if (s->excel) {
        to->out.excel = true;
        to->out.format = FORMAT_CSV;
    }
    if (s->fields)
        to->out.fields = s->fields;
    to->out.no_header |= s->no_header;
    to->dry_run |= s->dry_run;
    to->yes |= s->yes;
    to->help |= s->help;
    if (s->confirm)
        to->confirm = s->confirm;
    return true;
}

/* ---- one by one ------------------------------------------------------------------------------ */

void argset_begin(ArgSet *b, Session *s, const Command *cmd, Arena *a)
{
    *b = (ArgSet){ s, cmd, a, arena_alloc(a, cmd->args_size ? cmd->args_size : 1), 0 };
}

static bool is_repeatable(const Arg *arg)
{
    return arg_takes_rest(arg) || arg->kind == ARG_LIST;
}

static bool is_given(const ArgSet *b, const Arg *arg)
{
    return b->given & (uint64_t)1 << (arg - b->cmd->args);
}

bool argset_put(ArgSet *b, const Arg *arg, const Word *w, Error *err)
{
    if (is_given(b, arg) && !is_repeatable(arg) && arg->kind != ARG_FLAG) {
        fail(err, ERR_USAGE, "%s is given twice", arg_label(arg, b->arena));
        return fail_at(err, w->at, w->width);
    }
    b->given |= (uint64_t)1 << (arg - b->cmd->args);
    return arg_store(b, arg, w, err);
}

bool argset_where(ArgSet *b, Str expr, Error *err)
{
    for (const Arg *a = b->cmd->args; a && a->name; a++) {
        void *to = (char *)b->args + a->at;
        const char **where = a->kind == ARG_TARGET ? &((Target *)to)->where
            : a->kind == ARG_FILTER ? &((FilterArg *)to)->where : NULL;
        if (!where)
            continue;
        if (*where)
            return fail(err, ERR_USAGE, "--where is given twice");
        if (a->kind == ARG_TARGET && ((Target *)to)->given)
            return fail(err, ERR_USAGE, "both %s and --where name records",
                        arg_label(a, b->arena));
        if (a->kind == ARG_TARGET)
            ((Target *)to)->given = true;
        *where = str_c(expr, b->arena);
        b->given |= (uint64_t)1 << (a - b->cmd->args);
        return true;
    }
    return fail(err, ERR_USAGE, "%s takes no --where", b->cmd->name);
}

static bool missing(ArgSet *b, const Arg *a, Error *err)
{
    Buf synopsis = { .max = 400 };
    doc_synopsis(b->cmd, &synopsis);
    if (a->kind == ARG_TARGET) {
        fail(err, ERR_USAGE, "%s: say which", b->cmd->name);
        fail_hint(err, "ids such as 7 or 4,7-9, or --where EXPR; usage: %s", synopsis.s);
    } else {
        fail(err, ERR_USAGE, "%s needs %s: %s", b->cmd->name, arg_label(a, b->arena), a->help);
        fail_hint(err, "usage: %s", synopsis.s);
    }
    buf_release(&synopsis);
    return false;
}

bool argset_end(ArgSet *b, Error *err)
{
    for (const Arg *a = b->cmd->args; a && a->name; a++) {
        if (is_given(b, a))
            continue;
        if (a->fallback) {
            Word w = { .text = str(a->fallback), .raw = true };
            if (!arg_store(b, a, &w, err))
                return false;
        } else if (!(a->flags & ARG_OPTIONAL) && a->kind != ARG_FLAG)
            return missing(b, a, err);
    }
    return true;
}

static Str bare_name(const char *name)
{
    while (*name == '-')
        name++;
    return str(name);
}

const Arg *command_arg(const Command *cmd, Str name)
{
    while (name.n && name.s[0] == '-')
        name.s++, name.n--;
    for (const Arg *a = cmd->args; a && a->name; a++) {
        Str own = bare_name(a->name);
        size_t i = 0;
        while (i < own.n && i < name.n
               && (own.s[i] == name.s[i] || (own.s[i] == '-' && name.s[i] == '_')))
            i++;
        if (i == own.n && i == name.n)
            return a;
    }
    return NULL;
}

/* ---- from words ------------------------------------------------------------------------------ */

typedef struct Parse {
    ArgSet own, common;
    const Word *w;
    int n, i;                 /* i: the word being read */
    const Arg *pos;           /* positional argument that comes next */
    bool literal;             /* `--` was seen */
    Error *err;
} Parse;

static bool is_option(const Parse *p, const Word *w)
{
    if (p->literal || w->quoted || w->text.n < 2 || w->text.s[0] != '-')
        return false;
    char c = w->text.s[1];
    return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const Arg *find_option(const Arg *args, Str name)
{
    for (const Arg *a = args; a && a->name; a++) {
        if (!arg_is_option(a))
            continue;
        if (str_is(name, a->name))
            return a;
        if (name.n == 2 && a->letter && name.s[0] == '-' && name.s[1] == a->letter)
            return a;
    }
    return NULL;
}

static bool unknown_option(Parse *p, Str name)
{
    const Command *cmd = p->own.cmd;
    const char *names[96];
    size_t n = 0;
    for (const Arg *a = cmd->args; a && a->name && n < 64; a++)
        if (arg_is_option(a))
            names[n++] = a->name;
    if (command_takes_where(cmd))
        names[n++] = where_arg.name;
    for (const Arg *a = common_args; a->name; a++)
        names[n++] = a->name;
    const char *near = str_nearest(name, names, n);
    const Word *w = &p->w[p->i];
    fail(p->err, ERR_USAGE, "%s has no option %.*s", cmd->name, STR_ARG(name));
    if (near)
        fail_hint(p->err, "did you mean %s?", near);
    else
        fail_hint(p->err, "`help %s` shows its options", cmd->name);
    return fail_at(p->err, w->at, w->width);
}

/* The value of an option: what follows its `=`, else the next word. */
static bool option_value(Parse *p, const Arg *a, size_t eq, Word *value)
{
    const Word *w = &p->w[p->i];
    if (eq < w->text.n) {
        *value = word_tail(w, eq + 1, p->own.arena);
        return true;
    }
    const Word *next = p->i + 1 < p->n ? w + 1 : NULL;
    bool short_one = next && next->text.n > 2 && next->text.s[1] != '-';       /* --order -value */
    if (next && (short_one || !is_option(p, next)) && !next->oper) {
        *value = p->w[++p->i];
        return true;
    }
    fail(p->err, ERR_USAGE, "%s needs a value: %s", a->name, a->help);
    return fail_at(p->err, w->at, w->width);
}

static bool put_option(Parse *p)
{
    const Word *w = &p->w[p->i];
    size_t eq = 0;
    while (eq < w->text.n && (w->text.s[eq] != '=' || word_quoted_at(w, eq)))
        eq++;
    Str name = str_n(w->text.s, eq);
    ArgSet *set = &p->own;
    const Arg *a = find_option(p->own.cmd->args, name);
    bool where = !a && command_takes_where(p->own.cmd) && str_is(name, where_arg.name);
    if (where)
        a = &where_arg;
    if (!a) {
        set = &p->common;
        a = find_option(common_args, name);
    }
    if (!a)
        return unknown_option(p, name);
    Word value = { .text = STR("yes"), .at = w->at, .width = w->width, .raw = true };
    if ((a->kind != ARG_FLAG || eq < w->text.n) && !option_value(p, a, eq, &value))
        return false;
    if (where)
        return argset_where(&p->own, value.text, p->err)
            || fail_at(p->err, value.at, value.width);
    return argset_put(set, a, &value, p->err);
}

static const Arg *next_positional(const Arg *a)
{
    while (a && a->name && arg_is_option(a))
        a++;
    return a && a->name ? a : NULL;
}

static const Arg *rest_argument(const Arg *a)
{
    for (; (a = next_positional(a)); a++)
        if (a->kind == ARG_ASSIGN || a->kind == ARG_FILTER)
            return a;
    return NULL;
}

static bool unexpected(Parse *p)
{
    const Word *w = &p->w[p->i];
    const Command *cmd = p->own.cmd;
    bool ids = p->i > 0 && cmd->args && cmd->args[0].name && cmd->args[0].kind == ARG_TARGET
        && w->text.n && w->text.s[0] >= '0' && w->text.s[0] <= '9';
    Buf synopsis = { .max = 400 };
    doc_synopsis(cmd, &synopsis);
    fail(p->err, ERR_USAGE, "%s does not know what to do with '%.*s'", cmd->name, STR_ARG(w->text));
    if (ids)
        fail_hint(p->err, "several ids are one word: %.*s,%.*s", STR_ARG(p->w[p->i - 1].text),
                  STR_ARG(w->text));
    else
        fail_hint(p->err, "usage: %s", synopsis.s);
    buf_release(&synopsis);
    return fail_at(p->err, w->at, w->width);
}

static bool put_positional(Parse *p)
{
    const Word *w = &p->w[p->i];
    Comparison cmp;
    const Arg *rest = rest_argument(p->pos);
    p->pos = next_positional(p->pos);
    if (p->pos && p->pos->kind == ARG_TARGET && is_given(&p->own, p->pos))
        p->pos = next_positional(p->pos + 1);        /* --where has named the records */
    if (rest && p->pos != rest && !p->literal && word_comparison(w, &cmp))
        p->pos = rest;
    if (!p->pos || w->oper)
        return unexpected(p);
    const Arg *a = p->pos;
    if (!arg_takes_rest(a))
        p->pos++;
    return argset_put(&p->own, a, w, p->err);
}

bool args_parse(Session *s, const Command *cmd, const Word *w, int n, Arena *a, void **args,
                Common *common, Error *err)
{
    Parse p = { .w = w, .n = n, .pos = cmd->args, .err = err };
    argset_begin(&p.own, s, cmd, a);
    argset_begin(&p.common, s, &common_command, a);
    for (; p.i < n; p.i++) {
        const Word *word = &w[p.i];
        if (!p.literal && !word->quoted && str_is(word->text, "--")) {
            p.literal = true;
            continue;
        }
        if (is_option(&p, word) ? !put_option(&p) : !put_positional(&p))
            return false;
    }
    *common = (Common){ .out = s->out, .dry_run = s->dry_run, .yes = s->yes,
                        .confirm = s->confirm };
    if (!switches_apply(p.common.args, common, err))
        return false;
    *args = p.own.args;
    return common->help || argset_end(&p.own, err);
}

/* ---- a redirection that was meant as a comparison -------------------------------------------- */

static bool follows_value_option(const Command *cmd, const Word *before)
{
    const Arg *a = find_option(cmd->args, before->text);
    if (!a)
        a = find_option(common_args, before->text);
    return (a && a->kind != ARG_FLAG) || str_is(before->text, where_arg.name);
}

static bool filters_field(const Session *s, const Command *cmd, const Word *w)
{
    for (const Arg *a = cmd->args; a && a->name; a++) {
        const Type *t = a->kind == ARG_FILTER ? arg_type_of(s, cmd, a) : NULL;
        if (t && !w->mask && type_field(t, w->text))
            return true;
    }
    return false;
}

/* Words of another language that hold an unquoted `>`. */
static bool is_unquoted_raw(const Command *cmd, const Word *w, int n)
{
    if (!(cmd->flags & COMMAND_RAW))
        return false;
    for (int i = 0; i < n; i++)
        if (w[i].quoted || w[i].text.s[0] != '-')
            return !w[i].quoted && !w[i].raw;
    return false;
}

bool redirect_is_mistake(Session *s, const Word *w, int n, Error *err)
{
    const Command *cmd;
    Error ignored = { 0 };
    int used, i = 0;
    while (i < n && !(w[i].oper && w[i].text.s[0] == '>'))
        i++;
    if (i == n || !registry_match(s->registry, w, i, &cmd, &used, &ignored))
        return false;
    Str to = i + 1 < n ? w[i + 1].text : STR("FILE");
    if (is_unquoted_raw(cmd, w + used, i - used)) {
        fail(err, ERR_USAGE, "a free-standing %.*s writes rows to a file", STR_ARG(w[i].text));
        fail_hint(err, "quote what holds a comparison: %s '... > ...'; or, to write to a file: "
                       "%s '...' > FILE", cmd->name, cmd->name);
    } else if (i > used && filters_field(s, cmd, &w[i - 1])
               && !(i - 2 >= used && follows_value_option(cmd, &w[i - 2]))) {
        Str field = w[i - 1].text;
        fail(err, ERR_USAGE, "a free-standing %.*s writes rows to a file, and '%.*s' is a field",
             STR_ARG(w[i].text), STR_ARG(field));
        fail_hint(err, "to compare: %.*s>%.*s; to write the rows where it is set to a file: %.*s!= "
                       "> %.*s", STR_ARG(field), STR_ARG(to), STR_ARG(field), STR_ARG(to));
    } else
        return false;
    fail_at(err, w[i].at, w[i].width);
    return true;
}
