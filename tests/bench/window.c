/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * window.c - preloaded into tshark under callgrind: counts instructions only from one record of the
 * capture to another, so that start-up and the end are not counted. Wireshark's hash tables are
 * seeded alike in each run, so that two runs differ by ten instructions a packet.
 *
 * NLB_BENCH_FROM, NLB_BENCH_TILL: records, from 0; what happens from the moment the first is read
 * to the moment the second would be. NLB_BENCH_PASS=2: of the second pass, which reads at random.
 * Run with --instr-atstart=no.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

#include <valgrind/callgrind.h>

static long count, from = -1, till;
static int second_pass;

/* GLib's, with one sequence for all runs. */
unsigned int
g_random_int(void)
{
    return 0x5EED1234u;
}

static long
number(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text ? atol(text) : otherwise;
}

static void
next_record(int pass)
{
    if (from < 0) {
        from = number("NLB_BENCH_FROM", 0);
        till = number("NLB_BENCH_TILL", 0x7FFFFFFF);
        second_pass = number("NLB_BENCH_PASS", 1) == 2;
    }
    if (pass != second_pass)
        return;
    if (count == from)
        CALLGRIND_START_INSTRUMENTATION;
    if (count == till)
        CALLGRIND_STOP_INSTRUMENTATION;
    count++;
}

/* The arguments differ between series of Wireshark; all of them travel in registers. */
int
wtap_read(void *a, void *b, void *c, void *d, void *e, void *f)
{
    static int (*real)(void *, void *, void *, void *, void *, void *);

    if (real == NULL)
        real = (int (*)(void *, void *, void *, void *, void *, void *))dlsym(RTLD_NEXT,
                                                                              "wtap_read");
    next_record(0);
    return real(a, b, c, d, e, f);
}

int
wtap_seek_read(void *a, long b, void *c, void *d, void *e, void *f)
{
    static int (*real)(void *, long, void *, void *, void *, void *);

    if (real == NULL)
        real = (int (*)(void *, long, void *, void *, void *, void *))dlsym(RTLD_NEXT,
                                                                            "wtap_seek_read");
    next_record(1);
    return real(a, b, c, d, e, f);
}
