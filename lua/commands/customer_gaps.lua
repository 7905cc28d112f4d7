-- SPDX-License-Identifier: GPL-3.0-or-later

--- The stages of customers in order, each with its criteria.
local STAGES = [[
    SELECT s.id, s.name, s.position, s.outcome FROM stage s JOIN pipeline p ON p.id = s.pipeline
    WHERE p.type = 'customer' ORDER BY p.id, s.position]]
local CRITERIA = "SELECT name, expr FROM criterion WHERE stage = ?1 ORDER BY id"

--- What a customer in each stage needs: the facts that all need, what its stages up to this one asked
--- for, and what the next one asks for.
local function needs_by_stage()
    local facts, stages = {}, crm.sql(STAGES)
    for field in crm.setting.get("customer.needs"):gmatch("[^,]+") do
        facts[#facts + 1] = { name = field, expr = field .. "!=" }
    end
    for i, stage in ipairs(stages) do
        stage.needs = { table.unpack(facts) }
        for k = 1, math.min(i + 1, #stages) do
            for _, criterion in ipairs(crm.sql(CRITERIA, stages[k].id)) do
                stage.needs[#stage.needs + 1] = { name = criterion.name, expr = criterion.expr }
            end
        end
    end
    return stages
end

local function all_held(needs)
    local parts = {}
    for i, need in ipairs(needs) do
        parts[i] = "(" .. need.expr .. ")"
    end
    return table.concat(parts, " and ")
end

--- The names of the needs that customer `id` does not fulfil.
local function missing(id, needs)
    local names = {}
    for _, need in ipairs(needs) do
        if #crm.customers(string.format("id=%d and (%s)", id, need.expr)) == 0 then
            names[#names + 1] = need.name
        end
    end
    return names
end

patter.command {
    name = "customer gaps",
    summary = "What is still to be found out of customers, the most valuable first",
    detail = "A customer needs the fields of the setting customer.needs, what the criteria of its stage and of those"
        .. " before ask for, and what the next stage asks for. The score is the share of them that it has.",
    args = {
        { "filter", kind = "filter", of = "customer", optional = true, help = "only of those for which it holds" },
        { "--stage", kind = "record", of = "stage", optional = true, help = "only of those in this stage" },
        { "--all", kind = "flag", help = "those without gaps, too" },
        { "--limit", kind = "int", default = "50", least = 0, value = "N",
            help = "at most this many of a stage; 0 for all" },
    },
    columns = {
        { "id", kind = "int" }, "name", "stage", { "value", kind = "money" }, { "score", kind = "percent" }, "missing",
    },
    examples = {
        { "customer gaps --stage potential", "before they can become opportunities" },
        { "customer gaps owner=me --limit 5", "your own" },
    },
    run = function(args, out)
        local shown = 0
        for _, stage in ipairs(needs_by_stage()) do
            local needs = stage.needs
            if #needs > 0 and (not args.stage or args.stage.id == stage.id) then
                local set = {
                    args.filter or "", args.all and "" or "not (" .. all_held(needs) .. ")",
                    stage = stage.name, order = "-value", limit = args.limit,
                }
                for c in crm.customers(set) do
                    local gaps = missing(c.id, needs)
                    out:row(c.id, c.name, stage.name, c.value, 1 - #gaps / #needs,
                        #gaps > 0 and table.concat(gaps, ", ") or nil)
                    shown = shown + 1
                end
            end
        end
        if shown == 0 then
            out:note("no gaps")
        end
    end,
}
