#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# asterisk.sh -- the text of dialer config: Asterisk's speaks of the same names as the driver, its
# secrets are its own, and no option can say more than a value. (tests/line runs Asterisk with it.)
. "$(dirname "$0")/../lib.sh"

plan=$(patter dialer config asterisk extensions)
names() { grep -oE 'PATTER_[A-Z]+|Patter[A-Z][A-Za-z]+|patter-[a-z]+' | sort -u; }
same 'contexts, variables and events are those of ami_plan.h' "$(names <<<"$plan")" \
    "$(grep '^#define' "$root/src/dialer/ami_plan.h" | grep -o '"[^"]*"' | tr -d '"' | names)"
missing=
while read -r exten; do
    grep -q "exten => $exten,1," <<<"$plan" || missing+=" $exten"
done < <(sed -nE 's/^#define PLAN_[A-Z]+ +"([a-z]+)".*/\1/p' "$root/src/dialer/ami_plan.h")
same 'and so are the extensions' "$missing" ''

manager=$(patter dialer config asterisk manager)
secret() { grep -oE '^secret = [0-9a-f]{32}$' <<<"$1"; }
check 'a secret is drawn' secret "$manager"
[ "$(secret "$manager")" != "$(secret "$(patter dialer config asterisk manager)")" ]
check 'a new one each time' test $? = 0
has 'what is given is taken' "$(patter dialer config asterisk manager --user dialer --secret s3cret \
    --port 6038)" '[dialer]' 'secret = s3cret' 'port = 6038'
same 'no right but those' "$(grep -E '^(read|write) ' <<<"$manager")" \
    $'read = call,user\nwrite = call,originate,reporting'
all=$(patter dialer config asterisk)
has 'without a part all are printed' "$all" '[patter-customer]' '[patter]' '[agent-phone](!)' \
    'load = chan_pjsip.so'
same 'nothing is left to fill in' "$(grep -o '@[a-z-]*@' <<<"$all")" ''
for value in $'x\nread = all' 'x;y' 'a]' '${SHELL(id)}' 'x,1' ''; do
    check "refused: --secret ${value@Q}" sh -c '! "$@" 2>/dev/null' - \
        "$PATTER" dialer config asterisk manager --secret "$value"
    check "refused: --message ${value@Q}" sh -c '! "$@" 2>/dev/null' - \
        "$PATTER" dialer config asterisk extensions --message "$value"
done
soft=$(patter dialer config baresip)
has "a soft phone's parts" "$soft" 'module ctrl_tcp.so' 'ctrl_tcp_listen 127.0.0.1:4444' 'auth_pass='
same 'its port' "$(patter dialer config baresip config --port 4455 | grep ^ctrl_tcp_listen)" \
    'ctrl_tcp_listen 127.0.0.1:4455'
has "FreeSWITCH's event socket" "$(patter dialer config freeswitch event_socket --secret s3cret)" \
    '"listen-port" value="8021"' '"password" value="s3cret"' '"listen-ip" value="127.0.0.1"'
has 'a part of another switch' "$(patter dialer config baresip manager 2>&1)" \
    "baresip has no part 'manager'" 'its parts: config, accounts'
check 'no markup in a secret' sh -c '! "$@" 2>/dev/null' - \
    "$PATTER" dialer config freeswitch --secret 'x"/><y'
finish
