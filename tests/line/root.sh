#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# root.sh FOLDER lts|legacy -- a folder with a Debian system that holds a real Asterisk, made once.
#
# Debian 12 has no Asterisk, so the system is of another suite of the mirror that apt here uses:
#   lts      Asterisk 22 of sid; on a day when sid cannot be installed, of forky
#   legacy   Asterisk 16 of bullseye
# Prints Asterisk's version.  Ends with 1 and says why when there is none to be had.
set -u
folder=$1 kind=$2
version() { chroot "$folder" /usr/sbin/asterisk -V 2>/dev/null; }
version && exit 0
key=/usr/share/keyrings/debian-archive-keyring.gpg
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed -n 's#/*$##; /debian$/p' |
    sort -u | head -n 1)
[ -n "$mirror" ] || { echo "apt knows no Debian mirror here" >&2; exit 1; }

make()             # SUITE [SOURCE]
{
    rm -rf "$folder.new"
    mkdir -p "$folder.new"
    # A mirror's snapshot can look expired, or of tomorrow, to this clock; signatures are checked all the same.
    mmdebstrap --quiet --mode=root --variant=minbase --include=asterisk \
        --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='Acquire::Check-Date "false"' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$1" "$folder.new" "deb [signed-by=$key] $mirror $1 main" ${2:+"$2"} >"$folder.log" 2>&1 &&
        chroot "$folder.new" /usr/sbin/asterisk -V >/dev/null &&
        rm -rf "$folder" && mv "$folder.new" "$folder"
}

mkdir -p "$(dirname "$folder")"
case $kind in
    lts) make sid || make forky ;;
    legacy) make bullseye "deb [signed-by=$key] ${mirror%/debian}/debian-security bullseye-security main" ||
        make bullseye ;;
    *) echo "no such kind: $kind" >&2; false ;;
esac || {
    tail -n 3 "$folder.log" >&2
    rm -rf "$folder.new"
    exit 1
}
version
