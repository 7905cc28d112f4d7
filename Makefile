# patter: `make` builds, `make demo` runs the main job, `make test` proves it. See README.md.
# SPDX-License-Identifier: GPL-3.0-or-later
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash

B      ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC     ?= gcc
CXX    ?= g++
OPT    ?= -O2
SAN    ?=
VERSION := 0.1

# ---- packages ---------------------------------------------------------------------------------
# Everything the build, the tests and the demo need, by Debian's names; `make deps` installs what is missing.
DEPS := gcc g++ make pkg-config git ca-certificates libsqlite3-dev liblua5.4-dev libreadline-dev libutf8proc-dev \
        libjansson-dev libmd-dev libcmocka-dev libphonenumber-dev libzip-dev libexpat1-dev zlib1g-dev libfreexl-dev libuchardet-dev libssl-dev openssl lua5.4 lua-check sqlite3 mandoc tmux python3 less \
        procps tzdata
.PHONY: deps
deps:
	@missing=; for p in $(DEPS); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	    echo "installing:$$missing"; sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get -qq update && \
	    DEBIAN_FRONTEND=noninteractive $$sudo apt-get -qq -y --no-install-recommends install $$missing >/dev/null; fi

# ---- flags ------------------------------------------------------------------------------------
PKGS    := sqlite3 lua5.4 libutf8proc jansson libmd
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS   = $(shell pkg-config --libs $(PKGS))
# A program has its libraries linked in from the archives of the -dev packages where there are any: less
# to load and to relocate at each start. SQLite is shared, so that the distribution's mends of it arrive.
archived = $(if $(filter /%,$(shell $(CC) -print-file-name=lib$1.a)),-l:lib$1.a,-l$1)
LINKED   = $(foreach l,lua5.4 utf8proc jansson md,$(call archived,$l)) -lsqlite3 -ldl -lm
READLINE = $(call archived,readline) $(call archived,tinfo)
WARN    := -Wall -Wextra -Werror -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wno-missing-field-initializers
CFLAGS  := -std=c17 -D_GNU_SOURCE $(OPT) -g -fPIC -fno-strict-aliasing $(WARN) $(SAN) -Isrc -DPATTER_VERSION='"$(VERSION)"'
CXXFLAGS := -std=c++17 $(OPT) -g -fPIC -Wall -Wextra -Werror $(SAN) -Isrc
LDFLAGS := $(SAN)

# ---- what is built ----------------------------------------------------------------------------
SRC  := $(wildcard src/base/*.c src/store/*.c src/model/*.c src/dialer/*.c src/cmd/*.c src/script/*.c)
SHELL_SRC := $(wildcard src/shell/*.c) src/main.c
OBJ  := $(SRC:src/%.c=$B/%.o) $B/embed.o
SHELL_OBJ := $(SHELL_SRC:src/%.c=$B/%.o)
PLUGINS := $B/plugin/phone.so $B/plugin/xlsx.so $B/plugin/xls.so $B/plugin/charset.so $B/plugin/tls.so

.PHONY: all
all: $B/patter $(PLUGINS) $B/lua/patter.so

$B/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP -c $< -o $@

$B/libpatter.a: $(OBJ)
	@rm -f $@
	ar rcs $@ $^

$B/patter: $(SHELL_OBJ) $B/libpatter.a
	$(CC) $(LDFLAGS) $(SHELL_OBJ) $B/libpatter.a $(LINKED) $(READLINE) -o $@

# The core as a module of a stock lua5.4: no readline, and Lua itself is the host's.
$B/lua/patter.so: $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) -shared $(SAN) -Wl,--whole-archive $B/libpatter.a -Wl,--no-whole-archive $(filter-out -llua5.4,$(PKG_LIBS)) -ldl -lm -o $@

# Files of db/ and lua/ become part of the program (src/embed.sh writes one .incbin for each).
EMBED := $(sort $(wildcard db/*.sql lua/*/*.lua lua/*/*.conf) lua/index.json)
$B/embed.c: $(EMBED) src/embed.sh Makefile
	@mkdir -p $(@D)
	sh src/embed.sh $(EMBED) > $@
$B/embed.o: $B/embed.c
	$(CC) $(CFLAGS) -c $< -o $@

$B/plugin/phone.so: src/plugin/phone.cc
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -MMD -MP -shared $< -lphonenumber -o $@

# Written in C, with the parts of the base that it uses linked in and kept to itself.
XLSX_OBJ := $(patsubst src/%.c,$B/%.o,$(wildcard src/plugin/xlsx*.c))
XLSX_LIBS := -lzip -lexpat -lz
$(XLSX_OBJ): CFLAGS += -fvisibility=hidden
$B/plugin/xlsx.so: $(XLSX_OBJ) $B/libpatter.a
	$(CC) -shared $(SAN) -Wl,--exclude-libs,ALL $^ $(XLSX_LIBS) -lm -o $@

$B/plugin/xls.o: CFLAGS += -fvisibility=hidden
$B/plugin/xls.so: $B/plugin/xls.o $B/plugin/xlsx_value.o $B/libpatter.a
	$(CC) -shared $(SAN) -Wl,--exclude-libs,ALL $^ -lfreexl -lm -o $@

$B/xlsx.a: $(XLSX_OBJ)          # for its fuzzer
	@rm -f $@
	ar rcs $@ $^

$B/plugin/charset.so: src/plugin/charset.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fvisibility=hidden -MMD -MP -shared $< -luchardet -o $@

$B/plugin/tls.so: src/plugin/tls.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fvisibility=hidden -MMD -MP -shared $< -lssl -lcrypto -o $@

# ---- tests ------------------------------------------------------------------------------------
# Everything is built by a make of its own, so that packages installed by `deps` are seen.
UNIT := $(patsubst tests/unit/%.c,$B/tests/%,$(wildcard tests/unit/test_*.c))
$B/tests/%: tests/unit/%.c $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -Itests/unit -MMD -MP $< $(LDFLAGS) $B/libpatter.a \
	    $(LINKED) -lcmocka -o $@

# Tests of the shell see its parts, too.
SHELL_PARTS := $(filter-out $B/main.o,$(SHELL_OBJ))
$B/tests/test_shell_%: tests/unit/test_shell_%.c $(SHELL_PARTS) $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -Itests/unit -MMD -MP $< $(SHELL_PARTS) $(LDFLAGS) $B/libpatter.a \
	    $(LINKED) $(READLINE) -lcmocka -o $@

.PHONY: unit test check asan bench lint docs demo install clean fuzz
unit: all $(UNIT)

JOBS := -j$(shell nproc)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

test: deps
	@$(MAKE) --no-print-directory -s $(JOBS) unit
	@tests/run.sh

check:                          # the fast part of the tests
	@$(MAKE) --no-print-directory -s $(JOBS) unit
	@tests/run.sh --fast

asan: deps                      # the tests under address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory -s $(JOBS) B=build-asan OPT=-O1 SAN='$(SANITIZE)' unit
	@ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1 tests/run.sh --build build-asan

lint: deps
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@tests/run.sh tests/lint/*.sh

# On a real Asterisk; tests/line/run.sh says what that needs.
.PHONY: test-line
test-line: DEPS += mmdebstrap openssl baresip-core
test-line: deps
	@$(MAKE) --no-print-directory -s $(JOBS) all $B/line/drive
	@tests/line/run.sh
$B/line/drive: tests/line/drive.c $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP $< $(LDFLAGS) $B/libpatter.a $(LINKED) -o $@

# The figures, against peers; tests/bench/run.sh says what can be set.
BENCHES := $(patsubst tests/bench/%.c,$B/bench/%,$(wildcard tests/bench/*.c))
$B/bench/%: tests/bench/%.c $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP $< $(LDFLAGS) $B/libpatter.a $(LINKED) -o $@
.PHONY: benches
benches: all $(BENCHES)

bench: DEPS += valgrind
bench: deps
	@$(MAKE) --no-print-directory -s $(JOBS) benches
	@tests/bench/run.sh

demo: deps
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@tests/demo.sh

docs: all                       # the index of Lua commands, then the generated reference, man page, stub; checked in
	@$B/patter :memory: debug lua-index $B/index.json && { cmp -s $B/index.json lua/index.json || cp $B/index.json lua/; }
	@$(MAKE) --no-print-directory -s all
	@rm -rf $B/docs && mkdir -p $B/docs docs/reference && $B/patter :memory: debug docs $B/docs
	@cp $B/docs/patter.1 docs/ && cp $B/docs/patter.lua lua/meta/ && rm -f docs/reference/*.md && cp $B/docs/*.md docs/reference/

# Each fuzzer, built with clang and its sanitizers; tests/fuzz/run.sh says how long they run.
FUZZERS := $(patsubst tests/fuzz/%.c,$B/%,$(wildcard tests/fuzz/fuzz_*.c))
$B/fuzz_%: tests/fuzz/fuzz_%.c $B/xlsx.a $B/libpatter.a
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP $< $(LDFLAGS) -fsanitize=fuzzer -fsanitize-link-c++-runtime \
	    $B/xlsx.a $B/libpatter.a $(LINKED) $(XLSX_LIBS) -lstdc++ -o $@
.PHONY: fuzzers
fuzzers: $(FUZZERS) $B/plugin/phone.so

fuzz: DEPS += clang libclang-rt-dev
fuzz: deps
	@$(MAKE) --no-print-directory -s $(JOBS) B=build-fuzz CC=clang CXX=clang++ OPT=-O1 \
	    SAN='$(SANITIZE) -fsanitize=fuzzer-no-link' fuzzers
	@tests/fuzz/run.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/patter $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/doc/patter \
	    $(DESTDIR)$(PREFIX)/share/patter/meta
	install -m 755 $B/patter $(DESTDIR)$(PREFIX)/bin/patter
	[ -z "$(PLUGINS)" ] || install -m 644 $(PLUGINS) $(DESTDIR)$(PREFIX)/lib/patter/
	install -D -m 644 $B/lua/patter.so $(DESTDIR)$(PREFIX)/lib/lua/5.4/patter.so
	install -m 644 docs/patter.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/patter/
	install -m 644 lua/meta/patter.lua lua/meta/api.lua $(DESTDIR)$(PREFIX)/share/patter/meta/
	$B/patter :memory: debug docs $B/install-docs && \
	    install -m 644 $B/install-docs/patter.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/patter

clean:
	rm -rf build build-asan build-fuzz

# Not of the systems of `make test-line`, which have folders of such names.
-include $(shell find $B -path '$B/line/*/*' -prune -o -name '*.d' -type f -print 2>/dev/null)
