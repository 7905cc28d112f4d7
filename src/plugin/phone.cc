/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone.cc -- the plugin `phone`: libphonenumber behind the C table of phone_plugin.h.
 *
 * No rules of our own: what libphonenumber says is what comes out.  Exceptions end here.
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <phonenumbers/phonenumberutil.h>

#include "base/phone_plugin.h"

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

/* PhoneKind is PhoneNumberType plus one, and 0 for unknown. */
static_assert(PhoneNumberUtil::FIXED_LINE == 0 && PhoneNumberUtil::VOICEMAIL == 10 &&
              PhoneNumberUtil::UNKNOWN == 11, "kinds are numbered otherwise");

static bool copy(const std::string &from, char *to, size_t size)
{
    if (from.size() >= size)
        return false;
    std::memcpy(to, from.c_str(), from.size() + 1);
    return true;
}

static bool describe(const PhoneNumber &number, PhonePluginNumber *out)
{
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    std::string e164, region;

    util.Format(number, PhoneNumberUtil::E164, &e164);
    if (e164.empty() || !copy(e164, out->e164, sizeof out->e164) ||
        !copy(number.extension(), out->ext, sizeof out->ext))
        return false;
    util.GetRegionCodeForNumber(number, &region);
    out->kind = 0;
    if (region != "ZZ") {
        PhoneNumberUtil::PhoneNumberType type = util.GetNumberType(number);
        out->kind = type == PhoneNumberUtil::UNKNOWN ? 0 : static_cast<int>(type) + 1;
    } else {
        util.GetRegionCodeForCountryCode(number.country_code(), &region);
    }
    out->valid = out->kind != 0;            /* how IsValidNumber() decides, without asking again */
    if (region.size() != 2 || region == "ZZ" || !copy(region, out->country, sizeof out->country))
        out->country[0] = 0;
    return true;
}

static bool parse(const char *text, size_t n, const char *region, PhonePluginNumber *out)
try {
    PhoneNumber number;
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    std::string home = *region ? region : "ZZ";
    return util.Parse(std::string(text, n), home, &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
           describe(number, out);
} catch (...) {
    return false;
}

static bool classify(int calling_code, const char *national, PhonePluginNumber *out)
try {
    PhoneNumber number;
    number.set_country_code(calling_code);
    number.set_national_number(std::strtoull(national, nullptr, 10));
    return describe(number, out);
} catch (...) {
    return false;
}

static size_t format(const char *e164, char *out, size_t size)
try {
    PhoneNumber number;
    std::string text;
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    if (util.Parse(e164, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR)
        return 0;
    util.Format(number, PhoneNumberUtil::INTERNATIONAL, &text);
    return copy(text, out, size) ? text.size() : 0;
} catch (...) {
    return 0;
}

static const PhonePlugin plugin = { PHONE_PLUGIN_VERSION, parse, classify, format };

extern "C" const PhonePlugin *patter_phone_plugin(void);

const PhonePlugin *patter_phone_plugin(void)
{
    return &plugin;
}
