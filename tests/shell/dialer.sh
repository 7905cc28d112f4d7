#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# dialer.sh -- dialer adapter and dialer test, where no switch is: what each step says when it is
# not as it should be, with and without TLS. (tests/line/probe.py has real switches.)
. "$(dirname "$0")/../lib.sh"

port()             # one that is free, below those that the system gives to whoever connects
{
    python3 -c 'import random, socket
while True:
    port = random.randrange(2000, 5000)
    try:
        socket.socket().bind(("127.0.0.1", port))
        break
    except OSError:
        pass
print(port)'
}
serve() {          # serve PORT COMMAND...: in the background until the end; waits until it listens
    local port=$1; shift
    "$@" >/dev/null 2>&1 & servers+=" $!"
    for _ in $(seq 100); do
        python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null && return
        sleep 0.1
    done
}
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT
cell() { patter a.db -c "$1" 2>/dev/null; }

patter a.db -c 'dialer adapter ami pbx.example:5040 --user patter --secret env:PBX' 2>/dev/null
same 'an adapter is a switch' "$(cell 'switch list --fields name,adapter,host,port,enabled --csv --no-header')" \
    'ami,ami,pbx.example,5040,yes'
patter a.db -c 'dialer adapter sim' 2>/dev/null
same 'one at a time' "$(cell 'switch list --fields name,enabled --csv --no-header')" $'ami,no\nsim,yes'
has 'the simulated line is fine' "$(cell 'dialer test')" 'needs nothing'
patter a.db -c 'dialer adapter ami [::1]:5041' 2>/dev/null
same 'an address of version 6' "$(cell 'switch show ami --fields host,port,user --csv --no-header')" '::1,5041,patter'
patter a.db -c 'undo' 2>/dev/null
same 'and back' "$(cell 'switch list --fields name,host,enabled --csv --no-header')" $'ami,pbx.example,no\nsim,,yes'
has 'a secret is not typed' "$(patter a.db -c 'dialer adapter ami h --secret hush' 2>&1)" 'not where a secret is'
same 'nor kept' "$(grep -c hush a.db)" 0

looks() {          # looks NAME STATUS WORDS...: dialer test ends with the status and says the words
    local name=$1 status=$2 said got; shift 2
    said=$(PBX=hush patter a.db -c 'dialer test ami' 2>&1); got=$?
    same "$name: status" "$got" "$status"
    has "$name" "$said" "$@"
    same "$name: the secret is not shown" "$(grep -c hush <<<"$said")" 0
}
closed=$(port)
patter a.db -c "dialer adapter ami 127.0.0.1:$closed" 2>/dev/null
looks 'nobody there' 69 'Connection refused' 'is Asterisk running?'
patter a.db -c 'switch set ami host=192.0.2.1' 2>/dev/null
looks 'another machine in the clear' 69 'must be encrypted' 'tls=yes'
echo hush >secret; chmod 644 secret
patter a.db -c "switch set ami host=127.0.0.1 secret=file:$PWD/secret" 2>/dev/null
looks 'a secret for all to read' 69 'others may read' 'chmod 600'
chmod 600 secret
web=$(port)
serve "$web" python3 -m http.server "$web" --bind 127.0.0.1
patter a.db -c "switch set ami port=$web" 2>/dev/null
looks 'another service' 69 'says nothing' "manager's port"

# An authority, a certificate by it for localhost, a stranger.
new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "$@" 2>/dev/null; }
for who in authority stranger; do new -subj "/CN=$who" -keyout $who.key -out $who.pem; done
new -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
    -CA authority.pem -CAkey authority.key -keyout key.pem -out cert.pem
tls=$(port)
serve "$tls" openssl s_server -accept "127.0.0.1:$tls" -cert cert.pem -key key.pem -quiet
patter a.db -c "switch set ami host=localhost port=$tls tls=yes ca=$PWD/authority.pem" 2>/dev/null
looks 'a certificate that holds' 69 'TLS with a certificate that holds' 'greeting'
patter a.db -c "switch set ami ca=$PWD/stranger.pem" 2>/dev/null
looks 'signed by a stranger' 69 'certificate does not hold' 'ca=FILE'
patter a.db -c "switch set ami ca=$PWD/authority.pem host=127.0.0.1" 2>/dev/null
looks 'of another name' 69 'certificate does not hold' 'mismatch'
patter a.db -c "switch set ami ca= host=localhost" 2>/dev/null
looks 'signed by nobody that this system knows' 69 'certificate does not hold'
patter a.db -c "switch set ami port=$web" 2>/dev/null
looks 'no TLS there' 69 'no TLS with localhost' 'tlsbindaddr'
finish
