/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types_customer.c -- who one talks to: customers, people, contact points, touches, tasks, deals.
 */
#include "base/country.h"
#include "model/types.h"

#define CONTACT_VIEW(owner, k) \
    .sql = "(SELECT v.value FROM contact v WHERE v." owner " AND v.kind = '" k "'" \
           " ORDER BY v.position, v.id LIMIT 1)"
#define CUSTOMER_CONTACT(k) CONTACT_VIEW("customer = $.id AND v.person IS NULL", k), \
    .many = "$.id IN (SELECT v.customer FROM contact v WHERE v.person IS NULL" \
            " AND v.kind = '" k "' AND {v.value})", \
    .write = view_write_contact
#define PERSON_CONTACT(k) CONTACT_VIEW("person = $.id", k), \
    .many = "$.id IN (SELECT v.person FROM contact v WHERE v.kind = '" k "' AND {v.value})", \
    .write = view_write_person_contact

Str clean_country(Str typed, Arena *a)
{
    const char *code = country_find(typed);
    return code ? str_dup(str(code), a) : typed;
}

static const char *const channels[] = { "phone", "fax", "email", "sms", "letter", "web", "chat",
                                        "visit", NULL };
static const char *const kinds[] = { "person", "firm", NULL };
static const char *const kind_labels[] = { "个人|自然人|individual|private",
                                           "公司|企业|单位|机构|company|organization|business" };
static const char *const customer_keys[] = { "phone", "email", NULL };
static const char *const customer_search[] = { "name", "org", NULL };

static const Field customer_fields[] = {
    { "name", KIND_TEXT, FIELD_LISTED, "the person's or firm's name", "姓名",
      "full name|customer name|contact name|名称|名字|客户|客户名称|客户姓名|联系人" },
    { "org", KIND_TEXT, FIELD_LISTED, "the firm, as text", "公司",
      "company|company name|organisation|organization|organization name|firm|account name|employer|"
      "单位|企业|公司名称|单位名称|企业名称" },
    { "title", KIND_TEXT, 0, "position at the firm", "职位",
      "job title|position|contact title|organization title|职务|头衔" },
    { "kind", KIND_CHOICE, 0, "a person or a firm", "类型", .choices = kinds,
      .choice_labels = kind_labels },
    { "phone", KIND_PHONE, FIELD_LISTED, "the first telephone number; += adds one", "电话",
      "mobile|mobile phone|mobile number|cell|cell phone|cellphone|telephone|tel|phone number|"
      "phone 1|phone1|contact number|primary phone|手机|手机号|手机号码|电话号码|联系电话|联系方式|座机",
      CUSTOMER_CONTACT("phone") },
    { "fax", KIND_PHONE, 0, "the first fax number", "传真", "fax number|business fax|传真号码",
      CUSTOMER_CONTACT("fax") },
    { "email", KIND_EMAIL, 0, "the first e-mail address; += adds one", "邮箱",
      "e-mail|mail|email address|e-mail address|e-mail 1|email1|电子邮件|电子邮箱|邮件",
      CUSTOMER_CONTACT("email") },
    { "web", KIND_TEXT, 0, "the web site", "网址", "website|web site|web page|url|homepage|网站",
      CUSTOMER_CONTACT("web") },
    { "stage", KIND_REF, FIELD_LISTED | FIELD_RULED, "where in the life cycle", "阶段",
      "lead stage|lifecycle stage|客户阶段", .ref = "stage", .verb = "lead move" },
    { "stage_at", KIND_TIME, FIELD_READONLY, "when it entered the stage", "进入阶段时间" },
    { "owner", KIND_REF, FIELD_LISTED, "who looks after it", "负责人",
      "account owner|lead owner|assigned to|归属人|业务员|跟进人", .ref = "user" },
    { "source", KIND_TEXT, FIELD_COUNTED, "where it came from", "来源",
      "lead source|utm source|渠道|客户来源" },
    { "value", KIND_MONEY, 0, "what it is worth", "价值", "amount|lead value|金额|客户价值" },
    { "budget", KIND_MONEY, 0, "what it can spend", "预算", "预算金额" },
    { "region", KIND_TEXT, FIELD_COUNTED, "region or province", "地区",
      "state|province|area|state/province|省份|省|区域" },
    { "country", KIND_TEXT, FIELD_COUNTED, "country, ISO code", "国家",
      "country/region|country code|国家/地区",
      .clean = clean_country },
    { "city", KIND_TEXT, FIELD_COUNTED, "town", "城市", "town|locality|市" },
    { "address", KIND_TEXT, 0, "street address", "地址",
      "street|street address|address 1|address1|mailing street|详细地址|通讯地址|联系地址" },
    { "postcode", KIND_TEXT, 0, "postal code", "邮编",
      "postal code|postalcode|zip|zip code|zipcode|post code|邮政编码" },
    { "zone", KIND_TEXT, FIELD_COUNTED, "IANA time zone, where the number does not tell", "时区",
      "time zone|timezone" },
    { "prefer", KIND_CHOICE, 0, "the channel it likes best", "偏好渠道",
      "preferred channel|preferred contact method|首选联系方式", .choices = channels },
    { "best_time", KIND_TEXT, 0, "when it likes to be called, as hours: Mon-Fri 18:00-20:00",
      "方便时间" },
    { "note", KIND_TEXT, 0, "anything else", "备注",
      "notes|comment|comments|remark|remarks|description|说明|附注" },
    { "tag", KIND_TAGS, 0, "words; += adds, -= removes", "标签", "tags|labels|标记",
      .sql = "(SELECT group_concat(v.tag, ',') FROM (SELECT tag FROM customer_tag"
             " WHERE customer = $.id ORDER BY tag) v)",
      .many = "$.id IN (SELECT v.customer FROM customer_tag v WHERE {v.tag})",
      .write = view_write_tag },
    { "dnc", KIND_BOOL, FIELD_REQUIRED | FIELD_CONSENT, "asked not to be called", "勿扰",
      "do not call|donotcall|do_not_call|免打扰",
      .fallback = "no" },
    { "stopped", KIND_BOOL, FIELD_READONLY | FIELD_HIDDEN,
      "on the stop list of all campaigns, by a number or a domain", "禁呼",
      .verb = "dnc add",
      .sql = "(EXISTS (SELECT 1 FROM contact v JOIN dnc w ON w.number = v.value"
             " AND w.campaign IS NULL WHERE v.customer = $.id AND v.kind = 'phone')"
             " OR EXISTS (SELECT 1 FROM dnc w JOIN contact v ON v.customer = $.id"
             " AND CASE v.kind WHEN 'phone' THEN v.value GLOB w.number WHEN 'email' THEN"
             " lower(v.value) GLOB '*[@.]' || substr(w.number, 2) END"
             " WHERE (substr(w.number, -1) = '*' OR substr(w.number, 1, 1) = '@')"
             " AND w.campaign IS NULL))" },
    { "refuses", KIND_TEXT, FIELD_READONLY, "channels refused for any purpose", "拒绝渠道",
      .verb = "consent withdraw",
      .sql = "(SELECT group_concat(v.channel, ',') FROM (SELECT channel FROM consent_now"
             " WHERE customer = $.id AND NOT given AND purpose = 'any' ORDER BY channel) v)",
      .many = "$.id IN (SELECT v.customer FROM consent_now v WHERE NOT v.given"
              " AND v.purpose = 'any' AND {v.channel})" },
    { "retired", KIND_BOOL, FIELD_REQUIRED, "no longer worked", "停用", .fallback = "no" },
    { "created", KIND_TIME, FIELD_REQUIRED, "when it became known", "创建时间",
      "created at|create date|created date|date added|创建日期|登记日期|录入时间",
      .fallback = "now" },
    { "batch", KIND_REF, FIELD_READONLY | FIELD_HIDDEN | FIELD_LOOSE, "the import that brought it",
      "批次", .ref = "batch" },
    { "calls", KIND_INT, FIELD_READONLY, "calls made to it", "通话次数",
      .sql = "(SELECT count(*) FROM call v WHERE v.customer = $.id)" },
    { "last_call", KIND_TIME, FIELD_READONLY | FIELD_LISTED, "when it was last called", "上次通话",
      .sql = "(SELECT max(v.placed_at) FROM call v WHERE v.customer = $.id)" },
    { "people", KIND_INT, FIELD_READONLY, "people known there", "人数",
      .sql = "(SELECT count(*) FROM person v WHERE v.customer = $.id)" },
    { "deciders", KIND_INT, FIELD_READONLY, "of them, who decide", "决策人数",
      .sql = "(SELECT count(*) FROM person v WHERE v.customer = $.id AND v.role = 'decider')" },
    { "last_touch", KIND_TIME, FIELD_READONLY, "when it was last in touch", "上次接触",
      .sql = "(SELECT max(v.at) FROM touch v WHERE v.customer = $.id)" },
    { 0 },
};

const Type type_customer = {
    .name = "customer", .plural = "customers", .summary = "people and firms; as leads they have a "
                                                          "stage",
    .fields = customer_fields, .keys = customer_keys, .search = customer_search,
    .check = check_customer,
    .sample = "name=宝钢 phone=021-58307717 city=上海",
};

static const char *const roles[] = { "decider", "user", "checker", "coach", "buyer", "contact",
                                     NULL };
static const char *const role_labels[] = { "决策者|决策人|decision maker", "使用者|使用人|end user",
                                           "把关者|把关人|evaluator", "教练|内线|champion",
                                           "采购|采购者|采购人", "联系人" };
static const char *const person_keys[] = { "customer+name", NULL };
static const char *const person_search[] = { "name", NULL };

static const Field person_fields[] = {
    { "customer", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "where they are", "客户",
      .ref = "customer" },
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "their name", "姓名",
      "contact name|contact|full name|联系人|联系人姓名" },
    { "title", KIND_TEXT, FIELD_LISTED, "their position", "职位",
      "job title|position|contact title|职务" },
    { "role", KIND_CHOICE, FIELD_LISTED, "their part in a decision", "角色", .choices = roles,
      .choice_labels = role_labels },
    { "reports", KIND_REF, FIELD_LOOSE, "whom they report to", "上级", .ref = "person" },
    { "cares", KIND_TEXT, 0, "what matters to them", "关注点" },
    { "phone", KIND_PHONE, FIELD_LISTED, "their number", "电话", "mobile|手机",
      PERSON_CONTACT("phone") },
    { "email", KIND_EMAIL, 0, "their address", "邮箱", "e-mail|mail|邮件", PERSON_CONTACT("email") },
    { "note", KIND_TEXT, 0, "anything else", "备注", "notes" },
    { 0 },
};

const Type type_person = {
    .name = "person", .plural = "people", .summary = "people at a customer, with their role",
    .fields = person_fields, .keys = person_keys, .search = person_search, .check = check_person,
    .sample = "name=李局 customer=1 role=decider",
};

static const char *const contact_kinds[] = { "phone", "fax", "email", "web", "other", NULL };

static const char *const contact_kind_labels[] = { "电话|手机|telephone|mobile", "传真",
                                                   "邮箱|邮件|e-mail|mail", "网址|网站|url|website",
                                                   "其他" };

static const char *const contact_keys[] = { "customer+person+kind+value", NULL };

static const Field contact_fields[] = {
    { "customer", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "whose it is", "客户",
      .ref = "customer" },
    { "person", KIND_REF, FIELD_LOOSE, "which person's; none: the customer's own", "联系人",
      .ref = "person" },
    { "kind", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "what it is", "类型",
      .choices = contact_kinds, .choice_labels = contact_kind_labels },
    { "value", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "the number (E.164) or address", "值" },
    { "raw", KIND_TEXT, FIELD_READONLY, "as it was typed, where that differs", "原文" },
    { "label", KIND_TEXT, FIELD_LISTED, "mobile, work, home ...", "标签" },
    { "ext", KIND_TEXT, FIELD_LISTED, "extension", "分机" },
    { "country", KIND_TEXT, FIELD_READONLY, "country of a number", "国家" },
    { "zone", KIND_TEXT, FIELD_READONLY, "time zone of a number", "时区",
      .sql = "number_zone($.value)" },
    { "valid", KIND_BOOL, FIELD_READONLY | FIELD_LISTED, "whether the numbering plan knows it",
      "有效" },
    { "position", KIND_INT, 0, "1 is the primary one of its kind", "顺序" },
    { 0 },
};

const Type type_contact = {
    .name = "contact", .plural = "contacts", .summary = "contact points: numbers and addresses",
    .fields = contact_fields, .keys = contact_keys, .check = check_contact, .verbs = TYPE_NO_IMPORT,
    .sample = "customer=1 kind=phone value=13800138009 label=mobile",
};

static const char *const directions[] = { "out", "in", NULL };
static const char *const direction_labels[] = { "呼出|去电|去|outbound|outgoing",
                                                "呼入|来电|来|inbound|incoming" };
/* "any" follows the channels of a touch where consents have it. */
static const char *const channel_labels[] = { "电话|call|telephone", "传真", "邮件|邮箱|e-mail|mail",
                                              "短信|text", "信函|信件|post", "网站|网络|website",
                                              "聊天|微信", "拜访|上门|meeting", "任何|全部|所有|all" };

static const Field touch_fields[] = {
    { "customer", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "with whom", "客户",
      .ref = "customer" },
    { "person", KIND_REF, FIELD_LOOSE, "with which person", "联系人", .ref = "person" },
    { "at", KIND_TIME, FIELD_REQUIRED | FIELD_LISTED, "when; now unless given", "时间", "date|日期",
      .fallback = "now" },
    { "channel", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "how", "渠道", .choices = channels,
      .choice_labels = channel_labels, .fallback = "phone" },
    { "direction", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "who began it", "方向",
      .choices = directions, .choice_labels = direction_labels, .fallback = "out" },
    { "result", KIND_TEXT, FIELD_LISTED | FIELD_COUNTED, "what came of it", "结果" },
    { "note", KIND_TEXT, FIELD_LISTED, "what was said", "备注", "notes" },
    { "user", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED, "who logged it", "记录人" },
    { "call", KIND_REF, FIELD_READONLY | FIELD_LOOSE, "the call it was", "通话", .ref = "call" },
    { 0 },
};

const Type type_touch = {
    .name = "touch", .plural = "touches", .summary = "every contact with a customer, in any "
                                                     "channel",
    .fields = touch_fields, .check = check_touch,
    .sample = "customer=1 channel=fax direction=in note=询价",
};

static const char *const consent_channels[] = { "phone", "fax", "email", "sms", "letter", "web",
                                                "chat", "visit", "any", NULL };

static const char *const consent_keys[] = { "customer+channel+purpose+given+at", NULL };

static const Field consent_fields[] = {
    { "customer", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "whose word it is", "客户",
      .ref = "customer" },
    { "channel", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED, "for which channel", "渠道",
      .choices = consent_channels, .choice_labels = channel_labels },
    { "purpose", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED | FIELD_COUNTED,
      "for what: marketing, service ...; any is all of them", "用途", .fallback = "any" },
    { "given", KIND_BOOL, FIELD_REQUIRED | FIELD_LISTED, "yes: given, no: refused or withdrawn",
      "同意", "consent|opt in|opt-in" },
    { "at", KIND_TIME, FIELD_REQUIRED | FIELD_LISTED, "when it was said", "时间", "date|日期",
      .fallback = "now" },
    { "source", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "how: call:118, form, letter", "来源" },
    { "note", KIND_TEXT, 0, "anything else", "备注", "notes" },
    { "user", KIND_TEXT, FIELD_READONLY | FIELD_LISTED | FIELD_COUNTED, "who wrote it down",
      "记录人" },
    { 0 },
};

/* A history: what was said is not changed, a later word takes its place. */
const Type type_consent = {
    .name = "consent", .plural = "consents", .summary = "who may be contacted how and for what, as "
                                                        "it was said",
    .fields = consent_fields, .keys = consent_keys, .check = check_touch,
    .verbs = TYPE_NO_SET | TYPE_NO_DELETE,
    .sample = "customer=1 channel=email purpose=marketing given=yes source=form",
};

static const Field deal_fields[] = {
    { "customer", KIND_REF, FIELD_REQUIRED | FIELD_LISTED | FIELD_LOOSE, "with whom", "客户",
      .ref = "customer" },
    { "name", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "what it is about", "名称",
      "deal name|商机名称" },
    { "stage", KIND_REF, FIELD_LISTED | FIELD_RULED, "where in its pipeline", "阶段", .ref = "stage",
      .verb = "deal move" },
    { "stage_at", KIND_TIME, FIELD_READONLY, "when it entered the stage", "进入阶段时间" },
    { "value", KIND_MONEY, FIELD_LISTED, "what it would bring", "金额", "amount" },
    { "expected", KIND_DATE, FIELD_LISTED, "when it should close", "预计成交", "close date" },
    { "owner", KIND_REF, FIELD_LISTED, "who works it", "负责人", .ref = "user" },
    { "note", KIND_TEXT, 0, "anything else", "备注", "notes" },
    { "created", KIND_TIME, FIELD_REQUIRED, "when it was opened", "创建时间",
      .fallback = "now" },
    { 0 },
};

const Type type_deal = {
    .name = "deal", .plural = "deals", .summary = "one piece of business, on a pipeline of its own",
    .fields = deal_fields, .check = check_deal,
    .sample = "name='200 seats' customer=1 value=180000",
};

static const char *const task_states[] = { "open", "done", "dropped", NULL };

static const Field task_fields[] = {
    { "title", KIND_TEXT, FIELD_REQUIRED | FIELD_LISTED, "what is to be done", "标题",
      "task|subject|主题" },
    { "customer", KIND_REF, FIELD_LISTED | FIELD_LOOSE, "for whom", "客户", .ref = "customer" },
    { "deal", KIND_REF, FIELD_LOOSE, "for which deal", "商机", .ref = "deal" },
    { "action", KIND_TEXT, FIELD_LISTED | FIELD_COUNTED,
      "the key action of a stage that it is: demo, site visit",
      "关键行动" },
    { "due", KIND_TIME, FIELD_LISTED, "by when", "截止", "due date|deadline|截止日期" },
    { "owner", KIND_REF, FIELD_LISTED, "who does it", "负责人", .ref = "user" },
    { "state", KIND_CHOICE, FIELD_REQUIRED | FIELD_LISTED | FIELD_RULED, "open, done or dropped",
      "状态",
      .choices = task_states, .fallback = "open", .verb = "task done" },
    { "done_at", KIND_TIME, FIELD_READONLY, "when it was closed", "完成时间" },
    { "note", KIND_TEXT, 0, "anything else", "备注", "notes" },
    { "created", KIND_TIME, FIELD_READONLY, "when it was added", "创建时间" },
    { 0 },
};

const Type type_task = {
    .name = "task", .plural = "tasks", .summary = "things to be done; key actions of stages among "
                                                  "them",
    .fields = task_fields, .check = check_task,
    .sample = "title=回访 customer=1 due=tomorrow",
};
