/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_topic.c -- what belongs to no single command: the filter language, assignments, targets,
 * output.
 */
#include "cmd/doc.h"

static const char filter_text_[] =
    "A filter is words of the form FIELD OP VALUE. Words side by side must all hold.\n"
    "\n"
    "  =   is             !=  is not (records without a value count)\n"
    "  <   <=  >  >=      of numbers, money, days, times\n"
    "  ~   contains       !~  does not; case and full width make no difference\n"
    "\n"
    "There are no blanks around OP: value>80. A free-standing > writes rows to a file.\n"
    "\n"
    "  stage=potential value>=80 city~海     all three\n"
    "  stage=won or stage=lost               one or the other; and binds tighter than or\n"
    "  not (city=北京 or city=上海)          parentheses; quote nothing inside them but blanks\n"
    "  city in (北京, 上海)                  one of several\n"
    "  owner=                                has no owner; owner!= has one\n"
    "  dnc                                   a bare field: set, and not `no`\n"
    "  name='王 芳'                          quotes keep blanks together\n"
    "  created>=-30d next<下周三             days and times as people say them\n"
    "  created=2026-Q3                       a span stands for all of it\n"
    "  owner=me owner.name=li                fields of a related record by a dot\n"
    "  person.role=decider                   some person of it has the role\n"
    "  calls=0 last_call<-30d                computed fields are fields\n"
    "\n"
    "Verbs that only read take a filter as it is; verbs that change take it as --where 'EXPR'.\n";

static const char assign_text[] =
    "A record is changed by words of the form FIELD=VALUE.\n"
    "\n"
    "  name=宝钢              set\n"
    "  note=                  clear\n"
    "  tag+=vip tag-=cold     add to and take from a field of several values\n"
    "  phone+=021-58307717    one more number; phone= replaces the first one\n"
    "  due='tomorrow 3pm'     quotes keep blanks together\n"
    "\n"
    "Money is typed as 1234.50, a bool as yes or no, a day as 2026-11-02, tomorrow or 下周三.\n";

static const char target_text[] =
    "A verb that changes or shows records is told which:\n"
    "\n"
    "  customer show 7                 an id\n"
    "  customer set 4,7-9 owner=li     several, and ranges, in one word\n"
    "  campaign start spring           a name, where a type has one\n"
    "  customer delete --where 'city=' those that a filter finds\n"
    "\n"
    "Above three records it asks first; --yes answers. --dry-run (-n) says what would happen.\n";

static const char output_text[] =
    "On a terminal rows are a table, in a pipe they are separated by tabs. Every command takes\n"
    "\n"
    "  --json --jsonl --csv --tsv --table --long --markdown --sql --xlsx --vcard\n"
    "  --fields a,b --no-header --excel\n"
    "\n"
    "Rows are all that goes to standard output; notes, questions and errors go to standard error. "
    "A free-standing | pipes rows to a program, > FILE writes a new file, >! FILE overwrites one.\n"
    "\n"
    "Exit status: 0 done, 1 failed or refused, 2 wrong usage, 4 not allowed, 5 database unusable, "
    "69 switch unreachable, 75 busy.\n";

static const char lua_text[] =
    "A line that begins with = prints a value, one that begins with lua runs; after lua { come "
    "lines up to one that is }. What a line or a file changes is one step for undo.\n"
    "\n"
    "  = #crm.customers{stage=\"potential\"}                       how many\n"
    "  = crm.customer(7).name                                    a field of one\n"
    "  lua crm.customer(7).note = \"called\"                       set\n"
    "  lua for c in crm.customers \"city~海\" do c:tag(\"sea\") end  those that a filter finds\n"
    "  lua crm.lead.move{7, stage=\"potential\"}                   commands are functions\n"
    "  lua crm.tx(function() ... end)                            all of it or nothing\n"
    "\n"
    "What may fail gives nil and the error; misuse raises. patter shop.db -f day.lua runs a file. "
    "crm.on sets a hook, patter.command and patter.type declare.\n";

const Topic doc_topics[] = {
    { "filter", "how records are chosen: value>=80 city~海", filter_text_ },
    { "assign", "how fields are given: name=宝钢 tag+=vip", assign_text },
    { "target", "how records are named: 7, 4,7-9, a handle, --where", target_text },
    { "lua", "the same from Lua: crm.customers, crm.lead.move{...}", lua_text },
    { "output", "tables, CSV, JSON; pipes and files; exit status", output_text },
    { 0 }
};

const Topic *doc_topic(Str name)
{
    for (const Topic *t = doc_topics; t->name; t++)
        if (str_is(name, t->name))
            return t;
    return NULL;
}
