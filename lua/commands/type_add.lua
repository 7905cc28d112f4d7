-- SPDX-License-Identifier: GPL-3.0-or-later

--- "rating:choice=A,B,C!" as a field of patter.type{}.
local function field(word)
    local name, rest = word:match("^([^:!]*)(.*)$")
    local spec, required = rest:gsub("!$", "")
    local kind, of = spec:match("^:([a-z]+)=?(.*)$")
    if name == "" or spec ~= "" and not kind then
        error(string.format("'%s' is no field: NAME, NAME:KIND or NAME:KIND=WHAT, with ! when required", word), 0)
    end
    local choices
    if kind == "choice" then
        choices = {}
        for choice in of:gmatch("[^,]+") do
            choices[#choices + 1] = choice
        end
    end
    return {
        name, kind = kind or "text", required = required == 1, choices = choices,
        ref = kind == "ref" and of or nil,
    }
end

patter.command {
    name = "type add",
    summary = "Declare a record type of your own",
    detail = "A field is NAME, NAME:KIND, NAME:choice=A,B,C or NAME:ref=TYPE; a ! at its end says that it may"
        .. " not be empty. Kinds are those of `field add`. The type has at once the verbs of every other: add,"
        .. " list, find, import, export and so on; it is a table of its own. undo drops it. A file in"
        .. " lua/types says more: labels, help, what must be unique.",
    args = {
        { "name", help = "the type, in the singular: supplier" },
        { "field", kind = "words", help = "its fields, each NAME:KIND" },
        { "--handle", optional = true, help = "the field that names a record; each value once" },
        { "--plural", optional = true, help = "its plural; NAME with s unless given" },
        { "--summary", optional = true, help = "what it is, in a few words" },
    },
    columns = { "type", { "fields", kind = "int" } },
    examples = {
        { "type add supplier name:text! credit:int rating:choice=A,B,C --handle name",
            "firms one buys from" },
        { "type add visit customer:ref=customer! on:date note", "something that belongs to a customer" },
    },
    need = "manage",
    writes = true,
    run = function(args, out)
        local fields = {}
        for i, word in ipairs(args.field) do
            fields[i] = field(word)
        end
        local added, problem = patter.type {
            name = args.name, plural = args.plural, summary = args.summary or "records of your own",
            handle = args.handle, fields = fields,
        }
        if problem then
            error(problem)
        elseif not added then
            error(string.format("there is a type '%s' already", args.name), 0)
        end
        out:note(string.format("type %s added; help %s shows what it can do", args.name, args.name))
        out:row(args.name, #fields)
    end,
}
