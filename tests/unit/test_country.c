/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_country.c -- countries by name, code and number, and their zones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/country.h"

#include <cmocka.h>                       /* last: it has a macro fail() */

static void expect(const char *what, const char *got, const char *want)
{
    if ((got == NULL) != (want == NULL) || (got && strcmp(got, want)))
        fail_msg("%s: got %s, not %s", what, got ? got : "nothing", want ? want : "nothing");
}

static void finds_names(void **unused)
{
    static const char *const pairs[][2] = {
        { "DE", "DE" }, { "de", "DE" }, { "DEU", "DE" }, { "Germany", "DE" }, { " germany ", "DE" },
        { "Deutschland", "DE" }, { "德国", "DE" }, { "ＧＥＲＭＡＮＹ", "DE" }, { "UK", "GB" },
        { "U.K.", "GB" }, { "United Kingdom", "GB" }, { "USA", "US" }, { "U.S.A.", "US" },
        { "United States of America", "US" }, { "美国", "US" }, { "中国", "CN" }, { "China", "CN" },
        { "中华人民共和国", "CN" }, { "中国大陆", "CN" }, { "香港", "HK" }, { "台湾", "TW" },
        { "Slovakia (Slovak Republic)", "SK" }, { "Korea, South", "KR" }, { "South Korea", "KR" },
        { "Korea, Republic of", "KR" }, { "韩国", "KR" }, { "Côte d'Ivoire", "CI" },
        { "COTE D IVOIRE", "CI" }, { "Bosnia & Herzegovina", "BA" }, { "The Netherlands", "NL" },
        { "Trinidad and Tobago", "TT" }, { "Saint Lucia", "LC" }, { "St. Lucia", "LC" },
        { "Viet Nam", "VN" }, { "Russian Federation", "RU" }, { "Türkiye", "TR" }, { "日本", "JP" },
        { "Atlantis", NULL }, { "", NULL }, { "()", NULL }, { "(x)", NULL }, { "XX", NULL },
        { "Ger", NULL }, { "Germanyy", NULL }, { "\xff\xfe", NULL } };
    (void)unused;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        expect(pairs[i][0], country_find(str(pairs[i][0])), pairs[i][1]);
}

/* Every name in the table is found again as what it stands for. */
static void knows_itself(void **unused)
{
    int countries = 0;
    (void)unused;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++) {
            char region[] = { a, b, 0 }, zone[128];
            if (!country_name(region))
                continue;
            countries++;
            expect(region, country_find(str(region)), region);
            expect(country_name(region), country_find(str(country_name(region))), region);
            expect(country_name_zh(region), country_find(str(country_name_zh(region))), region);
            snprintf(zone, sizeof zone, "/usr/share/zoneinfo/%s", country_zone(region));
            if (access("/usr/share/zoneinfo", F_OK) == 0)
                assert_int_equal(access(zone, F_OK), 0);
        }
    assert_int_equal(countries, 250);
    assert_null(country_name("ZZ"));
    assert_null(country_name(""));
    assert_null(country_name(NULL));
    assert_null(country_zone("ZZ"));
    assert_int_equal(country_calling_code("CN"), 86);
    assert_int_equal(country_calling_code("CA"), 1);
    assert_int_equal(country_calling_code("AQ"), 0);
}

static void knows_where_numbers_are(void **unused)
{
    static const char *const rows[][3] = {
        { "+8613800138000", "CN", "Asia/Shanghai" }, { "+862158307717", "CN", "Asia/Shanghai" },
        { "+85223456789", "HK", "Asia/Hong_Kong" }, { "+12125550142", "US", "America/New_York" },
        { "+13125550142", "US", "America/Chicago" }, { "+13035550142", "US", "America/Denver" },
        { "+14155552671", "US", "America/Los_Angeles" },
        { "+13102345678", "US", "America/Los_Angeles" },
        { "+17382345678", "US", "America/Los_Angeles" },
        { "+12572345678", "CA", "America/Vancouver" },
        { "+16025550142", "US", "America/Phoenix" },
        { "+18085550142", "US", "Pacific/Honolulu" }, { "+19075550142", "US", "America/Anchorage" },
        { "+16045554729", "CA", "America/Vancouver" }, { "+14165550142", "CA", "America/Toronto" },
        { "+18765550142", "JM", "America/Jamaica" },
        { "+17875550142", "PR", "America/Puerto_Rico" },
        { "+18002345678", "US", "America/New_York" }, { "+4930123456", "DE", "Europe/Berlin" },
        { "+442079460018", "GB", "Europe/London" }, { "+61893000000", "AU", "Australia/Perth" },
        { "+61293000000", "AU", "Australia/Sydney" }, { "+73832000000", "RU", "Asia/Novosibirsk" },
        { "+77172000000", "KZ", "Asia/Almaty" }, { "+919876543210", "IN", "Asia/Kolkata" },
        { "+80012345678", NULL, NULL }, { "13800138000", NULL, NULL }, { "+86x", NULL, NULL },
        { "", NULL, NULL }, { "+", NULL, NULL } };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(rows[i][0], country_of_number(str(rows[i][0])), rows[i][1]);
        expect(rows[i][0], country_zone_of_number(str(rows[i][0])), rows[i][2]);
    }
}

/* The country columns of two lists that people pass around. */
static void knows_the_countries_of_lists(void **unused)
{
    static const char *const names[] = {
        "Albania", "Kyrgyz Republic", "Lao People's Democratic Republic", "Palestinian Territory",
        "French Southern Territories", "Pitcairn Islands", "Swaziland", "Timor-Leste", "Micronesia",
        "United States Virgin Islands", "Holy See (Vatican City State)", "Libyan Arab Jamahiriya",
        "Saint Vincent and the Grenadines", "Sao Tome and Principe", "Saint Barthelemy",
        "South Georgia and the South Sandwich Islands", "Brunei Darussalam", "Venezuela",
        "Antarctica (the territory South of 60 deg S)", "Cocos (Keeling) Islands", "Reunion",
        "British Indian Ocean Territory (Chagos Archipelago)", "Bouvet Island (Bouvetoya)", "Macao",
        "Svalbard & Jan Mayen Islands", "Heard Island and McDonald Islands",
        "Syrian Arab Republic" };
    (void)unused;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!country_find(str(names[i])))
            fail_msg("%s is not known", names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_names), cmocka_unit_test(knows_itself),
        cmocka_unit_test(knows_where_numbers_are), cmocka_unit_test(knows_the_countries_of_lists) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
