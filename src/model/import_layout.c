/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sources: the header lines of the exports themselves; for VICIdial the order of the fields in its
 * lead loader and in its documentation of add_lead.
 */
#include "model/import_layout.h"

#include "base/date.h"

typedef struct Known { const char *header, *to; } Known;

static const Known known[] = {
    { "firstname", "given" }, { "givenname", "given" }, { "forename", "given" },
    { "名", "given" }, { "first", "given" },
    { "middlename", "middle" }, { "additionalname", "middle" }, { "middleinitial", "middle" },
    { "middlenames", "middle" },
    { "lastname", "family" }, { "surname", "family" }, { "familyname", "family" },
    { "姓", "family" }, { "姓氏", "family" }, { "last", "family" },
    { "contact", "contact.name" }, { "contactname", "contact.name" },
    { "contactperson", "contact.name" }, { "联系人", "contact.name" }, { "联系人姓名", "contact.name" },
    { "contacttitle", "contact.title" }, { "contactposition", "contact.title" },
    { "联系人职务", "contact.title" }, { "联系人职位", "contact.title" },
    { "personname", "name" }, { "leadname", "name" }, { "contactfullname", "name" },
    { "客户全称", "name" },
    { "personorganization", "org" }, { "personorganizationname", "org" },
    { "organisationname", "org" }, { "organizationname1", "org" },
    { "associatedcompany", "org" }, { "primaryassociatedcompany", "org" },
    { "companyorganization", "org" }, { "所属公司", "org" }, { "工作单位", "org" },
    { "personjobtitle", "title" }, { "organization1title", "title" }, { "jobrole", "title" },
    { "homephone", "phone" }, { "businessphone", "phone" }, { "workphone", "phone" },
    { "officephone", "phone" }, { "companyphone", "phone" }, { "primaryphone", "phone" },
    { "otherphone", "phone" }, { "家庭电话", "phone" }, { "办公电话", "phone" }, { "公司电话", "phone" },
    { "单位电话", "phone" }, { "固定电话", "phone" }, { "固话", "phone" }, { "移动电话", "phone" },
    { "phone1value", "phone" }, { "phone2value", "phone" }, { "phone3value", "phone" },
    { "contactphonenumber", "phone" }, { "customerphone", "phone" },
    { "customerphonenumber", "phone" }, { "mobilephonenumber", "phone" },
    { "mobileno", "phone" }, { "cellphonenumber", "phone" }, { "phoneno", "phone" },
    { "telno", "phone" }, { "telephonenumber", "phone" }, { "homephone2", "phone" },
    { "businessphone2", "phone" }, { "assistantsphone", "phone" },
    { "assistantphone", "phone" }, { "asstphone", "phone" }, { "companymainphone", "phone" },
    { "carphone", "phone" }, { "radiophone", "phone" }, { "whatsappphonenumber", "phone" },
    { "altphone", "phone" }, { "alternatephone", "phone" }, { "alternativephone", "phone" },
    { "secondaryphone", "phone" }, { "multialtphones", "phone" }, { "personphone", "phone" },
    { "personphonework", "phone" }, { "personphonehome", "phone" },
    { "personphonemobile", "phone" }, { "personphoneother", "phone" }, { "phonework", "phone" },
    { "phonehome", "phone" }, { "phonemobile", "phone" }, { "phoneother", "phone" },
    { "e164", "phone" }, { "国际号码", "phone" }, { "联系手机", "phone" }, { "手机号1", "phone" },
    { "备用电话", "phone" }, { "备用手机", "phone" }, { "其他电话", "phone" },
    { "homefax", "fax" }, { "otherfax", "fax" }, { "companyfax", "fax" }, { "workfax", "fax" },
    { "email1value", "email" }, { "email2value", "email" }, { "email2address", "email" },
    { "email3address", "email" }, { "personemail", "email" }, { "personemailwork", "email" },
    { "personemailhome", "email" }, { "personemailother", "email" }, { "emailwork", "email" },
    { "emailhome", "email" }, { "emailother", "email" }, { "workemail", "email" },
    { "homeemail", "email" }, { "personalemail", "email" }, { "otheremail", "email" },
    { "additionalemail", "email" }, { "additionalemailaddresses", "email" },
    { "alternateemail", "email" }, { "secondaryemail", "email" },
    { "website1value", "web" }, { "websiteurl", "web" }, { "linkedinurl", "web" },
    { "personalwebpage", "web" }, { "businesswebpage", "web" },
    { "address1street", "address" }, { "businessstreet", "address" },
    { "mailingaddress", "address" }, { "billingstreet", "address" },
    { "billingaddress", "address" }, { "personpostaladdress", "address" },
    { "organizationaddress", "address" }, { "homestreet", "?address" },
    { "homeaddress", "?address" }, { "otherstreet", "?address" },
    { "otheraddress", "?address" }, { "shippingstreet", "?address" },
    { "address1formatted", "?address" }, { "address2street", "?address" },
    { "address1city", "city" }, { "businesscity", "city" }, { "mailingcity", "city" },
    { "billingcity", "city" }, { "homecity", "?city" }, { "othercity", "?city" },
    { "shippingcity", "?city" }, { "address2city", "?city" },
    { "address1region", "region" }, { "businessstate", "region" }, { "mailingstate", "region" },
    { "mailingstateprovince", "region" }, { "billingstate", "region" },
    { "billingstateprovince", "region" }, { "stateregion", "region" },
    { "province", "?region" }, { "homestate", "?region" }, { "otherstate", "?region" },
    { "otherstateprovince", "?region" }, { "shippingstate", "?region" },
    { "shippingstateprovince", "?region" }, { "address2region", "?region" },
    { "address1postalcode", "postcode" }, { "businesspostalcode", "postcode" },
    { "mailingpostalcode", "postcode" }, { "mailingzippostalcode", "postcode" },
    { "billingpostalcode", "postcode" }, { "billingzippostalcode", "postcode" },
    { "zippostalcode", "postcode" }, { "homepostalcode", "?postcode" },
    { "otherpostalcode", "?postcode" }, { "otherzippostalcode", "?postcode" },
    { "shippingpostalcode", "?postcode" }, { "shippingzippostalcode", "?postcode" },
    { "address2postalcode", "?postcode" },
    { "address1country", "country" }, { "businesscountryregion", "country" },
    { "businesscountry", "country" }, { "mailingcountry", "country" },
    { "billingcountry", "country" }, { "cc", "country" }, { "homecountryregion", "?country" },
    { "homecountry", "?country" }, { "othercountry", "?country" },
    { "shippingcountry", "?country" }, { "address2country", "?country" },
    { "phonecode", "?country" }, { "callingcode", "?country" },
    { "categories", "tag" }, { "groupmembership", "tag" }, { "personlabels", "tag" },
    { "personlabel", "tag" }, { "分组", "tag" }, { "群组", "tag" },
    { "originalsource", "source" }, { "leadsourcedetail", "source" },
    { "optintime", "created" }, { "entrydate", "created" }, { "personcreated", "created" },
    { "leadcreated", "created" },
    { "personnotes", "note" }, { "leadcomments", "note" },
};

static const Known labels[] = {
    { "mobile", "mobile" }, { "cell", "mobile" }, { "手机", "mobile" },   { "移动", "mobile" },
    { "home", "home" },     { "家庭", "home" },   { "住宅", "home" },     { "宅电", "home" },
    { "work", "work" },     { "office", "work" }, { "business", "work" }, { "company", "work" },
    { "办公", "work" },     { "公司", "work" },   { "单位", "work" },     { "座机", "work" },
};

static const Known layouts[] = {
    { "vicidial",
      "vendor_lead_code,source_id,list_id,phone_code,phone_number,salutation,first_name,"
      "middle_initial,last_name,address1,address2,address3,city,state,province,postal_code,"
      "country_code,gender,date_of_birth,alt_phone,email,security_phrase,comments,rank,territory,"
      "entry_date,multi_alt_phones" },
};

enum { PHONE_DIGITS = 7 };             /* more digits than a year, a count or a code has */

const char *import_layout_field(Str norm)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(norm, known[i].header))
            return known[i].to;
    return NULL;
}

const char *import_layout_label(Str norm)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (memmem(norm.s, norm.n, labels[i].header, strlen(labels[i].header)))
            return labels[i].to;
    return NULL;
}

Str import_layout_label_column(Str norm, Arena *a)
{
    static const char value[] = "value";
    size_t n = norm.n - (sizeof value - 1);
    if (norm.n < sizeof value || memcmp(norm.s + n, value, sizeof value - 1) != 0)
        return (Str){ 0 };
    return str(arena_printf(a, "%.*slabel", (int)n, norm.s));
}

const char *import_layout_columns(Str layout)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (str_eq_nocase(layout, str(layouts[i].header)))
            return layouts[i].to;
    return NULL;
}

/* A telephone number, an address or a day never names a column. */
static bool is_value(Str s)
{
    int64_t day;
    size_t digits = 0, other = 0;
    const char *at = memchr(s.s, '@', s.n);
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] >= '0' && s.s[i] <= '9')
            digits++;
        else if (!memchr("+-() .", s.s[i], 6))
            other++;
    return (digits >= PHONE_DIGITS && other == 0) || day_parse_iso(s, &day)
           || (at && at != s.s && memchr(at, '.', s.n - (size_t)(at - s.s))
               && !memchr(s.s, ' ', s.n));
}

bool import_layout_is_row(const Str *header, int n, Str *cell)
{
    for (int i = 0; i < n; i++)
        if (is_value(header[i])) {
            *cell = header[i];
            return true;
        }
    return false;
}
