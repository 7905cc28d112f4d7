/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_phone.c -- numbers a second, by own tables and by libphonenumber, for ways of typing.
 *
 * PATTER_PLUGINS names the plugin's folder.  Prints a line for each form: cells a second through
 * phone_read(), and through libphonenumber alone for the same cells.  A cell that libphonenumber
 * cannot read (an extension with 转, two numbers) shows how fast it gives up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/phone.h"
#include "base/phone_plugin.h"
#include "base/plugin.h"

enum { CELLS = 4096, ROUNDS = 250, THEIRS = 20000, CELL_SIZE = 40, RUNS = 5 };

typedef struct Form { const char *name, *region; void (*put)(char *cell, int i); } Form;

static void put_mobile(char *c, int i) { snprintf(c, CELL_SIZE, "138%08d", i * 24413); }

static void put_spaced(char *c, int i)
{
    snprintf(c, CELL_SIZE, "+86 138 %04d %04d", i % 10000, (i * 37) % 10000);
}

static void put_landline(char *c, int i) { snprintf(c, CELL_SIZE, "021-%08d", 58300000 + i); }

static void put_american(char *c, int i)
{
    snprintf(c, CELL_SIZE, "(212) %03d-%04d", 200 + i % 700, (i * 37) % 10000);
}

static void put_ten(char *c, int i) { snprintf(c, CELL_SIZE, "212%07d", 5550000 + i); }

static void put_extension(char *c, int i)
{
    snprintf(c, CELL_SIZE, "021-%08d转801", 58300000 + i);
}

static void put_two(char *c, int i)
{
    snprintf(c, CELL_SIZE, "138%08d/139%08d", i * 24413, i * 24413);
}

static void put_german(char *c, int i) { snprintf(c, CELL_SIZE, "030 / %06d", 123456 + i); }

static const Form forms[] = {
    { "CN mobile, 13800138000", "CN", put_mobile },
    { "CN mobile, +86 138 0013 8000", "CN", put_spaced },
    { "CN landline, 021-58307717", "CN", put_landline },
    { "US, 2125550142", "US", put_ten },
    { "US, (212) 555-0142", "US", put_american },
    { "CN, 021-58307717转801", "CN", put_extension },
    { "CN, two mobiles in a cell", "CN", put_two },
    { "DE, 030 / 123456 (by plugin)", "DE", put_german },
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double ours(Phones *ph, const Form *f, char (*cell)[CELL_SIZE], int rounds)
{
    Phone got[PHONE_CELL_MAX];
    Str text[CELLS];
    long valid = 0;
    for (int i = 0; i < CELLS; i++)
        text[i] = str(cell[i]);
    double start = seconds();
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < CELLS; i++) {
            phone_read(ph, text[i], f->region, got, PHONE_CELL_MAX);
            valid += got[0].valid == PHONE_VALID_YES;
        }
    double rate = (double)rounds * CELLS / (seconds() - start);
    if (valid < (long)rounds * CELLS * 9 / 10)
        printf("only %ld of %ld are valid: ", valid, (long)rounds * CELLS);
    return rate;
}

static double theirs(const PhonePlugin *plugin, const Form *f, char (*cell)[CELL_SIZE])
{
    PhonePluginNumber got;
    double start = seconds();
    for (int i = 0; i < THEIRS; i++) {
        const char *c = cell[i % CELLS];
        plugin->parse(c, strlen(c), f->region, &got);
    }
    return THEIRS / (seconds() - start);
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    static char cell[CELLS][CELL_SIZE];
    Error err;
    Phones *ph = phones_open("CN");
    const PhonePlugin *plugin = plugin_table("phone", PHONE_PLUGIN_VERSION, &err);
    if (!plugin || !phones_load(ph, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    printf("%-32s %14s %14s\n", "cells a second (median of 5)", "patter", "libphonenumber");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        double a[RUNS], b[RUNS];
        for (int j = 0; j < CELLS; j++)
            forms[i].put(cell[j], j);
        for (int r = 0; r < RUNS; r++) {
            a[r] = ours(ph, &forms[i], cell, strstr(forms[i].name, "plugin") ? 4 : ROUNDS);
            b[r] = theirs(plugin, &forms[i], cell);
        }
        qsort(a, RUNS, sizeof *a, order);
        qsort(b, RUNS, sizeof *b, order);
        printf("%-32s %14.0f %14.0f\n", forms[i].name, a[RUNS / 2], b[RUNS / 2]);
    }
    phones_close(ph);
    return 0;
}
