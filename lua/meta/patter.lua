---@meta
-- made by `patter debug docs`; for editors, never run
-- luacheck: ignore

---@class crm
crm = {}

--- who makes the calls
---@class crm.agent.record
---@field id integer its number, never given again
---@field name string their name
---@field user? string their account
---@field state string off, ready, talking, wrap-up or paused
---@field lasted? integer time in it
---@field since? integer of the state
---@field campaign? string what they work on
---@field reason? string of a pause
---@field wish? string what they want to be
---@field call? crm.call.record the call they are in
---@field process? string at whose prompt they dial
---@field phone? string where they are reached
---@field switch? string the one that knows the phone; none: each does
---@field skills? string comma separated; english=3 says how well

---@class crm.agent
---@overload fun(id: integer|string): crm.agent.record
crm.agent = {}

--- Walk the agents that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.agent.record
function crm.agents(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.agent.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.agent.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.agent.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.agent.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.agent.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.agent.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.agent.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.agent.list(args) end

--- An agent goes home.
--- * agent: who; you unless named
---@param args? { agent?: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.agent.off(args) end

--- An agent takes no calls for a while.
--- * agent: who; you unless named
--- * why: the reason
---@param args? { agent?: integer|string, why?: string, dry_run?: boolean }
---@return patter.rows
function crm.agent.pause(args) end

--- An agent is there and takes calls. Where the campaign is being dialled, the agent's phone is called once and kept; while a call or its wrap-up lasts, this is for afterwards.
--- * agent: who; you unless named
--- * campaign: of this campaign; the last one unless named
--- * phone: where the agent is reached
--- * skills: what the agent can do, comma separated
---@param args? { agent?: integer|string, campaign?: integer|string, phone?: string, skills?: string, dry_run?: boolean }
---@return patter.rows
function crm.agent.ready(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.agent.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.agent.show(args) end

--- Copy the database to a file, also while it is in use.
--- * file: the copy; it must not exist yet
--- * force: replace it if it exists
---@param args? { file: string, force?: boolean }
---@return patter.rows # file
function crm.backup(args) end

--- imports, with their figures
---@class crm.batch.record
---@field id integer its number, never given again
---@field type? string what was imported
---@field file? string from which file
---@field at? integer when
---@field encoding? string its encoding
---@field key? string what decided sameness
---@field on_match? string what was done on a match
---@field list? string the list that was filled
---@field read? integer rows read
---@field new? integer added
---@field updated? integer updated
---@field same? integer already there
---@field skipped? integer left alone by --on-match
---@field rejected? integer rejected with a reason
---@field rejects? string the reject file
---@field map? string columns that were led by hand
---@field region? string home of numbers without a country
---@field date_order? string how days like 1/2/2026 were read
---@field undone? integer when import undo took it back
---@field kept? integer rows that stayed then: later work has them

---@class crm.batch
---@overload fun(id: integer|string): crm.batch.record
crm.batch = {}

--- Walk the batches that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.batch.record
function crm.batches(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.batch.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.batch.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.batch.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.batch.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.batch.show(args) end

--- Open a transaction: what follows is kept or dropped as one. Nobody else can write to the file until commit or rollback. It is one step for undo.
---@param args? { }
---@return patter.rows
function crm.begin(args) end

--- calls: one row an attempt
---@class crm.call.record
---@field id integer its number, never given again
---@field direction? string who began it
---@field campaign? string for which campaign
---@field entry? crm.entry.record the list entry
---@field customer? crm.customer.record who was called
---@field number? string the number
---@field agent? string who spoke
---@field mode? string how it was dialled
---@field driver? string sim, ami ...
---@field channel? string whose call it is: run, process, its start
---@field real? boolean on a real line; a fact that undo keeps
---@field recorded? boolean the switch was told to record it
---@field state? string intent, placed or ended
---@field result? string how it ended
---@field placed_at? integer when it was placed
---@field answered_at? integer when it was answered
---@field bridged_at? integer when an agent was on
---@field ended_at? integer when it ended
---@field talk? integer time with an agent
---@field wrap? integer wrap-up after it
---@field note? string anything else

---@class crm.call
---@overload fun(id: integer|string): crm.call.record
crm.call = {}

--- Walk the calls that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.call.record
function crm.calls(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.call.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.call.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.call.history(args) end

--- Somebody calls: who it is, which campaign caused it, who should answer. The call is stored and credited to the campaign of the last call to the customer, or, when a letter, mail or message went out later, to the one that has the customer on its list. The owner of the customer should answer, when ready, else the agent who has been idle longest, those of the campaign first.
--- * number: who calls
--- * agent: who answers
--- * result: how it ended (default answered)
--- * note: what was said
--- * within: how long ago the campaign may have caused it; as setting inbound.days says unless given
---@param args? { number: string, agent?: integer|string, result?: string, note?: string, within?: integer|string, dry_run?: boolean }
---@return patter.rows # call, number, customer, name, org, owner, campaign, because, agent
crm.call["in"] = function(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.call.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.call.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.call.show(args) end

--- Book a time at which a customer is called back. It is dialled before anything else at that time, by the agent whose it is or by anybody; ten minutes later anybody may take it when that agent is away. Book it again to move it, or to give it to somebody else. The note is stored as a touch.
--- * customer: who is called
--- * when: at what time
--- * campaign: for which campaign; the only one that has it on its list unless named
--- * mine: you call
--- * agent: who calls; anybody unless said
--- * note: what is to be known
---@class crm.callback
---@overload fun(args?: { customer: integer|string, when: integer|string, campaign?: integer|string, mine?: boolean, agent?: integer|string, note?: string, dry_run?: boolean }): patter.rows
crm.callback = {}

--- Give up a callback; the customer stays on the list. The entry is open for anybody again: new, or retry when it was called before. It is done when its last result was final or its attempts are used up. Why is stored as a touch.
--- * customer: whose callback
--- * campaign: of which campaign; the only one that has it on its list unless named
--- * why: the reason
---@param args? { customer: integer|string, campaign?: integer|string, why: string, dry_run?: boolean }
---@return patter.rows
function crm.callback.drop(args) end

--- Show the agenda: who is called back when, and by whom. The note is the last one that any touch of the customer has.
--- * campaign: only of this campaign
--- * mine: only yours
--- * agent: only this agent's
--- * day: only of this day
--- * overdue: only those whose time has passed
---@param args? { campaign?: integer|string, mine?: boolean, agent?: integer|string, day?: integer|string, overdue?: boolean }
---@return patter.rows # at, customer, name, number, campaign, agent, overdue, result, note
function crm.callback.list(args) end

--- a list worked with a purpose, by agents
---@class crm.campaign.record
---@field id integer its number, never given again
---@field name string its name
---@field type string telesales, survey, return visit ...
---@field purpose string the purpose that consent is asked for: marketing ...
---@field state string draft, ready, running, paused or closed
---@field list? string whom to call
---@field mode string how to dial
---@field ratio number calls in flight per ready agent, in mode ratio
---@field hours? string calling hours; none: those named default
---@field script? string what the agent says
---@field max_attempts integer calls per entry at most
---@field max_per_day integer calls a customer may get on one day
---@field ring_seconds integer how long it may ring
---@field max_abandoned number cap on the abandoned share
---@field abandon_days integer days that the cap is reckoned over
---@field max_calls? integer lines in use at once
---@field calls_per_second? number calls begun in a second at most
---@field wrap_seconds integer longest wrap-up; 0: no limit
---@field skill? string what its agents must be able to do
---@field message? string mode broadcast: the sound of the switch that is played
---@field route string who gets a call: who is idle longest, or has most skill
---@field record boolean its calls are recorded; the switch must be able to
---@field hold_seconds integer longest wait of one who calls in
---@field hold? string the sound of the switch that one who waits hears now and then; none: music
---@field starts? string first day
---@field ends? string last day
---@field priority integer higher calls first
---@field note? string anything else
---@field created? integer when it was made
---@field dials? integer calls made

---@class crm.campaign
---@overload fun(id: integer|string): crm.campaign.record
crm.campaign = {}

--- Walk the campaigns that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.campaign.record
function crm.campaigns(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.campaign.add(args) end

--- Close a campaign for good.
--- * campaign: its name
---@param args? { campaign: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.campaign.close(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.campaign.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.campaign.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.campaign.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.campaign.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.campaign.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.campaign.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.campaign.list(args) end

--- Pause a running campaign: nothing new is dialled.
--- * campaign: its name
---@param args? { campaign: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.campaign.pause(args) end

--- Mark a draft campaign as ready.
--- * campaign: its name
---@param args? { campaign: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.campaign.ready(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.campaign.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.campaign.show(args) end

--- Start a campaign, or go on after a pause. Its list, script, hours and dates must be in order; what is not is named.
--- * campaign: its name
---@param args? { campaign: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.campaign.start(args) end

--- Prove that the file is sound and its books balance. Each row that breaks an equation is shown with both sides of it; the exit status is then 1.
---@param args? { }
---@return patter.rows # what, where, left, right, says
function crm.check(args) end

--- Keep what was done since begin.
---@param args? { }
---@return patter.rows
function crm.commit(args) end

--- who may be contacted how and for what, as it was said
---@class crm.consent.record
---@field id integer its number, never given again
---@field customer crm.customer.record whose word it is
---@field channel string for which channel
---@field purpose string for what: marketing, service ...; any is all of them
---@field given boolean yes: given, no: refused or withdrawn
---@field at integer when it was said
---@field source string how: call:118, form, letter
---@field note? string anything else
---@field user? string who wrote it down

---@class crm.consent
---@overload fun(id: integer|string): crm.consent.record
crm.consent = {}

--- Walk the consents that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.consent.record
function crm.consents(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.consent.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.consent.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.consent.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.consent.find(args) end

--- Note that a customer allows to be contacted. It is a new line of the customer's history: the last word for a channel and purpose counts, in the dial gate as in lists. Channel and purpose may be any.
--- * customer: who said it
--- * channel: phone, fax, email, sms, letter, web, chat, visit or any
--- * purpose: marketing, service ...; any unless given
--- * source: how it was said: call:118, form, letter
--- * at: when; now unless given
--- * note: anything else
---@param args? { customer: integer|string, channel: string, purpose?: string, source: string, at?: integer|string, note?: string, dry_run?: boolean }
---@return patter.rows # id
function crm.consent.give(args) end

--- Show what a customer said to being contacted, oldest first. A line counts when nothing was said later for the same channel and purpose.
--- * customer: whose words
---@param args? { customer: integer|string }
---@return patter.rows # at, channel, purpose, given, source, user, note, counts
function crm.consent.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.consent.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.consent.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.consent.show(args) end

--- Note that a customer refuses to be contacted. It is a new line of the customer's history: the last word for a channel and purpose counts, in the dial gate as in lists. Channel and purpose may be any.
--- * customer: who said it
--- * channel: phone, fax, email, sms, letter, web, chat, visit or any
--- * purpose: marketing, service ...; any unless given
--- * source: how it was said: call:118, form, letter
--- * at: when; now unless given
--- * note: anything else
---@param args? { customer: integer|string, channel: string, purpose?: string, source: string, at?: integer|string, note?: string, dry_run?: boolean }
---@return patter.rows # id
function crm.consent.withdraw(args) end

--- contact points: numbers and addresses
---@class crm.contact.record
---@field id integer its number, never given again
---@field customer crm.customer.record whose it is
---@field person? crm.person.record which person's; none: the customer's own
---@field kind string what it is
---@field value string the number (E.164) or address
---@field raw? string as it was typed, where that differs
---@field label? string mobile, work, home ...
---@field ext? string extension
---@field country? string country of a number
---@field zone? string time zone of a number
---@field valid? boolean whether the numbering plan knows it
---@field position? integer 1 is the primary one of its kind

---@class crm.contact
---@overload fun(id: integer|string): crm.contact.record
crm.contact = {}

--- Walk the contacts that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.contact.record
function crm.contacts(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.contact.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.contact.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.contact.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.contact.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.contact.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.contact.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.contact.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.contact.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.contact.show(args) end

--- what must hold for a record to enter a stage
---@class crm.criterion.record
---@field id integer its number, never given again
---@field stage string the stage to be entered
---@field name string what is missing when it fails
---@field expr string a filter that must hold
---@field hint? string what to do; {id} stands for the record

---@class crm.criterion
---@overload fun(id: integer|string): crm.criterion.record
crm.criterion = {}

--- Walk the criteria that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.criterion.record
function crm.criteria(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.criterion.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.criterion.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.criterion.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.criterion.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.criterion.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.criterion.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.criterion.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.criterion.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.criterion.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.criterion.show(args) end

--- people and firms; as leads they have a stage
---@class crm.customer.record
---@field id integer its number, never given again
---@field name? string the person's or firm's name
---@field org? string the firm, as text
---@field title? string position at the firm
---@field kind? string a person or a firm
---@field phone? string the first telephone number; += adds one
---@field fax? string the first fax number
---@field email? string the first e-mail address; += adds one
---@field web? string the web site
---@field stage? string where in the life cycle
---@field stage_at? integer when it entered the stage
---@field owner? string who looks after it
---@field source? string where it came from
---@field value? integer what it is worth
---@field budget? integer what it can spend
---@field region? string region or province
---@field country? string country, ISO code
---@field city? string town
---@field address? string street address
---@field postcode? string postal code
---@field zone? string IANA time zone, where the number does not tell
---@field prefer? string the channel it likes best
---@field best_time? string when it likes to be called, as hours: Mon-Fri 18:00-20:00
---@field note? string anything else
---@field tag? string[] words; += adds, -= removes
---@field dnc boolean asked not to be called
---@field stopped? boolean on the stop list of all campaigns, by a number or a domain
---@field refuses? string channels refused for any purpose
---@field retired boolean no longer worked
---@field created integer when it became known
---@field batch? crm.batch.record the import that brought it
---@field calls? integer calls made to it
---@field last_call? integer when it was last called
---@field people? integer people known there
---@field deciders? integer of them, who decide
---@field last_touch? integer when it was last in touch

---@class crm.customer
---@overload fun(id: integer|string): crm.customer.record
crm.customer = {}

--- Walk the customers that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.customer.record
function crm.customers(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.customer.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.customer.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.customer.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.customer.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.customer.find(args) end

--- What is still to be found out of customers, the most valuable first. A customer needs the fields of the setting customer.needs, what the criteria of its stage and of those before ask for, and what the next stage asks for. The score is the share of them that it has.
--- * filter: only of those for which it holds
--- * stage: only of those in this stage
--- * all: those without gaps, too
--- * limit: at most this many of a stage; 0 for all (default 50)
---@param args? { stage?: integer|string, all?: boolean, limit: integer, where?: string, [string]: any }
---@return patter.rows # id, name, stage, value, score, missing
function crm.customer.gaps(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.customer.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.customer.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.customer.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.customer.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.customer.show(args) end

--- one piece of business, on a pipeline of its own
---@class crm.deal.record
---@field id integer its number, never given again
---@field customer crm.customer.record with whom
---@field name string what it is about
---@field stage? string where in its pipeline
---@field stage_at? integer when it entered the stage
---@field value? integer what it would bring
---@field expected? string when it should close
---@field owner? string who works it
---@field note? string anything else
---@field created integer when it was opened

---@class crm.deal
---@overload fun(id: integer|string): crm.deal.record
crm.deal = {}

--- Walk the deals that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.deal.record
function crm.deals(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.deal.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.deal.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.deal.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.deal.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.deal.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.deal.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.deal.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.deal.list(args) end

--- Move deals along their pipeline. The stage's criteria must hold and its key actions be done; what is missing is named.
--- * target: ids (7 or 4,7-9) or --where EXPR
--- * stage: the stage to enter
--- * why: the reason, kept in the history
--- * force: against the gate; managers only, with --why
---@param args? { target?: integer|string|integer[], stage: integer|string, why?: string, force?: boolean, where?: string, dry_run?: boolean }
---@return patter.rows
function crm.deal.move(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.deal.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.deal.show(args) end

--- Show a deal's way through the stages, with the time spent in each.
--- * deal: its id
---@param args? { deal: integer|string }
---@return patter.rows # stage, entered, stayed, now, user, reason, forced
function crm.deal.stages(args) end

---@class crm.dial
crm.dial = {}

--- Measure pacing on simulated days. Each line of the file is a scenario: a name, then words such as N=10 p=0.3 talk=180. Each is dialled by the real engine for a simulated day of 8.5 hours a seed. util is the share of the agents' time that is talk or wrap-up, talk minutes of talk per hour of an agent's presence, abW and abD abandoned calls in percent of the persons who answered, after the warm-up and of the whole day, wait idle seconds per connected call, cph and dials connected calls and dials per hour of an agent's presence, live and aband persons who answered and who were abandoned on the whole day. No database is touched.
--- * file: the scenarios; - for standard input
--- * policy: patter, progressive, ratio=R or vicidial (default patter)
--- * seeds: one day for each of these: 7, or 1-10 (default 1-10)
--- * only: scenarios whose name holds this
--- * cap: highest share of abandoned calls (default 0.03)
---@param args? { file: string, policy?: string, seeds?: string, only?: string, cap?: number }
---@return patter.rows # scenario, policy, seed, util, talk, abW, abD, wait, cph, live, aband, dials
function crm.dial.bench(args) end

--- Dial the customer that is shown, or one that you choose.
--- * customer: one on the campaign's list; who is shown comes later
---@param args? { customer?: integer|string }
---@return patter.rows
function crm.dial.go(args) end

--- Hang up; after a talk the result is still to be said. Where calls are handed to a program that has ended, the phone itself hangs up.
--- * agent: whose call; yours unless named
---@param args? { agent?: integer|string }
---@return patter.rows
function crm.dial.hangup(args) end

--- Let somebody call in on the simulated line, to rehearse it. The process that dials takes the call as it would on a real line: the customer is recognised, the campaign credited, the owner or an idle agent gets the call, else the customer waits for the campaign's hold_seconds and is called back. Who works with dial preview answers with dial take. A number '' is withheld.
--- * number: who calls
--- * campaign: who takes it, when several are being dialled
---@param args? { number: string, campaign?: integer|string }
---@return patter.rows
function crm.dial.incoming(args) end

--- Work a campaign at the prompt: see each customer first, then dial or skip. Calls go over the switch that is enabled (switch list), else over the simulated line; a soft phone or a program that dials will do. The agent is the one whose user you are, or the one named like your account. What happens is told above the prompt; in a script time is turned forward on the simulated line until the agent is needed, and waited for on a real one.
--- * campaign: which campaign
--- * agent: who works
--- * seed: of the simulated line
---@param args? { campaign: integer|string, agent?: integer|string, seed?: integer }
---@return patter.rows
function crm.dial.preview(args) end

--- Pause the recording of a call, or go on with it. For what must not be kept, such as the number of a card. Each time is written down: supervision list.
--- * to: off pauses, on goes on: off, on
--- * agent: whose call; you unless named
---@param args? { to: string, agent?: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.dial.record(args) end

--- Say how the call ended; the next customer is shown.
--- * result: one of those that result list shows
--- * note: what was said
--- * at: when to call back
--- * mine: the agent himself calls back
--- * agent: whose call; yours unless named
---@param args? { result: string, note?: string, at?: integer|string, mine?: boolean, agent?: integer|string }
---@return patter.rows
function crm.dial.result(args) end

--- Rehearse a campaign's day on the simulated line. Lists, rules and calling hours are the real ones, the customers' behaviour is made of the seed: the same seed gives the same day. Nothing is stored unless --keep is given. A campaign that does not run yet is started for the rehearsal. The day begins at today's opening of the calling hours, or at the next one. talk_per_hour is minutes per hour of an agent at work, wait is seconds that agents were idle per connected call, unlisted counts events of the line that had no meaning.
--- * campaign: which campaign
--- * agents: how many agents: those of the campaign first (default 5)
--- * hours: how long the day is (default 8)
--- * seed: of the day (default: --seed of the program, else 1)
--- * at: when the day begins
--- * answer: share of calls that a person answers, 0.3 (default: it varies by the hour)
--- * keep: store the day
---@param args? { campaign: integer|string, agents?: integer, hours?: number, seed?: integer, at?: integer|string, answer?: number, keep?: boolean, dry_run?: boolean }
---@return patter.rows # campaign, agents, hours, seed, began, dials, connected, connect_rate, appointments, appointment_rate, accepted, acceptance_rate, abandoned, abandoned_share, no_answer, busy, bad_number, machine, failed, refused, not_interested, callback, wrong_number, do_not_call, talk_per_hour, wait, left, exhausted_at, unlisted
function crm.dial.simulate(args) end

--- Pass over the customer that is shown; it comes again later. The skip is stored as a touch with the result 'skipped'. The entry rests for a day, or as a recycle rule for 'skipped' says. `report skips` counts them.
--- * why: the reason
---@param args? { why?: string }
---@return patter.rows
function crm.dial.skip(args) end

--- Dial a campaign for all its agents, in its mode. Agents say that they are there with `agent ready NAME CAMPAIGN`, at this process or any other; answers go to who has been idle longest. At the prompt the calls go on while you work; otherwise the command runs until it is stopped, the list is done or the calling hours are over: ^C lets the calls end, a second one hangs up. One process dials a campaign. The calls go over the switch that is enabled (switch list), else over the simulated line.
--- * campaign: which campaign
--- * crew: so many simulated agents work along
--- * seed: of the simulated line and agents
--- * by_number: the simulated line obeys the last digit of a number: 0 no such number, 1 busy, 2 no answer, 3 machine, 8 and 9 a person
---@param args? { campaign: integer|string, crew?: integer, seed?: integer, by_number?: boolean }
---@return patter.rows # campaign, dials, connected, appointments, accepted, abandoned
function crm.dial.start(args) end

--- Show how a campaign goes that is being dialled, or what you have before you. Agents, calls, the abandoned share against its cap, calls an hour, when the list will be done at that pace (in open hours), and why nothing is dialled just now. In your own work with dial preview it is the customer before you.
--- * campaign: which one, when several are being dialled
--- * live: drawn in place, until ^C
---@param args? { campaign?: integer|string, live?: boolean }
---@return patter.rows
function crm.dial.status(args) end

--- Stop dialling, also in another process; or end your own work at the prompt. Calls that are up may end, unless --now hangs them up. The agents are off then.
--- * campaign: which one, when several are being dialled
--- * now: hang up
---@param args? { campaign?: integer|string, now?: boolean }
---@return patter.rows
function crm.dial.stop(args) end

--- Answer who calls in at your soft phone while you work with dial preview. Who it is, and for which campaign, is told above the prompt when it rings. The customer whom you looked at comes again. Say how it ended with `dial result`. A call that you answer at the phone itself stays your own; who gives up is written down as missed and called back. On a switch with many phones `dial start` answers calls in.
---@param args? { }
---@return patter.rows
function crm.dial.take(args) end

--- dial sessions that were kept
---@class crm.dial_run.record
---@field id integer its number, never given again
---@field campaign? string the campaign
---@field driver? string sim, ami ...
---@field seed? integer of the simulation
---@field agents? integer agents on it
---@field began? integer when it began
---@field ended? integer when it ended
---@field dials? integer calls placed
---@field connected? integer calls with an agent
---@field abandoned? integer answered, no agent free

---@class crm.dial_run
---@overload fun(id: integer|string): crm.dial_run.record
crm.dial_run = {}

--- Walk the dial_runs that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.dial_run.record
function crm.dial_runs(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.dial_run.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.dial_run.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.dial_run.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.dial_run.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.dial_run.show(args) end

---@class crm.dialer
crm.dialer = {}

--- Say over which kind of switch calls go. Makes or changes the switch that is named as the adapter, enables it and disables all others; switch set, switch add and switch list do the rest, also for several switches at once.
--- * adapter: sim, the simulated line; ami, an Asterisk; command, a program that dials on your own phone; softphone, a baresip; esl, a FreeSWITCH (built from its documentation, untried): sim, ami, command, softphone, esl
--- * address: where it is: HOST or HOST:PORT
--- * user: to log in as
--- * secret: where its secret is: file:/PATH or env:NAME
--- * command: program and arguments that dial {number} or {tel}
--- * tls: encrypted, with a certificate that is checked
---@param args? { adapter: string, address?: string, user?: string, secret?: string, command?: string, tls?: boolean, dry_run?: boolean }
---@return patter.rows
function crm.dialer.adapter(args) end

--- Print what a switch needs to know of the dialer. For Asterisk these are the dialplan (extensions), the account with the least rights that do (manager), the carrier and the phones (pjsip) and the modules (modules); the dialplan ends by itself what the dialer leaves: a person for whom no agent came hears the message, also when the dialer is gone. For baresip, one person's soft phone, they are its config and accounts, for FreeSWITCH the event socket (event_socket). Each begins with the place it goes to. Secrets are drawn anew each time unless one is given.
--- * adapter: the kind of switch: asterisk, baresip, freeswitch
--- * part: only this part; all unless given: extensions, manager, pjsip, modules, config, accounts, event_socket
--- * user: name of the dialer's account (default patter)
--- * secret: its secret
--- * port: where the switch listens to the dialer; the usual one unless given: 5038 for Asterisk, 4444 for baresip, 8021 for FreeSWITCH
--- * message: sound that a person hears for whom no agent came (default vm-goodbye)
---@param args? { adapter: string, part?: string, user?: string, secret?: string, port?: integer, message?: string }
---@return string # text
function crm.dialer.config(args) end

--- Look at a switch step by step: would it carry calls?. Of an Asterisk: connects, logs in, asks for the rights, the dialplan and the trunk, and has it call a waiting place inside itself. Of a soft phone: connects and shows its account. Of a program: shows what would be started. Nobody is called. Each step that fails says what to do about it.
--- * switch: which one; all that are enabled unless given
---@param args? { switch?: integer|string }
---@return patter.rows # switch, step, state, found, mend
function crm.dialer.test(args) end

--- the stop list: numbers that are not to be called
---@class crm.dnc.record
---@field id integer its number, never given again
---@field number string a number; +8621*: all that begin so; @example.com: who has an address there
---@field campaign? string for this campaign; none: for all
---@field why? string the reason
---@field source? string where the wish came from
---@field at integer since when

---@class crm.dnc
---@overload fun(id: integer|string): crm.dnc.record
crm.dnc = {}

--- Walk the dncs that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.dnc.record
function crm.dncs(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.dnc.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.dnc.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.dnc.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.dnc.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.dnc.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.dnc.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.dnc.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.dnc.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.dnc.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.dnc.show(args) end

---@class crm.dup
crm.dup = {}

--- Find records that are probably the same. --key a,b takes either, a+b takes both together; a~0.9 is a likeness of nine letters in ten, whatever the case, width, accents and order of words, and without words that do not tell such as Ltd or 有限公司 (setting dup.words). phone and email stand for all numbers and addresses of a record. Without --key the setting dup.key says what counts. Of n equal records n - 1 pairs are shown, each with the oldest.
--- * filter: only among records for which it holds
--- * key: what makes two the same
--- * type: among these records; else customers
--- * limit: at most this many pairs; 0 for all (default 100)
---@param args? { key?: string, type?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows # id, other, score, key, name, other_name
function crm.dup.find(args) end

--- Make one record of several that are the same. The first record stays, the others go; their numbers, people, tasks, calls, entries of lists and whatever else refers to them go to the one that stays, and what is then there twice becomes one. In each field the value of the one that stays wins, if it has one, or what --keep says; field=rule says it for one field (keep, newest, oldest, least, most, sum, join, the id of a record), the setting dup.rules for all merges. What was refused (dnc) stays refused. The rows are the fields in which they differed, and what won; merge list shows them later. --all merges all groups that are equal by --key, each into its oldest record: what is only alike (name~0.9) is for dup find to show and for you to merge.
--- * records: the id that stays, those that go, and field=rule
--- * keep: whose values win: newest, oldest or an id
--- * type: these are records of that type; else customers
--- * all: all groups that are equal by --key
--- * key: with --all: what makes them the same
--- * among: with --all: only records for which it holds
--- * most: with --all: leave larger groups alone (default 5)
---@param args? { records?: string|string[], keep?: string, type?: string, all?: boolean, key?: string, among?: string, most?: integer, dry_run?: boolean }
---@return patter.rows # type, record, kept, field, won, winner, lost
function crm.dup.merge(args) end

--- Edit the last statement in $VISUAL or $EDITOR, then run it. ^X^E does the same for the line that is being typed.
---@param args? { }
---@return patter.rows
function crm.edit(args) end

--- customers on lists, with their state
---@class crm.entry.record
---@field id integer its number, never given again
---@field list? string the list
---@field customer? crm.customer.record the customer
---@field name? string the customer's name
---@field state? string new, dialling, retry, callback or done
---@field reason? string why it is in that state
---@field attempts? integer calls made for it
---@field result? string result of the last call
---@field last_at? integer time of the last call
---@field next_at? integer not before
---@field agent? string whom it is dealt to

---@class crm.entry
---@overload fun(id: integer|string): crm.entry.record
crm.entry = {}

--- Walk the entries that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.entry.record
function crm.entries(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.entry.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.entry.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.entry.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.entry.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.entry.show(args) end

--- The same as quit.
---@param args? { }
---@return patter.rows
function crm.exit(args) end

--- Write customers to a file. The same as customer export. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.export(args) end

--- fields that were added to a type
---@class crm.field.record
---@field id integer its number, never given again
---@field type? string the type it belongs to
---@field name? string its name
---@field label? string its name for people
---@field kind? string what it holds
---@field choices? string allowed values, comma separated
---@field ref? string the type it refers to
---@field required boolean may not be empty

---@class crm.field
---@overload fun(id: integer|string): crm.field.record
crm.field = {}

--- Walk the fields that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.field.record
function crm.fields(where) end

--- Add a field to a type. It is a real column, at once usable in filters, imports, Lua and reports; undo drops it.
--- * type: the type that gets it
--- * name: letters of any script, digits and _
--- * kind: what it holds: text, int, number, money, bool, date, time, duration, phone, email, choice, ref (default text)
--- * choices: for kind choice: the allowed values; of a=x|y x and y are read as a
--- * label: its name for people; imports match it too
--- * ref: for kind ref: the type it refers to
--- * required: may not be empty from now on
---@param args? { type: string, name: string, kind?: string, choices?: string, label?: string, ref?: string, required?: boolean, dry_run?: boolean }
---@return patter.rows
function crm.field.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.field.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.field.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.field.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.field.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.field.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.field.show(args) end

--- Search everything by words, one Chinese character or some digits. `customer find` and its like search in one type and show more of each record.
--- * word: what to look for; all words must be there
--- * limit: at most this many of each type (default 20)
---@param args? { word: string|string[], limit?: integer }
---@return patter.rows # type, id, name
function crm.find(args) end

--- Show what can be done, and how. Without words it shows a tour and all commands; with a noun its verbs and fields; with a command all about it; with filter, assign, target or output that topic.
--- * word: a noun, a command or a topic
---@param args? { word?: string|string[] }
---@return string # text
function crm.help(args) end

--- days with calling hours of their own: closed, or a working Saturday
---@class crm.holiday.record
---@field id integer its number, never given again
---@field day string the day, at the customer's place
---@field name string its name
---@field country? string for numbers of that country; none: everywhere
---@field hours? string for these calling hours; none: for all
---@field spec? string open on it, 10:00-14:00; none: closed

---@class crm.holiday
---@overload fun(id: integer|string): crm.holiday.record
crm.holiday = {}

--- Walk the holidays that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.holiday.record
function crm.holidays(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.holiday.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.holiday.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.holiday.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.holiday.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.holiday.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.holiday.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.holiday.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.holiday.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.holiday.show(args) end

--- weekly calling hours, in the customer's own time
---@class crm.hours.record
---@field id integer its number, never given again
---@field name string its name
---@field spec string Mon-Fri 09:00-12:00 13:30-20:00; Sat 10-16

---@class crm.hours
---@overload fun(id: integer|string): crm.hours.record
crm.hours = {}

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.hours.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.hours.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.hours.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.hours.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.hours.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.hours.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.hours.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.hours.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.hours.show(args) end

--- Bring in a file of customers: CSV, TSV, JSON, vCard or XLSX. The same as customer import. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@class crm.import
---@overload fun(id: integer|string): crm.batch.record
---@overload fun(args?: { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }): patter.rows
crm.import = {}

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.import.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.import.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.import.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.import.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.import.show(args) end

--- Take one import back, also when other work came after it. Records that nobody has touched since are removed, or get the values back that they had. A record that was changed, called, listed or referred to since stays, with all that the import gave it; the rows are those that stay, with the reason. Fields that the import created go when nothing that stays has a value in them. The batch remains, marked as undone.
--- * import: its number, as import list shows it
---@param args? { import: integer|string, dry_run?: boolean }
---@return patter.rows # type, id, name, why
function crm.import.undo(args) end

---@class crm.lead
---@overload fun(id: integer|string): crm.customer.record
crm.lead = {}

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.lead.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.lead.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.lead.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.lead.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.lead.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.lead.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.lead.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.lead.list(args) end

--- Move leads to another stage of the life cycle. The stage's criteria must hold and its key actions be done; what is missing is named. Nothing moves when one of the leads may not.
--- * target: ids (7 or 4,7-9) or --where EXPR
--- * stage: the stage to enter
--- * why: the reason, kept in the history
--- * force: against the gate; managers only, with --why
---@param args? { target?: integer|string|integer[], stage: integer|string, why?: string, force?: boolean, where?: string, dry_run?: boolean }
---@return patter.rows
function crm.lead.move(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.lead.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.lead.show(args) end

--- Show a lead's way through the stages, with the time spent in each.
--- * lead: its id
---@param args? { lead: integer|string }
---@return patter.rows # stage, entered, stayed, now, user, reason, forced
function crm.lead.stages(args) end

--- calling lists
---@class crm.list.record
---@field id integer its number, never given again
---@field name string its name
---@field state string active, frozen or retired
---@field entries? integer customers on it
---@field left? integer not done yet
---@field rule? string how it was built
---@field note? string anything else
---@field created? integer when it was made

---@class crm.list
---@overload fun(id: integer|string): crm.list.record
crm.list = {}

--- Walk the lists that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.list.record
function crm.lists(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.list.add(args) end

--- Make a list from rules, and show who falls out at each. The rules are kept with the list. Who refuses the channel is left out; so is, of a channel that is named, who has no address for it.
--- * name: the new list's name
--- * from: a filter: whom to take; all customers when not given
--- * not: a filter: whom to leave out; may be given several times
--- * channel: how they are to be reached; phone unless given: phone, fax, email, sms, letter, web, chat, visit
---@param args? { name: string, from?: string, not?: string|string[], channel?: string, dry_run?: boolean }
---@return patter.rows # rule, entries
function crm.list.build(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.list.count(args) end

--- Deal entries of a list to agents. Without --each all entries are dealt evenly. Dealt entries are offered to their agent alone.
--- * list: the list
--- * to: agents; may be given several times
--- * each: entries for each of them (default 0)
---@param args? { list: integer|string, to: string|string[], each?: integer, dry_run?: boolean }
---@return patter.rows # agent, entries
function crm.list.deal(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.list.delete(args) end

--- Write the customers on a list to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * name: the list
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { name: integer|string, file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.list.export(args) end

--- Put customers on a list. Each customer is on a list once; retired customers are left out.
--- * list: the list
--- * filter: which customers; all when not given
---@param args? { list: integer|string, where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.list.fill(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.list.find(args) end

--- Keep a list as it is: not changed and not dialled.
--- * list: the list
---@param args? { list: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.list.freeze(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.list.history(args) end

--- Bring in a file of customers and put them on a list. The list is made when there is none of that name. Customers that are known already are put on it too. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * name: the list
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { name: string, file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.list.import(args) end

--- Make a new list of the customers of others, each once.
--- * lists: the lists
--- * as: the new list's name
---@param args? { lists: string|string[], as: string, dry_run?: boolean }
---@return patter.rows
function crm.list.join(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.list.list(args) end

--- Take back what an agent was dealt and has not dialled.
--- * list: the list
--- * agent: from whom; everybody when not given
--- * all: also what he has dialled and not finished, and his callbacks
---@param args? { list: integer|string, agent?: integer|string, all?: boolean, dry_run?: boolean }
---@return patter.rows
function crm.list.recall(args) end

--- Take customers that were never called off a list.
--- * list: the list
--- * filter: which customers
---@param args? { list: integer|string, where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.list.remove(args) end

--- Put a list out of use for good; its history stays.
--- * list: the list
---@param args? { list: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.list.retire(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.list.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.list.show(args) end

--- Split a list into one for each value of a customer field. The entries move, with their state and history; the list itself stays, empty.
--- * list: the list
--- * by: the field
---@param args? { list: integer|string, by: string, dry_run?: boolean }
---@return patter.rows # list, entries
function crm.list.split(args) end

--- Count a list's entries by state and reason.
--- * list: the list
---@param args? { list: integer|string }
---@return patter.rows # state, reason, entries, attempts, next_at
function crm.list.status(args) end

--- Make a frozen list active again.
--- * list: the list
---@param args? { list: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.list.thaw(args) end

--- Show who changed what, newest first, or all that one change did. Of one change: each field it altered, before and after, and the rows it added. `customer history 7` tells what became of one record.
--- * change: this one, field by field
--- * limit: at most so many lines, 0 for all (default 20)
---@class crm.log
---@overload fun(args?: { change?: integer, limit?: integer }): patter.rows
crm.log = {}

--- Prove that no entry of the journal was altered or removed. Each entry holds the hash of the one before it. Keep the head that is printed somewhere else: only by it can a rewrite of the whole tail be seen.
---@param args? { }
---@return patter.rows # entries, head
function crm.log.verify(args) end

--- which column of a file goes where, for import --mapping
---@class crm.mapping.record
---@field id integer its number, never given again
---@field name string its name
---@field type string what it imports
---@field map string HEADER=field, a line each; HEADER= leaves the column out
---@field key? string what decides sameness, as --key has it

---@class crm.mapping
---@overload fun(id: integer|string): crm.mapping.record
crm.mapping = {}

--- Walk the mappings that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.mapping.record
function crm.mappings(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.mapping.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.mapping.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.mapping.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.mapping.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.mapping.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.mapping.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.mapping.list(args) end

--- Keep what an import was told of its columns, under a name. Of the last import: its --map, the fields that it created, the columns that it left out, and its --key. Or what --map says here. A mapping of that name is replaced. Headers that are known without it need not be in it; columns of it that a file does not have do not matter.
--- * name: its name
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
---@param args? { name: string, map?: string|string[], dry_run?: boolean }
---@return patter.rows
function crm.mapping.save(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.mapping.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.mapping.show(args) end

---@class crm.member
crm.member = {}

--- Give a member points, or take some, and see the level. A customer without an account gets one. The level is the highest of member_level that the balance reaches. Every movement is kept (member_point list). Needs `type load member` once.
--- * customer: the customer
--- * points: +50, or -100 for those that are spent
--- * why: order:31, a gift
---@param args? { customer: integer|string, points: string, why: string, dry_run?: boolean }
---@return patter.rows # customer, points, level, benefits
function crm.member.points(args) end

--- what won when records became one, field by field
---@class crm.merge.record
---@field id integer its number, never given again
---@field type? string what was merged
---@field record? integer the id that is gone
---@field kept? integer the id that it leads to
---@field field? string in which they differed; empty: in none
---@field won? string the value that won
---@field winner? integer whose that was; empty: made of both
---@field lost? string the value that lost
---@field at? integer when
---@field user? string who merged them

---@class crm.merge
---@overload fun(id: integer|string): crm.merge.record
crm.merge = {}

--- Walk the merges that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.merge.record
function crm.merges(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.merge.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.merge.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.merge.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.merge.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.merge.show(args) end

--- Choose the format of results until further notice. auto is a table on a terminal and tab-separated text elsewhere. The switches of a command (--csv, --json ...) go before.
--- * format: auto, table, long, csv, tsv, json, jsonl, markdown, sql, xlsx, vcard
---@param args? { format: string }
---@return patter.rows
function crm.mode(args) end

--- Show who talks with whom, and for how long.
--- * campaign: only this campaign
---@class crm.monitor
---@overload fun(args?: { campaign?: integer|string }): patter.rows
crm.monitor = {}

--- Join an agent's call: both hear you.
--- * agent: whose calls
--- * as: the agent whose phone rings; you unless named
---@param args? { agent: integer|string, as?: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.monitor.barge(args) end

--- Hear an agent's calls. The supervisor's phone is called. Each time is written down: supervision list.
--- * agent: whose calls
--- * as: the agent whose phone rings; you unless named
---@param args? { agent: integer|string, as?: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.monitor.listen(args) end

--- Hear an agent no more.
--- * agent: whose calls
--- * as: the agent whose phone rings; you unless named
---@param args? { agent: integer|string, as?: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.monitor.stop(args) end

--- Speak to an agent in a call, unheard by the customer.
--- * agent: whose calls
--- * as: the agent whose phone rings; you unless named
---@param args? { agent: integer|string, as?: integer|string, dry_run?: boolean }
---@return patter.rows
function crm.monitor.whisper(args) end

--- changes of stage, kept for ever
---@class crm.move.record
---@field id integer its number, never given again
---@field type? string what moved
---@field record? integer its id
---@field origin? integer the one that moved, where it was merged into that
---@field from_stage? string the stage it left
---@field to_stage? string the stage it entered
---@field at? integer when
---@field entered? integer when it had entered the stage it left
---@field user? string who moved it
---@field reason? string why
---@field forced? boolean against the gate

---@class crm.move
---@overload fun(id: integer|string): crm.move.record
crm.move = {}

--- Walk the moves that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.move.record
function crm.moves(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.move.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.move.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.move.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.move.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.move.show(args) end

--- Drop the lines that events print above the prompt.
--- * state: on or off: on, off
---@param args? { state?: string }
---@return patter.rows
function crm.mute(args) end

--- Send all results to a new file, or back to the terminal.
--- * file: a file that does not exist yet; none: the terminal
---@param args? { file?: string }
---@return patter.rows
function crm.output(args) end

--- Print the folders and files that are used.
---@param args? { }
---@return patter.rows # name, path
function crm.paths(args) end

--- people at a customer, with their role
---@class crm.person.record
---@field id integer its number, never given again
---@field customer crm.customer.record where they are
---@field name string their name
---@field title? string their position
---@field role? string their part in a decision
---@field reports? crm.person.record whom they report to
---@field cares? string what matters to them
---@field phone? string their number
---@field email? string their address
---@field note? string anything else

---@class crm.person
---@overload fun(id: integer|string): crm.person.record
crm.person = {}

--- Walk the people that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.person.record
function crm.people(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.person.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.person.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.person.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.person.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.person.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.person.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.person.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.person.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.person.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.person.show(args) end

--- ordered stages that leads or deals move along
---@class crm.pipeline.record
---@field id integer its number, never given again
---@field name string its name
---@field type string what moves along it
---@field stages? string its stages in order

---@class crm.pipeline
---@overload fun(id: integer|string): crm.pipeline.record
crm.pipeline = {}

--- Walk the pipelines that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.pipeline.record
function crm.pipelines(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.pipeline.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.pipeline.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.pipeline.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.pipeline.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.pipeline.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.pipeline.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.pipeline.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.pipeline.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.pipeline.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.pipeline.show(args) end

---@class crm.privacy
crm.privacy = {}

--- Take a customer's values out of the file for good, and prove it. The rows that reports count stay, without what tells of a person; contact points, tags and lines of the stop list go. The journal loses the old values and what was typed, and log verify still holds. The name must be typed to confirm it. Afterwards the old values are sought in the tables, the journal, the search index and each byte of the file and its write-ahead log: the rows say what was found. Exports, rejects, backups and the shell's history are files of their own.
--- * customer: the id of who asks for it, deleted or not
---@param args? { customer: integer, dry_run?: boolean }
---@return patter.rows # place, searched, found
function crm.privacy.erase(args) end

--- Print all that is held on a customer, as one JSON object. A key for each table with its rows, and the journal of these rows. Files beside the database (exports, rejects, backups) are not looked at.
--- * customer: the id of who asks for it, deleted or not
---@param args? { customer: integer }
---@return string # held
function crm.privacy.export(args) end

--- scores of calls
---@class crm.qa.record
---@field id integer its number, never given again
---@field call crm.call.record which call
---@field agent? string who spoke
---@field points number mean of the items
---@field items? string each with its points: opening=4 close=2
---@field note? string what to tell the agent
---@field user? string who scored
---@field at integer when

---@class crm.qa
---@overload fun(id: integer|string): crm.qa.record
crm.qa = {}

--- Walk the qas that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.qa.record
function crm.qas(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.qa.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.qa.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.qa.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.qa.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.qa.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.qa.list(args) end

--- Draw calls of a campaign that are to be scored. Calls in which an agent spoke and that have no score yet. The same seed draws the same calls.
--- * campaign: of which campaign
--- * count: how many (default 5)
--- * seed: of the draw (default 1)
---@param args? { campaign: integer|string, count?: integer, seed?: integer }
---@return patter.rows # call, agent, customer, placed_at, talk, result
function crm.qa.sample(args) end

--- Score a call: items with their points, and a note for the agent. Points are 0 to 5, by item=POINTS; the score is their mean. A second score of a call replaces the first.
--- * call: which call
--- * items: opening=4 close=2
--- * note: what to tell the agent
---@param args? { call: integer|string, items: string|string[], note?: string, dry_run?: boolean }
---@return patter.rows # id, points
function crm.qa.score(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.qa.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.qa.show(args) end

--- Leave the shell, or end the script. Also exit, \q, .quit and ^D on an empty line. At the prompt you are asked first while calls are up.
---@param args? { }
---@return patter.rows
function crm.quit(args) end

--- which results are tried again, when, how often
---@class crm.recycle.record
---@field id integer its number, never given again
---@field result string after which result
---@field campaign? string for one campaign only
---@field after integer try again after
---@field max integer how often it is tried again after this result

---@class crm.recycle
---@overload fun(id: integer|string): crm.recycle.record
crm.recycle = {}

--- Walk the recycles that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.recycle.record
function crm.recycles(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.recycle.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.recycle.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.recycle.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.recycle.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.recycle.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.recycle.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.recycle.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.recycle.show(args) end

--- Do again what undo took back. New work after an undo clears what could be redone.
---@param args? { dry_run?: boolean }
---@return patter.rows # run, removed, restored, schema, kept
function crm.redo(args) end

---@class crm.report
crm.report = {}

--- How many reached each stage, and the share of each step. Counts come from the history of stages: a record has reached a stage when it entered that stage or a later one in the time asked for. The rate is the share of those who reached the stage before; now is how many stand in the stage today. With --by there is a funnel for each owner, region or source, or for each campaign that called.
--- * since: only what was entered from then on
--- * until: only what was entered before then
--- * by: a funnel for each of these: owner, region, source, campaign
--- * pipeline: only this pipeline
---@param args? { since?: integer|string, until?: integer|string, by?: string, pipeline?: integer|string }
---@return patter.rows # pipeline, stage, reached, rate, now, value
function crm.report.funnel(args) end

--- Scores of agents: how many calls, their mean, and the trend. The trend is the mean of the later half of an agent's scores less that of the earlier half.
--- * agent: only this agent
--- * since: only scores given from then on
---@param args? { agent?: integer|string, since?: integer|string }
---@return patter.rows # agent, calls, mean, trend, last_at
function crm.report.qa(args) end

--- Connect, appointment and acceptance rate, with the counts behind them. The connect rate is the share of dials that reached a person, the appointment rate the share of those that gave an appointment, the acceptance rate the share of appointments that were accepted; overall is accepted by dials. A dial counts once it has ended. inbound is calls in that the campaign caused (call in); their appointments count, too.
--- * campaign: only this campaign
--- * since: only calls placed from then on
---@param args? { campaign?: integer|string, since?: integer|string }
---@return patter.rows # campaign, dials, connected, appointments, accepted, connect_rate, appointment_rate, acceptance_rate, overall, inbound
function crm.report.rates(args) end

--- How calls ended: a row for each result, and their total. The total is the number of dials that have ended.
--- * campaign: only this campaign
--- * since: only calls placed from then on
---@param args? { campaign?: integer|string, since?: integer|string }
---@return patter.rows # result, count, share
function crm.report.results(args) end

--- Whom agents passed over in preview, and what they said of it. A row for each agent and reason, most first, and the total. Of a campaign: the customers on its list.
--- * campaign: only this campaign
--- * since: only from then on
---@param args? { campaign?: integer|string, since?: integer|string }
---@return patter.rows # user, why, count, customers, last_at
function crm.report.skips(args) end

--- how a call may end (disposition)
---@class crm.result.record
---@field id integer its number, never given again
---@field name string its name
---@field label? string its name for people
---@field connected boolean a person spoke with an agent
---@field appointment boolean counts as an appointment
---@field accepted boolean counts as an accepted one
---@field final boolean the entry is done after it
---@field dnc boolean the number is not called again

---@class crm.result
---@overload fun(id: integer|string): crm.result.record
crm.result = {}

--- Walk the results that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.result.record
function crm.results(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.result.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.result.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.result.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.result.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.result.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.result.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.result.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.result.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.result.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.result.show(args) end

--- Drop what was done since begin.
---@param args? { }
---@return patter.rows
function crm.rollback(args) end

--- Run the commands of a file. A .lua file is run as Lua. The first error ends the file; all its changes are one step for undo.
--- * file: commands, or a .lua file
---@param args? { file: string }
---@return patter.rows
function crm.run(args) end

--- Set a variable, forget it, or list them all. A variable is used as :name, as a word of its own or as the value of a field; its text is never split into words. patter -v name=value sets one too, and the arguments of a script are :1, :2 and so on. Without a value the variable is forgotten.
--- * name: letters, digits and _
--- * value: its text
---@param args? { name?: string, value?: string }
---@return patter.rows # name, value
function crm.set(args) end

---@class crm.setting
crm.setting = {}

--- Print the value of a setting.
--- * name: which one: region, zone, ambiguous, consent, dial.never, customer.show, customer.needs, dup.key, dup.words, dup.rules, inbound.days, inbound.new, lua.seconds, lua.megabytes
---@param args? { name: string }
---@return string # value
function crm.setting.get(args) end

--- Show all settings, set or not.
---@param args? { }
---@return patter.rows # name, value, set, help
function crm.setting.list(args) end

--- Change a setting of this file.
--- * name: which one: region, zone, ambiguous, consent, dial.never, customer.show, customer.needs, dup.key, dup.words, dup.rules, inbound.days, inbound.new, lua.seconds, lua.megabytes
--- * value: its value; '' clears it
---@param args? { name: string, value: string, dry_run?: boolean }
---@return patter.rows # name, value
function crm.setting.set(args) end

--- Ask the database in SQL. A statement that changes rows needs --write; it is journalled like any other change. Put the statement in quotes, so that > and * mean what they mean in SQL.
--- * statement: one SQL statement
--- * write: it may change rows
---@param args? { statement: string|string[], write?: boolean, dry_run?: boolean }
---@return patter.rows
function crm.sql(args) end

--- the stages of the life cycle and of deal pipelines
---@class crm.stage.record
---@field id integer its number, never given again
---@field name string its name
---@field label? string its name for people, in any language
---@field pipeline string whose stage it is
---@field position? integer place in the order; what has it moves on by one
---@field outcome string open, won or lost
---@field probability? number of winning from here
---@field days? integer standard length in days
---@field actions? string key actions to be done before entering, comma separated
---@field customers? integer customers in it
---@field deals? integer deals in it

---@class crm.stage
---@overload fun(id: integer|string): crm.stage.record
crm.stage = {}

--- Walk the stages that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.stage.record
function crm.stages(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.stage.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.stage.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.stage.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.stage.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.stage.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.stage.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.stage.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.stage.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.stage.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.stage.show(args) end

--- Show which file this is, who you are and how much there is. The line called undo is what `undo` would take back.
---@param args? { }
---@return patter.rows
function crm.status(args) end

--- who listened to whose calls, or paused their recording
---@class crm.supervision.record
---@field id integer its number, never given again
---@field agent? string who was heard
---@field supervisor? string whose phone it was
---@field how string listen, whisper, barge, or the end of it; record-off, record-on: the recording
---@field call? crm.call.record the call that was up
---@field at integer when
---@field user? string who asked for it
---@field outcome? string taken, or why not
---@field began? integer the supervisor was on
---@field ended? integer and left

---@class crm.supervision
---@overload fun(id: integer|string): crm.supervision.record
crm.supervision = {}

--- Walk the supervisions that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.supervision.record
function crm.supervisions(where) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.supervision.count(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.supervision.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.supervision.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.supervision.list(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.supervision.show(args) end

--- telephone systems that carry the calls
---@class crm.switch.record
---@field id integer its number, never given again
---@field name string its name
---@field adapter string how it is spoken to
---@field host? string name or address
---@field port? integer none: the adapter's usual one
---@field tls boolean encrypted, with a certificate that is checked
---@field ca? string file of the authority that signed it (PEM); none: the system's
---@field user? string to log in as
---@field secret? string where it is: file:/PATH (mode 0600) or env:NAME
---@field prefix string names of calls there begin with it; made up if not given
---@field dial string what dials {number}; the adapter's usual if not given
---@field phones string what rings an agent's {phone}; the adapter's usual if not given
---@field caller? string the number that is shown
---@field recordings? string the folder in which it records, as this machine sees it
---@field command? string program and arguments that dial {number} or {tel}
---@field share integer its part of the calls, against the others'
---@field max_calls integer calls at once; 0: no limit
---@field max_rate number calls a second; 0: no limit
---@field enabled boolean calls may go through it
---@field note? string anything else

---@class crm.switch
---@overload fun(id: integer|string): crm.switch.record
crm.switch = {}

--- Walk the switches that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.switch.record
function crm.switches(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.switch.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.switch.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.switch.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.switch.export(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.switch.history(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.switch.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.switch.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.switch.show(args) end

--- things to be done; key actions of stages among them
---@class crm.task.record
---@field id integer its number, never given again
---@field title string what is to be done
---@field customer? crm.customer.record for whom
---@field deal? crm.deal.record for which deal
---@field action? string the key action of a stage that it is: demo, site visit
---@field due? integer by when
---@field owner? string who does it
---@field state string open, done or dropped
---@field done_at? integer when it was closed
---@field note? string anything else
---@field created? integer when it was added

---@class crm.task
---@overload fun(id: integer|string): crm.task.record
crm.task = {}

--- Walk the tasks that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.task.record
function crm.tasks(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.task.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.task.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.task.delete(args) end

--- Close tasks as done. A key action that is done counts at the gate of the stage that asks for it.
--- * target: ids (7 or 4,7-9) or --where EXPR
--- * note: what came of it
---@param args? { target?: integer|string|integer[], note?: string, where?: string, dry_run?: boolean }
---@return patter.rows
function crm.task.done(args) end

--- Close tasks as not to be done any more.
--- * target: ids (7 or 4,7-9) or --where EXPR
--- * note: what came of it
---@param args? { target?: integer|string|integer[], note?: string, where?: string, dry_run?: boolean }
---@return patter.rows
function crm.task.drop(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.task.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.task.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.task.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.task.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.task.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.task.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.task.show(args) end

--- Say after each statement how long it took.
--- * state: on or off: on, off
---@param args? { state?: string }
---@return patter.rows
function crm.timing(args) end

--- every contact with a customer, in any channel
---@class crm.touch.record
---@field id integer its number, never given again
---@field customer crm.customer.record with whom
---@field person? crm.person.record with which person
---@field at integer when; now unless given
---@field channel string how
---@field direction string who began it
---@field result? string what came of it
---@field note? string what was said
---@field user? string who logged it
---@field call? crm.call.record the call it was

---@class crm.touch
---@overload fun(id: integer|string): crm.touch.record
crm.touch = {}

--- Walk the touches that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.touch.record
function crm.touches(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.touch.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.touch.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.touch.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.touch.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.touch.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.touch.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.touch.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.touch.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.touch.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.touch.show(args) end

---@class crm.type
crm.type = {}

--- Declare a record type of your own. A field is NAME, NAME:KIND, NAME:choice=A,B,C or NAME:ref=TYPE; a ! at its end says that it may not be empty. Kinds are those of `field add`. The type has at once the verbs of every other: add, list, find, import, export and so on; it is a table of its own. undo drops it. A file in lua/types says more: labels, help, what must be unique.
--- * name: the type, in the singular: supplier
--- * field: its fields, each NAME:KIND
--- * handle: the field that names a record; each value once
--- * plural: its plural; NAME with s unless given
--- * summary: what it is, in a few words
---@param args? { name: string, field: string|string[], handle?: string, plural?: string, summary?: string, dry_run?: boolean }
---@return patter.rows # type, fields
function crm.type.add(args) end

--- Declare one of the record types that come with the program. Afterwards the type has the verbs of every other: add, list, find, import and so on. Nothing happens when it is there already.
--- * name: the type: supplier, member
---@param args? { name: string, dry_run?: boolean }
---@return patter.rows # type, added
function crm.type.load(args) end

--- Take back the last command, script, import or dial session. Rows are restored whole. Where later work would be lost it refuses and names the rows. Real calls are facts: they are kept and counted.
--- * run: this one instead of the last (numbers: undo --list)
--- * list: show what can be taken back
--- * limit: list at most this many, 0 for all (default 20)
---@param args? { run?: integer, list?: boolean, limit?: integer, dry_run?: boolean }
---@return patter.rows
function crm.undo(args) end

--- who may do what; a file without users is open to its owner
---@class crm.user.record
---@field id integer its number, never given again
---@field name string their name
---@field account? string operating system account; none: the name
---@field role string what they may do
---@field disabled boolean may do nothing

---@class crm.user
---@overload fun(id: integer|string): crm.user.record
crm.user = {}

--- Walk the users that a filter finds; # counts them.
---@param where? table|string
---@return patter.set|fun(): crm.user.record
function crm.users(where) end

--- Add a record. Fields that are not given take their default. Several values of phone, email and tag are given with +=. The name of a list, the customer of a person and the like need no FIELD= when they are the first word.
--- * field=value: what is known; help NOUN lists the fields
---@param args? { dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.user.add(args) end

--- Count records that a filter holds for.
--- * filter: only records for which it holds
--- * by: a count for each value of this field
---@param args? { by?: string, where?: string, [string]: any }
---@return patter.rows
function crm.user.count(args) end

--- Delete records and what belongs to them. undo brings them back.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean }
---@return patter.rows
function crm.user.delete(args) end

--- Write records to a file. Rows come in the order of their ids, with every field that import takes, so that an import of the file by --key id finds all of them the same. The format goes by the suffix (csv, tsv, json, jsonl, xlsx, vcf, sql, md) or a switch; --excel writes CSV that a spreadsheet opens with a double click. The file is readable by its owner alone.
--- * file: the file; - or none for standard output
--- * filter: only records for which it holds
--- * force: replace the file if there is one
--- * split: rows a file at most: leads.csv becomes leads-1.csv, leads-2.csv and so on
---@param args? { file?: string, force?: boolean, split?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.user.export(args) end

--- Find records by words, part of a number or an address. Every word must match. One Chinese character is enough; three digits or more are looked for inside telephone numbers. field:text looks in one field. The best come first: what is or begins with the text, in a name before elsewhere.
--- * words: what to look for
--- * limit: at most this many; 0 for all (default 50)
---@param args? { words: string|string[], limit?: integer }
---@return patter.rows
function crm.user.find(args) end

--- Show every change of a record: when, who, which field, by which command. Oldest first. Deleted records have a history too.
--- * id: the record's id
---@param args? { id: integer }
---@return patter.rows # change, at, user, what, field, before, after, command
function crm.user.history(args) end

--- Bring in a file of records: CSV, TSV, JSON, vCard or XLSX. The file is CSV, TSV, JSON, JSON lines, vCard or a workbook (XLSX, XLS); text is in UTF-8, UTF-16, GB18030, Big5, Shift-JIS or a Windows code page. Its format, its encoding and what its columns are is found out and told. A row that is a known record, by --key, fills the empty fields of that record (fill), replaces its values (update), or leaves it alone; empty cells never erase, and a further number or address is added to those there are. Rows that cannot be stored go to a reject file with line and reason, which can be imported again once mended. All of it is one transaction, and undo takes it back.
--- * file: the file; - for standard input
--- * map: lead a column to a field; HEADER= leaves it out; may be given several times
--- * mapping: lead columns as a saved mapping does
--- * key: what makes rows the same: a,b in turn, a+b together, fields or headers
--- * on_match: what becomes of a known record that the row differs from: fill, update, skip, reject (default fill)
--- * create_fields: columns that match no field become fields
--- * ignore_unknown: columns that match no field are left out
--- * strict: store nothing when a row is rejected
--- * region: country of numbers without one; else the setting region
--- * encoding: of the file; guessed from all of it otherwise
--- * delimiter: what separates cells; found out otherwise
--- * format: of the file; by its name and first bytes otherwise: csv, tsv, json, jsonl, vcf, xlsx, xls
--- * columns: the file has no header: these are its columns; or vicidial
--- * sheet: of a workbook; else its first that is not hidden
--- * header: the row or line that names the columns; found out otherwise
--- * date_order: of 3/4/2026; by the other days of its column otherwise: dmy, mdy, ymd
--- * rejects: where rejected rows go; else beside the file
---@param args? { file: string, map?: string|string[], mapping?: string, key?: string, on_match?: string, create_fields?: boolean, ignore_unknown?: boolean, strict?: boolean, region?: string, encoding?: string, delimiter?: string, format?: string, columns?: string, sheet?: string, header?: integer, date_order?: string, rejects?: string, dry_run?: boolean }
---@return patter.rows # batch, read, new, updated, same, skipped, rejected, warnings
function crm.user.import(args) end

--- List records that a filter holds for. Rows come in the order of their ids unless --order says otherwise.
--- * filter: only records for which it holds
--- * order: fields to sort by, - before one for descending
--- * limit: at most this many; 0 for all (default 100)
---@param args? { order?: string, limit?: integer, where?: string, [string]: any }
---@return patter.rows
function crm.user.list(args) end

--- Change fields of records. field= empties a field. += and -= add and remove one of several values (phone, email, tag).
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * field=value: what to change
---@param args? { target?: integer|string|integer[], where?: string, dry_run?: boolean, [string]: any }
---@return patter.rows
function crm.user.set(args) end

--- Show records with all their fields.
--- * target: ids (7 or 4,7-9), a handle, or --where EXPR
--- * fields: only these fields
---@param args? { target?: integer|string|integer[], fields?: string|string[], where?: string }
---@return patter.rows
function crm.user.show(args) end

--- Run a command again and again until ^C. A campaign that is dialled is watched by `dial status CAMPAIGN --live`.
--- * every: time between two runs
--- * command: what to run
---@param args? { every: integer|string, command: string|string[] }
---@return patter.rows
function crm.watch(args) end

--- Explain why something may or may not be done, check by check. For each check: whether it passes, the reason, what to do about it and when it will change by itself.
--- * noun: lead, deal, customer or campaign; or a campaign by its name
--- * record: which one: its id or name
--- * stage: may it enter this stage; the next one when not given
--- * campaign: may this campaign call it
--- * at: at this time instead of now
---@param args? { noun: string, record?: string, stage?: integer|string, campaign?: integer|string, at?: integer|string }
---@return patter.rows # check, pass, reason, hint, until
function crm.why(args) end
