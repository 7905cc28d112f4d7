-- SPDX-License-Identifier: GPL-3.0-or-later
-- The words for what a customer said: consent give, consent withdraw.

local function say(name, summary, given, example)
    patter.command {
        name = "consent " .. name,
        summary = summary,
        detail = "It is a new line of the customer's history: the last word for a channel and purpose"
            .. " counts, in the dial gate as in lists. Channel and purpose may be any.",
        args = {
            { "customer", kind = "record", of = "customer", help = "who said it" },
            { "channel", help = "phone, fax, email, sms, letter, web, chat, visit or any" },
            { "purpose", optional = true, help = "marketing, service ...; any unless given" },
            { "--source", help = "how it was said: call:118, form, letter" },
            { "--at", kind = "time", optional = true, help = "when; now unless given" },
            { "--note", optional = true, help = "anything else" },
        },
        columns = { { "id", kind = "int" } },
        examples = { { "consent " .. name .. example, summary:lower() } },
        need = "write",
        writes = true,
        run = function(args, out)
            local id = crm.consent.add {
                customer = args.customer, channel = args.channel, purpose = args.purpose or "any",
                given = given, source = args.source, at = args.at, note = args.note,
            }
            out:note(string.format("customer %d: %s for %s %s", args.customer.id, args.channel,
                args.purpose or "any purpose", given and "allowed" or "refused"))
            out:row(id)
        end,
    }
end

say("give", "Note that a customer allows to be contacted", true, " 1 email marketing --source form")
say("withdraw", "Note that a customer refuses to be contacted", false, " 1 phone --source call:118")
