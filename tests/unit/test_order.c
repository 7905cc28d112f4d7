/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_order.c -- the dialer's containers against simple ones.
 */
#include "dialer/order.h"
#include "dialer/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_agenda_is_by_time_then_by_adding(void **state)
{
    (void)state;
    Agenda a = { 0 };
    Rng r;
    rng_seed(&r, 1, 0, 0, 0);
    for (int i = 0; i < 5000; i++)
        agenda_add(&a, (int64_t)(rng_next(&r) % 50), 0, i, 0);    /* a hundred at each time */
    Due due;
    int64_t at = 0, id = -1;
    int n = 0;
    assert_false(agenda_take(&a, -1, &due));
    for (int64_t now = 0; now < 50; now++)
        while (agenda_take(&a, now, &due)) {
            assert_int_equal(due.at, now);
            assert_true(due.at > at || due.id > id);
            at = due.at;
            id = due.id;
            n++;
        }
    assert_int_equal(n, 5000);
    assert_int_equal(agenda_next(&a), INT64_MAX);
    agenda_release(&a);
}

static void test_queue(void **state)
{
    (void)state;
    Queue q;
    queue_init(&q);
    for (int i = 0; i < 100; i++)
        queue_push(&q, i);
    queue_remove(&q, 0);
    queue_remove(&q, 50);
    queue_remove(&q, 50);                 /* not there any more */
    queue_remove(&q, 99);
    queue_remove(&q, 1000);
    queue_push_front(&q, 50);
    assert_int_equal(q.n, 98);
    static const int begin[] = { 50, 1, 2, 3 };
    int i = q.head;
    for (int k = 0; k < 4; k++, i = q.links[i].next)
        assert_int_equal(i, begin[k]);
    assert_int_equal(q.tail, 98);
    while (q.n)
        queue_remove(&q, q.head);
    assert_true(q.head == -1 && q.tail == -1);
    queue_release(&q);
}

static void test_idmap_equals_an_array(void **state)
{
    (void)state;
    enum { KEYS = 700 };
    int want[KEYS + 1];
    IdMap m = { 0 };
    Rng r;
    rng_seed(&r, 2, 0, 0, 0);
    for (int i = 0; i <= KEYS; i++)
        want[i] = -1;
    assert_int_equal(idmap_get(&m, 5), -1);
    for (int step = 0; step < 200000; step++) {
        uint64_t key = 1 + rng_next(&r) % KEYS;
        if (rng_next(&r) % 2) {
            idmap_put(&m, key, step);
            want[key] = step;
        } else {
            idmap_remove(&m, key);
            want[key] = -1;
        }
        uint64_t other = 1 + rng_next(&r) % KEYS;
        assert_int_equal(idmap_get(&m, other), want[other]);
    }
    uint32_t n = 0;
    for (int i = 1; i <= KEYS; i++) {
        assert_int_equal(idmap_get(&m, (uint64_t)i), want[i]);
        n += want[i] >= 0;
    }
    assert_int_equal(m.n, n);
    idmap_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agenda_is_by_time_then_by_adding),
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_idmap_equals_an_array),
    };
    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
