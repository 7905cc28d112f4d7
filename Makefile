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
        libjansson-dev libmd-dev libcmocka-dev libphonenumber-dev lua5.4 lua-check sqlite3 mandoc tmux python3 less \
        procps tzdata valgrind
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
WARN    := -Wall -Wextra -Werror -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wno-missing-field-initializers
CFLAGS  := -std=c17 -D_GNU_SOURCE $(OPT) -g -fPIC -fno-strict-aliasing $(WARN) $(SAN) -Isrc
CXXFLAGS := -std=c++17 $(OPT) -g -fPIC -Wall -Wextra -Werror $(SAN) -Isrc
LDFLAGS := $(SAN) -rdynamic

# ---- what is built ----------------------------------------------------------------------------
SRC  := $(wildcard src/base/*.c src/store/*.c src/model/*.c src/dialer/*.c src/cmd/*.c src/script/*.c)
SHELL_SRC := $(wildcard src/shell/*.c) src/main.c
OBJ  := $(SRC:src/%.c=$B/%.o) $B/embed.o
SHELL_OBJ := $(SHELL_SRC:src/%.c=$B/%.o)
PLUGINS := $(patsubst src/plugin/%.cc,$B/plugin/%.so,$(wildcard src/plugin/*.cc))

.PHONY: all
all: $B/patter $(PLUGINS)

$B/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP -c $< -o $@

$B/libpatter.a: $(OBJ)
	@rm -f $@
	ar rcs $@ $^

$B/patter: $(SHELL_OBJ) $B/libpatter.a
	$(CC) $(LDFLAGS) $(SHELL_OBJ) -Wl,--whole-archive $B/libpatter.a -Wl,--no-whole-archive $(PKG_LIBS) -lreadline -ldl -lm -o $@

# Files of db/ and lua/ become part of the program (src/embed.sh writes one .incbin for each).
EMBED := $(sort $(wildcard db/*.sql lua/*/*.lua))
$B/embed.c: $(EMBED) src/embed.sh Makefile
	@mkdir -p $(@D)
	sh src/embed.sh $(EMBED) > $@
$B/embed.o: $B/embed.c
	$(CC) $(CFLAGS) -c $< -o $@

$B/plugin/phone.so: src/plugin/phone.cc
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -MMD -MP -shared $< -lphonenumber -o $@

# ---- tests ------------------------------------------------------------------------------------
UNIT := $(patsubst tests/unit/%.c,$B/tests/%,$(wildcard tests/unit/test_*.c))
$B/tests/%: tests/unit/%.c $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -Itests/unit -MMD -MP $< $(LDFLAGS) -Wl,--whole-archive $B/libpatter.a -Wl,--no-whole-archive \
	    $(PKG_LIBS) -lcmocka -ldl -lm -o $@

# Programs that run simulated days by hand (tests/sim/day.c says how).
$B/tests/sim_%: tests/sim/%.c $B/libpatter.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP $< $(LDFLAGS) -Wl,--whole-archive $B/libpatter.a -Wl,--no-whole-archive \
	    $(PKG_LIBS) -ldl -lm -o $@

.PHONY: clean
clean:
	rm -rf build build-asan

-include $(shell find $B -name '*.d' 2>/dev/null)
