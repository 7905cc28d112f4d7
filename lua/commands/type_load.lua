-- SPDX-License-Identifier: GPL-3.0-or-later
patter.command {
    name = "type load",
    summary = "Declare one of the record types that come with the program",
    detail = "Afterwards the type has the verbs of every other: add, list, find, import and so on."
        .. " Nothing happens when it is there already.",
    args = { { "name", help = "the type: supplier, member" } },
    columns = { "type", { "added", kind = "bool" } },
    examples = { { "type load supplier", "firms one buys from" } },
    need = "manage",
    writes = true,
    run = function(args, out)
        local added, problem = patter.load_type(args.name)
        if problem then
            error(problem)
        end
        out:note(string.format("type %s %s", args.name, added and "added" or "is there already"))
        out:row(args.name, added)
    end,
}
