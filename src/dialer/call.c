/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/call.h"

static const char *const names[RESULTS] = {
    [RESULT_NONE] = "",
    [RESULT_NO_ANSWER] = "no-answer",
    [RESULT_BUSY] = "busy",
    [RESULT_BAD_NUMBER] = "bad-number",
    [RESULT_MACHINE] = "machine",
    [RESULT_FAILED] = "failed",
    [RESULT_ABANDONED] = "abandoned",
    [RESULT_PLAYED] = "played",
    [RESULT_MISSED] = "missed",
    [RESULT_APPOINTMENT] = "appointment",
    [RESULT_ACCEPTED] = "accepted",
    [RESULT_REFUSED] = "refused",
    [RESULT_NOT_INTERESTED] = "not-interested",
    [RESULT_CALLBACK] = "callback",
    [RESULT_WRONG_NUMBER] = "wrong-number",
    [RESULT_DO_NOT_CALL] = "do-not-call",
};

const char *result_name(Result r)
{
    return names[r];
}

bool result_find(Str name, Result *out)
{
    for (Result r = RESULT_NONE + 1; r < RESULTS; r++)
        if (str_is(name, names[r])) {
            *out = r;
            return true;
        }
    return false;
}

bool result_is_agents(Result r)
{
    return r >= RESULT_APPOINTMENT && r < RESULTS;
}
