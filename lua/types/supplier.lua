-- SPDX-License-Identifier: GPL-3.0-or-later
-- A record type is one table; `type load supplier` declares it in a database.
return patter.type {
    name = "supplier",
    plural = "suppliers",
    summary = "firms one buys from",
    handle = "name",
    fields = {
        { "name", kind = "text", required = true, unique = true, help = "the firm's name", label = "供应商" },
        { "phone", kind = "text", help = "where to call", label = "电话" },
        { "credit", kind = "money", help = "what one may owe them", label = "信用额度" },
        { "terms", kind = "choice", choices = { "cash", "30 days", "60 days" }, help = "when they are paid" },
        { "rating", kind = "choice", choices = { "A", "B", "C" }, help = "how good they are", label = "评级" },
        { "since", kind = "date", help = "first order", label = "合作起始" },
        { "note", kind = "text", help = "anything else", label = "备注" },
    },
}
