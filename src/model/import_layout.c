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
    { "organisationname", "org" }, { "organization1name", "org" },
    { "associatedcompany", "org" }, { "primaryassociatedcompany", "org" },
    { "companyaccount", "org" }, { "companyorganization", "org" },
    { "所属公司", "org" }, { "工作单位", "org" },
    { "personjobtitle", "title" }, { "organization1title", "title" }, { "jobrole", "title" },
    { "homephone", "phone" }, { "businessphone", "phone" }, { "workphone", "phone" },
    { "officephone", "phone" }, { "companyphone", "phone" }, { "primaryphone", "phone" },
    { "otherphone", "phone" }, { "家庭电话", "phone" }, { "办公电话", "phone" }, { "公司电话", "phone" },
    { "单位电话", "phone" }, { "固定电话", "phone" }, { "固话", "phone" }, { "移动电话", "phone" },
    { "phonevalue", "phone" }, { "pager", "phone" }, { "callback", "phone" },
    { "isdn", "phone" }, { "ttytddphone", "phone" },
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
    { "联络电话", "phone" }, { "联络方式", "phone" }, { "行动电话", "phone" }, { "联络人", "contact.name" },
    { "职称", "title" }, { "电邮", "email" }, { "电邮地址", "email" }, { "邮递区号", "postcode" },
    { "县市", "city" },
    { "phones", "phone" }, { "phonenumbers", "phone" }, { "mobiles", "phone" },
    { "emails", "email" }, { "emailaddresses", "email" },
    { "homefax", "fax" }, { "otherfax", "fax" }, { "companyfax", "fax" }, { "workfax", "fax" },
    { "emailvalue", "email" }, { "email2address", "email" }, { "email3address", "email" },
    { "primaryemail", "email" }, { "personemail", "email" }, { "personemailwork", "email" },
    { "personemailhome", "email" }, { "personemailother", "email" }, { "emailwork", "email" },
    { "emailhome", "email" }, { "emailother", "email" }, { "workemail", "email" },
    { "homeemail", "email" }, { "personalemail", "email" }, { "otheremail", "email" },
    { "additionalemail", "email" }, { "additionalemailaddresses", "email" },
    { "alternateemail", "email" }, { "secondaryemail", "email" },
    { "websitevalue", "web" }, { "websiteurl", "web" }, { "linkedinurl", "web" },
    { "personalwebpage", "web" }, { "businesswebpage", "web" },
    { "address1street", "address" }, { "businessstreet", "address" },
    { "mailingaddress", "address" }, { "billingstreet", "address" },
    { "billingaddress", "address" }, { "personpostaladdress", "address" },
    { "organizationaddress", "address" },
    { "address1extendedaddress", "+address" }, { "address1pobox", "+address" },
    { "businessstreet2", "+address" }, { "businessstreet3", "+address" },
    { "businessaddresspobox", "+address" }, { "mailingstreet2", "+address" },
    { "address2", "+address" }, { "address3", "+address" }, { "addressline2", "+address" },
    { "addressline3", "+address" }, { "street2", "+address" }, { "streetaddress2", "+address" },
    { "streetaddressline2", "+address" }, { "homestreet", "?address" },
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
    { "contactowner", "owner" }, { "personowner", "owner" },
    { "categories", "tag" }, { "groupmembership", "tag" }, { "personlabels", "tag" },
    { "personlabel", "tag" }, { "分组", "tag" }, { "群组", "tag" },
    { "hasoptedoutofemail", "!email" }, { "emailoptout", "!email" },
    { "optedoutofemail", "!email" }, { "optedoutofallemail", "!email" },
    { "unsubscribedfromallemail", "!email" }, { "emailunsubscribed", "!email" },
    { "unsubscribed", "!email" }, { "donotemail", "!email" },
    { "邮件退订", "!email" }, { "拒收邮件", "!email" }, { "hasoptedoutoffax", "!fax" },
    { "faxoptout", "!fax" }, { "donotfax", "!fax" }, { "smsoptout", "!sms" },
    { "hasoptedoutofsms", "!sms" }, { "donotsms", "!sms" }, { "donottext", "!sms" },
    { "短信退订", "!sms" }, { "拒收短信", "!sms" }, { "donotmail", "!letter" },
    { "originalsource", "source" }, { "leadsourcedetail", "source" },
    { "optintime", "created" }, { "entrydate", "created" }, { "personcreated", "created" },
    { "leadcreated", "created" }, { "personpersoncreated", "created" },
    { "personnotes", "note" }, { "leadcomments", "note" },
};

static const Known labels[] = {
    { "mobile", "mobile" }, { "cell", "mobile" }, { "手机", "mobile" },   { "移动", "mobile" },
    { "home", "home" },     { "家庭", "home" },   { "住宅", "home" },     { "宅电", "home" },
    { "work", "work" },     { "office", "work" }, { "business", "work" }, { "company", "work" },
    { "办公", "work" },     { "公司", "work" },   { "单位", "work" },     { "座机", "work" },
    { "assist", "assistant" }, { "asst", "assistant" }, { "pager", "pager" }, { "other", "other" },
    { "其他", "other" },
};

static const Known layouts[] = {
    { "vicidial",
      "vendor_lead_code,source_id,list_id,phone_code,phone_number,salutation,first_name,"
      "middle_initial,last_name,address1,address2,address3,city,state,province,postal_code,"
      "country_code,gender,date_of_birth,alt_phone,email,security_phrase,comments,rank,territory,"
      "entry_date,multi_alt_phones" },
};

typedef struct Book { const char *name, *headers[3]; } Book;    /* has all of these headers */

static const Book books[] = {
    { "Google Contacts", { "phone1value" } },
    { "Google Contacts", { "email1value" } },
    { "Outlook", { "emailaddress", "businessphone", "homephone" } },
    { "LinkedIn", { "connectedon", "position" } },
};

/* What address books note for themselves, and addresses that stand in parts beside. */
static const char *const workings[] = {
    "photo", "address1label", "address1type", "address1formatted", "organization1type", "fileas",
    "sensitivity", "priority", "private", "directoryserver", "internetfreebusy", "emailtype",
    "emaildisplayname", "email2type", "email2displayname", "email3type", "email3displayname",
    "uid",
};

enum { PHONE_DIGITS = 7 };             /* more digits than a year, a count or a code has */

static const char *known_field(Str norm)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(norm, known[i].header))
            return known[i].to;
    return NULL;
}

/* "phone4value" is phonevalue. */
static const char *numbered_field(Str norm)
{
    static const char value[] = "value";
    char plain[32];
    size_t n = 0, end = norm.n - (sizeof value - 1);
    if (norm.n < sizeof value || norm.n >= sizeof plain
        || memcmp(norm.s + end, value, sizeof value - 1) != 0)
        return NULL;
    for (size_t i = 0; i < norm.n; i++)
        if (norm.s[i] < '0' || norm.s[i] > '9')
            plain[n++] = norm.s[i];
    return known_field(str_n(plain, n));
}

const char *import_layout_field(Str norm)
{
    const char *to = known_field(norm);
    return to ? to : numbered_field(norm);
}

const char *import_layout_label(Str norm)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (memmem(norm.s, norm.n, labels[i].header, strlen(labels[i].header)))
            return labels[i].to;
    return NULL;
}

bool import_layout_is_label(Str norm, Str of)
{
    static const char value[] = "value";
    size_t n = of.n - (sizeof value - 1);
    if (of.n < sizeof value || !str_is(str_n(of.s + n, of.n - n), value) || norm.n <= n
        || memcmp(norm.s, of.s, n) != 0)
        return false;
    Str end = str_n(norm.s + n, norm.n - n);
    return str_is(end, "label") || str_is(end, "type");
}

static bool has_all(const Str *norm, int n, const Book *book)
{
    for (int k = 0; k < 3 && book->headers[k]; k++) {
        bool has = false;
        for (int i = 0; i < n && !has; i++)
            has = str_is(norm[i], book->headers[k]);
        if (!has)
            return false;
    }
    return true;
}

const char *import_layout_book(const Str *norm, int n)
{
    for (size_t i = 0; i < sizeof books / sizeof *books; i++)
        if (has_all(norm, n, &books[i]))
            return books[i].name;
    return NULL;
}

bool import_layout_is_working(Str norm)
{
    for (size_t i = 0; i < sizeof workings / sizeof *workings; i++)
        if (str_is(norm, workings[i]))
            return true;
    return false;
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
