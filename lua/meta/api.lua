---@meta
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The part of the Lua interface that is not made from the tables of commands and types
-- (see patter.lua beside it for those). For editors; loading it does nothing.

--- What functions give beside nil, and what is raised for misuse.
---@class patter.error
---@field code string stable: "not-found", "refused", "usage" ...
---@field message string
---@field detail? string further lines, such as what is missing
---@field hint? string what to do
---@field where? string "file:line: ", when it was raised

--- Records that match a filter. `for record in set do`, `#set`; nothing stays open between two rounds.
---@class patter.set

--- Rows of a command or a query: an array of tables. Where there is one row its fields are also
--- fields of the array.
---@class patter.rows
---@field columns string[]

---@class patter
---@field version string
---@field _VERSION string
---@field api integer
---@field null any stands for null inside arrays, and clears a field
patter = {}

--- Say something to whoever runs the script, on standard error.
function patter.note(...) end

--- The session's time, milliseconds since 1970 UTC.
---@return integer
function patter.now() end

--- A moment as people type it ("tomorrow 3pm", "-30d", "下周三") in milliseconds.
---@param words string
---@return integer?
---@return patter.error?
function patter.time(words) end

--- Declare a command: name, summary, detail, args, columns, examples, need, writes, run(args, out).
---@param definition table
function patter.command(definition) end

--- Declare a record type; true when it was added, false when the database has it.
---@param definition table
---@return boolean?
---@return patter.error?
function patter.type(definition) end

--- Declare a record type of the program by its name ("supplier").
---@param name string
---@return boolean?
---@return patter.error?
function patter.load_type(name) end

---@class crm
crm = {}

--- All of f or nothing: an error in it rolls back and is raised again.
---@generic T
---@param f fun(...): T
---@return T
function crm.tx(f, ...) end

--- Rows of a SELECT; parameters are ?1, ?2 ...
---@param text string
---@return patter.rows
function crm.sql(text, ...) end

--- Call f(record, old, event, reason) at an event: "customer.add", "before:customer.set", "*.delete",
--- "lead.move", "call.ended"; f(counts) at "commit" and "undo". `return false, "why"` vetoes; a before
--- hook may assign to the record. The function returned removes the hook.
---@param event string
---@param f function
---@return fun() off
function crm.on(event, f) end

--- Give the same values to many records, all or none.
---@param records patter.set|table[]
---@param fields table
---@return integer
function crm.update(records, fields) end

--- Call f with lists of at most `size` records, each in a transaction of its own.
---@param size integer
---@param records patter.set|table[]
---@param f fun(batch: table[])
function crm.each_batch(size, records, f) end
