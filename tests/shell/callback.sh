#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# callback.sh -- callbacks booked without a call: booked, moved, given up, taken back; the agenda.
. "$(dirname "$0")/../lib.sh"
now=2026-03-02T10:00
p() { patter x.db --clock "$now" "$@"; }
said() { p "$@" 2>&1; }
cell() { p "$@" --no-header --tsv 2>/dev/null; }
entry() { cell entry list customer="$1" list="${2-l}" --fields state,reason,next_at,agent; }
tab=$'\t'
p -c 'agent add name=王芳; agent add name=li
    customer add name=宝钢 phone=13800138001; customer add name=李强 phone=13800138002
    customer add name=赵敏 phone=13800138003; customer add name=孙丽; customer add name=周杰 phone=13800138005
    list add name=l; list fill l --where "id in (1, 2, 4, 5)"; list add name=m; list fill m id=2
    campaign add name=秋季 list=l script=x max_attempts=2; campaign add name=春季 list=m script=x
    campaign start 秋季' >/dev/null 2>&1

# ---- booked --------------------------------------------------------------------------------------

has 'booked for anybody' "$(said callback 1 'tomorrow 14:00')" '宝钢 (1) is called back 2026-03-03 14:00 for campaign 秋季, by anybody'
same 'the entry says so' "$(entry 1)" "callback${tab}booked${tab}2026-03-03T06:00:00Z${tab}"
has 'moved, and promised' "$(said callback 1 '下周三 15:00' --agent 王芳 --note 要报价)" 'by 王芳' '10 minutes later by anybody, if 王芳 is away'
same 'with its owner' "$(entry 1)" "callback${tab}booked${tab}2026-03-11T07:00:00Z${tab}王芳"
same 'the note is a touch' "$(cell touch list customer=1 --fields channel,direction,result,note)" "phone${tab}in${tab}callback${tab}要报价"
has 'given to everybody' "$(said callback 1 'tomorrow 15:00')" "it was 王芳's until now"
has 'a rehearsal' "$(said callback 1 'tomorrow 16:00' --dry-run)" 'would: 宝钢 (1) is called back 2026-03-03 16:00'
same 'changes nothing' "$(cell callback list --fields at)" 2026-03-03T07:00:00Z
has 'as a row' "$(p callback 5 'today 16:00' --json 2>/dev/null)" '"entry":4' '"at":"2026-03-02T08:00:00Z"'
check 'undo takes it back' p undo
same 'and it is new again' "$(entry 5)" "new$tab$tab$tab"
has 'who is on two lists' "$(said callback 2 'today 16:00')" 'several campaigns have customer 2 on their lists' '--campaign 秋季, 春季'
has 'is booked for one that is named' "$(said callback 2 'today 16:00' --campaign 春季)" 'for campaign 春季' \
    'warning: as it stands it will not be dialled then: campaign: campaign 春季 is draft; campaign start 春季'
check 'from Lua' p -c 'lua assert(crm.callback { customer = 5, when = "today 17:00", agent = "li" })'
same 'which is one step' "$(cell log --limit 1 --fields text)" "callback --agent li 5 'today 17:00'"

# ---- what will hold it back ----------------------------------------------------------------------

has 'closed then' "$(said callback 1 'tomorrow 03:00')" \
    'warning: as it stands it will not be dialled then: calling hours: closed until 2026-03-03 09:00 Asia/Shanghai'
p -q sql --write 'UPDATE entry SET attempts = 2 WHERE customer = 1 AND list = 1' --yes
same 'no count holds back what was agreed' "$(said callback 1 'tomorrow 14:00' | grep -c warning)" 0
has 'and why says so' "$(said why customer 1 --campaign 秋季 --at 'tomorrow 14:00')" '2 of 2 made, but a call was promised'
p -q sql --write "UPDATE entry SET attempts = 1, state = 'done', reason = 'refused', result = 'refused' WHERE customer = 1 AND list = 1" --yes
has 'done is open again' "$(said callback 1 'tomorrow 14:00')" 'the entry was done (refused) and is open again'
has 'the gate lets it through then' "$(said why customer 1 --at 'tomorrow 14:00')" 'may it be called now? yes'

held=$(patter y.db --clock "$now" -c 'customer add name=宝钢 phone=13800138001; list add l; list fill l id=1; agent add li
    campaign add one list=l script=x; campaign start one; dial preview one --agent li --seed 5; dial go; dial hangup
    dial result callback --at "tomorrow 03:00"; dial stop' 2>&1)
has 'agreed in a call it is said, too' "$held" 'call 1: callback' \
    'warning: as it stands it will not be dialled then: calling hours: closed until 2026-03-03 09:00 Asia/Shanghai'

# ---- the agenda ----------------------------------------------------------------------------------

same 'in the order of time' "$(cell callback list --fields at,customer,name,campaign,agent,overdue,note)" \
"2026-03-02T08:00:00Z${tab}2${tab}李强${tab}春季$tab${tab}no$tab
2026-03-02T09:00:00Z${tab}5${tab}周杰${tab}秋季${tab}li${tab}no$tab
2026-03-03T06:00:00Z${tab}1${tab}宝钢${tab}秋季$tab${tab}no${tab}要报价"
same 'of a campaign' "$(cell callback list --campaign 秋季 --fields customer)" "5
1"
same 'of an agent' "$(cell callback list --agent li --fields customer)" 5
same 'of a day' "$(cell callback list --day tomorrow --fields customer)" 1
same 'of a day of which an hour is named' "$(cell callback list --day 'today 23:00' --fields customer)" "2
5"
now=2026-03-02T16:30
same 'overdue' "$(cell callback list --overdue --fields customer,overdue)" "2${tab}yes"
has 'counted' "$(said callback list)" '3 callbacks, 1 overdue'
has 'the number, in a format' "$(p callback list --agent li --jsonl 2>/dev/null)" '"number":"+8613800138005"' '"overdue":false' '"result":null'
now=2026-03-02T10:00
p -q agent add name="$(id -un)"
has 'mine' "$(said callback 5 'today 17:30' --mine)" "by $(id -un)" "it was li's until now"
same 'only mine' "$(cell callback list --mine --fields customer)" 5

# ---- given up ------------------------------------------------------------------------------------

has 'never called: new' "$(said callback drop 5 --why 自己来电)" 'callback of customer 5 dropped; its entry is new'
same 'for everybody' "$(entry 5)" "new$tab$tab$tab"
same 'why is a touch' "$(cell touch list customer=5 --fields result,note)" "dropped${tab}自己来电"
has 'a last word stays' "$(said callback drop 1 --why x)" 'its entry is done'
same 'as it was' "$(entry 1)" "done${tab}refused$tab$tab"
check 'which undo takes back' p undo
p -q sql --write "UPDATE entry SET result = 'no_answer' WHERE customer = 1 AND list = 1" --yes
has 'called before: retry' "$(said callback drop 1 --why x --campaign 秋季)" 'its entry is retry'
same 'now' "$(entry 1)" "retry${tab}callback dropped${tab}2026-03-02T02:00:00Z$tab"
p -q -c 'callback 1 tomorrow' -c "sql --write 'UPDATE entry SET attempts = 2 WHERE customer = 1 AND list = 1' --yes" 2>/dev/null
has 'no attempts left: done' "$(said callback drop 1 --why x)" 'its entry is done'
has 'there is none' "$(said callback drop 1 --why x)" 'refused: customer 1 (宝钢) has no callback in campaign 秋季'

# ---- refused -------------------------------------------------------------------------------------

before=$(dump x.db)
wrong()            # NAME STATUS COMMAND... -- PART...
{
    local name=$1 status=$2 command=()
    shift 2
    while [ "$1" != -- ]; do command+=("$1"); shift; done
    shift
    p "${command[@]}" >said.txt 2>&1
    same "$name: status" $? "$status"
    has "$name" "$(cat said.txt)" "$@"
}
wrong 'the past' 1 callback 5 'today 09:00' -- 'the time of the callback has passed already'
wrong 'no time' 2 callback 5 -- 'callback needs WHEN'
wrong 'no such time' 2 callback 5 soon -- "WHEN: 'soon' is not a day or a time"
wrong 'nobody' 2 callback -- 'callback needs CUSTOMER'
wrong 'no such customer' 1 callback 99 tomorrow -- 'no customer 99'
wrong 'no such verb' 2 callback lst -- "'lst' is no id of a customer"
wrong 'no such campaign' 1 callback 5 tomorrow --campaign nix -- "no campaign 'nix'"
wrong 'no such agent' 1 callback 5 tomorrow --agent nix -- "no agent 'nix'"
wrong 'two owners' 2 callback 5 tomorrow --mine --agent li -- '--mine and --agent say two things'
wrong 'two owners of an agenda' 2 callback list --mine --agent li -- '--mine and --agent say two things'
wrong 'on no list' 1 callback 3 tomorrow -- 'customer 3 is on the list of no campaign; list fill LIST id=3'
wrong 'on another list' 1 callback 5 tomorrow --campaign 春季 -- 'customer 5 is not on the list of that campaign; list fill LIST id=5'
wrong 'no number' 1 callback 4 tomorrow -- 'customer 4 (孙丽) may not be called back' 'it has no telephone number' 'customer set 4 phone=...'
wrong 'no reason' 2 callback drop 2 --campaign 春季 -- 'callback drop needs --why'
wrong 'no such day' 2 callback list --day never -- "'never' is not a day or a time"
same 'nothing of that changed anything' "$(dump x.db)" "$before"
p -q -c 'consent add customer=5 channel=phone purpose=marketing given=no source=form'
wrong 'who refuses calls' 1 callback 5 tomorrow -- 'consent' 'calls for marketing refused 2026-03-02 10:00 (form)'
p -q -c undo -c 'dnc add number=13800138005 why=客户要求' 2>/dev/null
wrong 'the stop list' 1 callback 5 tomorrow -- 'do not call' '+8613800138005 is on the stop list since 2026-03-02 10:00: 客户要求'
p -q -c 'dnc delete 1' -c "sql --write \"UPDATE entry SET state = 'dialling' WHERE customer = 5\" --yes" 2>/dev/null
wrong 'in a call' 1 callback 5 tomorrow -- 'customer 5 (周杰) is in a call of campaign 秋季 now' 'dial result callback --at'
wrong 'dropped in a call' 1 callback drop 5 --why x -- 'is in a call of campaign 秋季 now'
p -q -c "sql --write \"UPDATE entry SET state = 'new' WHERE customer = 5\" --yes" -c 'callback 5 tomorrow' -c 'list freeze l' 2>/dev/null
wrong 'what is frozen' 1 callback drop 5 --why x -- 'list l is frozen' 'list thaw l'
wrong 'a frozen list' 1 callback 5 tomorrow -- 'list l is frozen' 'list thaw l'
p -q -c 'list thaw l' -c 'campaign close 秋季' 2>/dev/null
wrong 'a closed campaign' 1 callback 5 tomorrow --campaign 秋季 -- 'campaign 秋季 is closed'
same 'what nobody dials any more is on the agenda' "$(cell callback list --fields customer,campaign)" "2${tab}春季
5$tab"
check 'and can be given up' p callback drop 5 --campaign 秋季 --why x
has 'a hook may refuse it' "$(said -c 'lua crm.on("before:entry.set", function() error("not today") end)' -c 'callback 2 tomorrow')" 'not today'
check 'the books balance' p check

# ---- promised in a call --------------------------------------------------------------------------

q() { "$PATTER" q.db --clock "$@"; }
q 2026-03-04T10:00 --yes -q -c 'hours set default spec=daily\ 00:00-24:00; customer add name=A phone=13800138001; customer add name=B phone=13800138002
    agent add li; agent add wang; list add l; list fill l id>0
    campaign add c list=l mode=preview script=x max_attempts=1; campaign start c' 2>/dev/null
q 2026-03-04T10:00 -c 'dial preview c --agent li --seed 5' -c 'dial go' -c "dial result callback --at '2026-03-04 16:00'" -c 'dial stop' >/dev/null 2>&1
same 'on the last attempt and the same day' "$(q 2026-03-04T11:00 callback list --fields customer,at --no-header)" "1${tab}2026-03-04T08:00:00Z"
has 'it is dialled then' "$(q 2026-03-04T16:00:01 why customer 1 --campaign c 2>&1)" '1 of 1 made, but a call was promised' 'may it be called now? yes'

# Who looks at a customer and passes him leaves a callback that somebody else has booked meanwhile.
q 2026-03-04T10:00 --yes -c 'dial preview c --agent li' -c "callback 2 '2026-03-04 15:00' --agent wang" -c 'dial skip --why x' -c 'dial stop' >/dev/null 2>&1
has 'is left' "$(q 2026-03-04T11:00 callback list --fields customer,at,agent --no-header)" "2${tab}2026-03-04T07:00:00Z${tab}wang"
check 'nothing is dealt away that anybody may take' [ -z "$(q 2026-03-04T11:00 -q list deal l --to li >/dev/null 2>&1; q 2026-03-04T11:00 entry list customer=1 agent=li --no-header)" ]
q 2026-03-04T11:00 --yes -q sql --write "UPDATE entry SET state = 'retry', attempts = 0 WHERE customer = 2" 2>/dev/null
has 'what was tried is taken back from who has left' "$(q 2026-03-04T11:00 why customer 2 --campaign c 2>&1; q 2026-03-04T11:00 list recall l wang --all 2>&1)" '1 entries of l taken back'

finish
