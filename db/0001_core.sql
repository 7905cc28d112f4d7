-- SPDX-License-Identifier: GPL-3.0-or-later
-- 0001_core.sql: the schema patter starts with.
--
-- Every table is STRICT and either journalled (id, change) or exempt (see store/journal.c).
-- Times are UTC in integer milliseconds, days are text YYYY-MM-DD, money is integer minor units.
-- `change` is the id of the journal entry that touched the row last.  Columns that users add begin
-- with u_.  Migrations only add.

-- ---- the journal (exempt) ----------------------------------------------------------------------

CREATE TABLE counter (              -- the last id given, per table; undo never lowers it
    name TEXT PRIMARY KEY,          -- table name
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_table (        -- small ids for table names in images
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE journal_column (       -- small ids for columns; a column added anew gets a new id
    id INTEGER PRIMARY KEY,
    tbl INTEGER NOT NULL,           -- journal_table.id
    name TEXT NOT NULL,
    position INTEGER                -- in the table, from 0; NULL: dropped by an undo
) STRICT;
CREATE UNIQUE INDEX journal_column_name ON journal_column(tbl, name) WHERE position IS NOT NULL;

CREATE TABLE run (                  -- one command, script, import or dial session: the undo step
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,            -- when its first change was made
    user TEXT NOT NULL,             -- operating system account
    title TEXT NOT NULL             -- what was typed
) STRICT;

CREATE TABLE change (               -- one transaction that altered something; a link of the chain
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user TEXT NOT NULL,
    kind TEXT NOT NULL,             -- work, undo, redo, migrate
    target INTEGER,                 -- for undo and redo: the run concerned
    text TEXT,                      -- what was typed; NULL once erased
    text_salt BLOB,                 -- NULL once erased
    text_digest BLOB NOT NULL,      -- SHA-256(salt, text)
    rows INTEGER NOT NULL,          -- rows touched
    hash BLOB NOT NULL              -- SHA-256(previous hash, metadata, digests)
) STRICT;
CREATE INDEX change_run ON change(run);

CREATE TABLE change_range (         -- rows that a change inserted, as runs of ids
    change INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    tbl INTEGER NOT NULL,           -- journal_table.id
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (change, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE change_image (         -- other rows, as they were before the change
    change INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    tbl INTEGER NOT NULL,
    row INTEGER NOT NULL,
    op INTEGER NOT NULL,            -- 1: the row was updated, 2: it was deleted
    salt BLOB,                      -- NULL once erased
    image BLOB,                     -- (column id, value) pairs; NULL once erased
    digest BLOB NOT NULL,           -- SHA-256(salt, image)
    PRIMARY KEY (change, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_image_row ON change_image(tbl, row);

CREATE TABLE change_schema (        -- columns and tables that a change added or dropped
    change INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    op TEXT NOT NULL,               -- add-table, add-column, drop-table, drop-column
    tbl TEXT NOT NULL,
    col TEXT,
    ddl TEXT NOT NULL,              -- what adds it (again)
    PRIMARY KEY (change, seq)
) STRICT, WITHOUT ROWID;

-- ---- settings, users, what users declare ----------------------------------------------------------

CREATE TABLE setting (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,      -- region, zone, dial.abandon_cap ...
    value TEXT,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    account TEXT,                   -- operating system account; NULL: the same as name
    role TEXT NOT NULL,             -- owner, manager, agent, viewer
    disabled INTEGER NOT NULL DEFAULT 0,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE type (                 -- record types declared in Lua or at the prompt
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,       -- JSON: plural, summary, fields
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE field (                -- fields that users added to a type
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    name TEXT NOT NULL,             -- as typed in filters; the column is u_<name>
    label TEXT,
    kind TEXT NOT NULL,
    choices TEXT,                   -- comma separated, for kind choice
    ref TEXT,                       -- type name, for kind ref
    required INTEGER NOT NULL DEFAULT 0,
    change INTEGER NOT NULL DEFAULT 0,
    UNIQUE (type, name)
) STRICT;

-- ---- pipelines and stages -------------------------------------------------------------------------

CREATE TABLE pipeline (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,             -- customer (the life cycle), deal
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE stage (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    label TEXT,                     -- shown to people, any language
    pipeline INTEGER NOT NULL REFERENCES pipeline(id),
    position INTEGER NOT NULL,      -- order within the pipeline
    outcome TEXT NOT NULL DEFAULT 'open',   -- open, won, lost
    probability REAL,               -- of winning from here, 0..1
    days INTEGER,                   -- standard length
    actions TEXT,                   -- key actions that must be done to enter, comma separated
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE criterion (            -- what must hold for a record to enter a stage
    id INTEGER PRIMARY KEY,
    stage INTEGER NOT NULL REFERENCES stage(id) ON DELETE CASCADE,
    name TEXT NOT NULL,             -- said when it fails: "budget", "a decider"
    expr TEXT NOT NULL,             -- a filter on the record
    hint TEXT,                      -- what to do; {id} stands for the record's id
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX criterion_stage ON criterion(stage);

CREATE TABLE move (                 -- one change of stage
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,             -- customer, deal
    record INTEGER NOT NULL,
    origin INTEGER,                 -- the record that moved, where it was merged into this one
    from_stage INTEGER,
    to_stage INTEGER NOT NULL,
    at INTEGER NOT NULL,
    entered INTEGER,                -- when the stage that was left had been entered
    user TEXT NOT NULL,
    reason TEXT,
    forced INTEGER NOT NULL DEFAULT 0,      -- 1: against the gate, by a manager
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX move_record ON move(type, record);

-- ---- customers ------------------------------------------------------------------------------------

CREATE TABLE customer (             -- a person or a firm; as a lead it has a stage
    id INTEGER PRIMARY KEY,
    name TEXT,
    org TEXT,                       -- firm, as text
    title TEXT,                     -- position at the firm
    kind TEXT,                      -- person, firm
    stage INTEGER NOT NULL REFERENCES stage(id),
    stage_at INTEGER NOT NULL,      -- when it entered the stage
    owner INTEGER REFERENCES user(id),
    source TEXT,
    value INTEGER,                  -- money
    budget INTEGER,                 -- money
    region TEXT,
    country TEXT,                   -- ISO 3166 alpha-2
    city TEXT,
    address TEXT,
    postcode TEXT,
    zone TEXT,                      -- IANA time zone, when known better than by number
    prefer TEXT,                    -- the channel it likes best: phone, email, sms ...
    best_time TEXT,                 -- when it likes to be called, as hours: Mon-Fri 18:00-20:00
    note TEXT,
    dnc INTEGER NOT NULL DEFAULT 0, -- 1: asked not to be called
    retired INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    batch INTEGER,                  -- the import that brought it
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX customer_stage ON customer(stage);
CREATE INDEX customer_owner ON customer(owner) WHERE owner IS NOT NULL;

CREATE TABLE customer_tag (         -- presented as the field `tag`
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    change INTEGER NOT NULL DEFAULT 0,
    UNIQUE (customer, tag)
) STRICT;
CREATE INDEX customer_tag_tag ON customer_tag(tag);

CREATE TABLE person (               -- somebody at a customer
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    title TEXT,
    role TEXT,                      -- decider, user, checker, coach, buyer, contact
    reports INTEGER REFERENCES person(id) ON DELETE SET NULL,
    cares TEXT,                     -- what matters to them
    note TEXT,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX person_customer ON person(customer);
CREATE INDEX person_reports ON person(reports) WHERE reports IS NOT NULL;

CREATE TABLE contact (              -- a contact point: a number or an address
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    person INTEGER REFERENCES person(id) ON DELETE CASCADE,   -- NULL: the customer's own
    kind TEXT NOT NULL,             -- phone, fax, email, web, other
    value TEXT NOT NULL,            -- E.164, folded address; as typed where it could not be read
    raw TEXT,                       -- as typed, where that differs from value
    label TEXT,                     -- mobile, work, home ...
    ext TEXT,                       -- extension
    country TEXT,                   -- ISO 3166 alpha-2, of a number
    valid INTEGER,                  -- 1 yes, 0 no, NULL unknown
    position INTEGER NOT NULL,      -- 1 is the primary one of its kind
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX contact_customer ON contact(customer);
CREATE INDEX contact_value ON contact(value);
CREATE INDEX contact_person ON contact(person) WHERE person IS NOT NULL;
-- How many columns an export needs.
CREATE INDEX contact_further ON contact(kind, position)
    WHERE position > 1 AND person IS NULL;

CREATE TABLE touch (                -- any contact with a customer, in any channel
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    person INTEGER REFERENCES person(id) ON DELETE SET NULL,
    at INTEGER NOT NULL,
    channel TEXT NOT NULL,          -- phone, fax, email, sms, letter, web, chat, visit
    direction TEXT NOT NULL,        -- in, out
    result TEXT,
    note TEXT,
    user TEXT,
    call INTEGER,                   -- the call it was, if any
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX touch_customer ON touch(customer, at);
CREATE INDEX touch_person ON touch(person) WHERE person IS NOT NULL;

CREATE TABLE consent (              -- what a customer said to being contacted; the last word counts
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    channel TEXT NOT NULL,          -- phone, fax, email, sms, letter, web, chat, visit, any
    purpose TEXT NOT NULL,          -- marketing, service, survey, any ...
    given INTEGER NOT NULL,         -- 1: given, 0: refused or withdrawn
    at INTEGER NOT NULL,            -- when it was said
    source TEXT NOT NULL,           -- how: call:118, form, letter of 2026-03-02 ...
    note TEXT,
    user TEXT,                      -- who wrote it down
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX consent_customer ON consent(customer, at);
CREATE VIEW consent_now AS          -- the last word for each channel and purpose
    SELECT * FROM consent c WHERE NOT EXISTS (SELECT 1 FROM consent l WHERE
        l.customer = c.customer AND l.channel = c.channel AND l.purpose = c.purpose
        AND (l.at, l.id) > (c.at, c.id));

CREATE TABLE deal (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    stage INTEGER NOT NULL REFERENCES stage(id),
    stage_at INTEGER NOT NULL,
    value INTEGER,                  -- money
    expected TEXT,                  -- day
    owner INTEGER REFERENCES user(id),
    note TEXT,
    created INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX deal_customer ON deal(customer);
CREATE INDEX deal_stage ON deal(stage);

CREATE TABLE task (                 -- something to be done; a key action when `action` is set
    id INTEGER PRIMARY KEY,
    customer INTEGER REFERENCES customer(id) ON DELETE CASCADE,
    deal INTEGER REFERENCES deal(id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    action TEXT,                    -- key action of a stage: demo, site visit
    due INTEGER,
    owner INTEGER REFERENCES user(id),
    state TEXT NOT NULL DEFAULT 'open',     -- open, done, dropped
    done_at INTEGER,
    note TEXT,
    created INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX task_customer ON task(customer);
CREATE INDEX task_deal ON task(deal) WHERE deal IS NOT NULL;
CREATE INDEX task_due ON task(due) WHERE state = 'open';

-- ---- lists, campaigns, calls ----------------------------------------------------------------------

CREATE TABLE list (                 -- a calling list
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'active',   -- active, frozen, retired
    rule TEXT,                      -- how it was built
    note TEXT,
    created INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE agent (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    user INTEGER REFERENCES user(id),
    state TEXT NOT NULL DEFAULT 'off',      -- off, ready, talking, wrap-up, paused
    since INTEGER,                  -- of the state
    campaign INTEGER REFERENCES campaign(id) ON DELETE SET NULL,
    reason TEXT,                    -- of a pause
    wish TEXT,                      -- what they want to be: ready, paused, off; NULL: nothing said
    call INTEGER,                   -- the one they are in, or have to say a result of
    phone TEXT,
    switch INTEGER REFERENCES switch(id) ON DELETE SET NULL,        -- that knows it; NULL: each
    process TEXT,                   -- at whose prompt they dial themselves; NULL: at none
    skills TEXT,                    -- comma separated
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE entry (                -- one customer on one list
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES list(id) ON DELETE CASCADE,
    customer INTEGER NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'new',      -- new, dialling, retry, callback, done
    reason TEXT,                    -- why done or held: the last result, attempts used up ...
    attempts INTEGER NOT NULL DEFAULT 0,
    result TEXT,                    -- of the last call
    last_at INTEGER,                -- of the last call
    next_at INTEGER,                -- not before (recycle delay, callback time)
    agent INTEGER REFERENCES agent(id),     -- dealt to, or whose callback it is
    change INTEGER NOT NULL DEFAULT 0,
    UNIQUE (customer, list)         -- finds those of a customer, too
) STRICT;
CREATE INDEX entry_next ON entry(list, state, next_at);

CREATE TABLE hours (                -- weekly calling hours
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    spec TEXT NOT NULL,             -- Mon-Fri 09:00-20:00
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE holiday (              -- days with calling hours of their own
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,              -- YYYY-MM-DD, of the customer
    name TEXT NOT NULL,
    country TEXT,                   -- ISO code of the customer's number; NULL: everywhere
    hours INTEGER REFERENCES hours(id) ON DELETE CASCADE,   -- NULL: all calling hours
    spec TEXT,                      -- 10:00-14:00; NULL: closed
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX holiday_day ON holiday(day, coalesce(country, ''), coalesce(hours, 0));

CREATE TABLE campaign (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL DEFAULT 'telesales',
    purpose TEXT NOT NULL DEFAULT 'marketing',      -- as in consent
    state TEXT NOT NULL DEFAULT 'draft',    -- draft, ready, running, paused, closed
    list INTEGER REFERENCES list(id),
    mode TEXT NOT NULL DEFAULT 'preview',   -- manual, preview, progressive, ratio, predictive
    ratio REAL NOT NULL DEFAULT 1.0,        -- calls in flight per ready agent, mode ratio
    hours INTEGER REFERENCES hours(id),     -- NULL: the hours named default
    script TEXT,                    -- what the agent says
    max_attempts INTEGER NOT NULL DEFAULT 3,
    max_per_day INTEGER NOT NULL DEFAULT 1, -- calls a customer may get on one day
    ring_seconds INTEGER NOT NULL DEFAULT 25,
    max_abandoned REAL NOT NULL DEFAULT 0.03,
    abandon_days INTEGER NOT NULL DEFAULT 30,   -- the days that its share is reckoned over
    max_calls INTEGER,              -- lines in use at once; NULL: no limit
    calls_per_second REAL,          -- begun; NULL: no limit
    wrap_seconds INTEGER NOT NULL DEFAULT 180,      -- longest wrap-up; 0: no limit
    skill TEXT,                     -- what its agents must be able to do
    message TEXT,                   -- mode broadcast: the sound that is played
    route TEXT NOT NULL DEFAULT 'idle',     -- idle, skill: who of those ready gets a call
    record INTEGER NOT NULL DEFAULT 0,      -- 1: its calls are recorded
    hold_seconds INTEGER NOT NULL DEFAULT 60,       -- longest wait of one who calls in
    hold TEXT,                      -- the sound that he hears now and then; NULL: music alone
    starts TEXT,                    -- day
    ends TEXT,                      -- day
    priority INTEGER NOT NULL DEFAULT 0,
    note TEXT,
    created INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recycle (              -- what is tried again, when, and how often
    id INTEGER PRIMARY KEY,
    result TEXT NOT NULL,
    campaign INTEGER REFERENCES campaign(id) ON DELETE CASCADE,   -- NULL: all campaigns
    after INTEGER NOT NULL,         -- milliseconds
    max INTEGER NOT NULL,           -- how often it is tried again after this result
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE result (               -- how a call may end
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    label TEXT,
    connected INTEGER NOT NULL,     -- a person spoke with an agent
    appointment INTEGER NOT NULL,   -- counts as an appointment
    accepted INTEGER NOT NULL,      -- counts as an accepted one
    final INTEGER NOT NULL,         -- the entry is done after it
    dnc INTEGER NOT NULL DEFAULT 0, -- the number goes on the do-not-call list
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE call (                 -- one attempt, or a call in
    id INTEGER PRIMARY KEY,
    direction TEXT NOT NULL DEFAULT 'out',  -- out, in; one that came in belongs to no entry
    campaign INTEGER REFERENCES campaign(id),
    entry INTEGER REFERENCES entry(id) ON DELETE SET NULL,
    customer INTEGER REFERENCES customer(id) ON DELETE SET NULL,
    number TEXT NOT NULL,           -- E.164
    agent INTEGER REFERENCES agent(id),
    mode TEXT NOT NULL,
    driver TEXT NOT NULL,           -- sim, ami ...
    channel TEXT,                   -- whose call it is: dial_run.process.start of the process
    real INTEGER NOT NULL DEFAULT 0,        -- 1: a real line; undo keeps it
    recorded INTEGER NOT NULL DEFAULT 0,    -- 1: the switch was told to record it
    state TEXT NOT NULL,            -- intent, placed, ended
    result TEXT,                    -- result.name once ended
    placed_at INTEGER NOT NULL,
    answered_at INTEGER,
    bridged_at INTEGER,
    ended_at INTEGER,
    talk INTEGER,                   -- milliseconds with an agent
    wrap INTEGER,                   -- milliseconds of wrap-up
    note TEXT,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX call_customer ON call(customer, placed_at);
CREATE INDEX call_campaign ON call(campaign, placed_at);
CREATE INDEX call_number ON call(number, placed_at);
CREATE INDEX call_entry ON call(entry) WHERE entry IS NOT NULL;     -- for taking entries off lists
CREATE INDEX call_open ON call(state) WHERE state <> 'ended';

CREATE TABLE dnc (                  -- do not call
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,           -- E.164; +8621*: what begins so; @example.com: addresses there
    campaign INTEGER REFERENCES campaign(id) ON DELETE CASCADE,         -- NULL: for all
    why TEXT,
    source TEXT,                    -- customer, result, list
    at INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX dnc_number ON dnc(number, coalesce(campaign, 0));
CREATE INDEX dnc_wide ON dnc(number) WHERE substr(number, -1) = '*' OR substr(number, 1, 1) = '@';

CREATE TABLE dial_run (             -- one dial session kept, with the sums that `check` proves
    id INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaign(id),
    driver TEXT NOT NULL,
    seed INTEGER,
    agents INTEGER NOT NULL,
    began INTEGER NOT NULL,
    ended INTEGER,
    dials INTEGER NOT NULL DEFAULT 0,
    connected INTEGER NOT NULL DEFAULT 0,
    abandoned INTEGER NOT NULL DEFAULT 0,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE pacing (               -- how a campaign is paced; a note of the program, not journalled
    campaign INTEGER PRIMARY KEY REFERENCES campaign(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,            -- of the last decision
    why TEXT NOT NULL,              -- and what it was made of, in words
    learnt TEXT,                    -- of calls and agents, mode predictive
    simulated INTEGER NOT NULL      -- 1: of the simulated line, which teaches no real one
) STRICT;

CREATE TABLE supervision (          -- a supervisor took part in the calls of an agent
    id INTEGER PRIMARY KEY,
    agent INTEGER REFERENCES agent(id) ON DELETE SET NULL,
    supervisor INTEGER REFERENCES agent(id) ON DELETE SET NULL,     -- whose phone rang
    how TEXT NOT NULL,              -- listen, whisper, barge, silence, record-off, record-on
    call INTEGER REFERENCES call(id) ON DELETE SET NULL,
    at INTEGER NOT NULL,
    user TEXT,                      -- who asked for it
    outcome TEXT,                   -- taken, or why not; NULL: the program ended before it was known
    began INTEGER,                  -- the supervisor was on
    ended INTEGER,                  -- and left
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE qa (                   -- a call was scored
    id INTEGER PRIMARY KEY,
    call INTEGER REFERENCES call(id) ON DELETE SET NULL,
    agent INTEGER REFERENCES agent(id) ON DELETE SET NULL,
    points REAL NOT NULL,           -- mean of the items
    items TEXT,                     -- opening=4 close=2
    note TEXT,
    user TEXT,                      -- who scored
    at INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX qa_call ON qa(call);

CREATE TABLE dialing (              -- campaigns that a process dials at this moment (exempt)
    campaign INTEGER PRIMARY KEY REFERENCES campaign(id) ON DELETE CASCADE,
    process TEXT NOT NULL,          -- base/process.h; one that is gone has left this row behind
    line TEXT NOT NULL,             -- name of the switch, sim: the simulated line; of several each
                                    -- and how it is
    began INTEGER NOT NULL,
    at INTEGER NOT NULL,            -- when what follows was true
    stopping INTEGER NOT NULL DEFAULT 0,
    dials INTEGER NOT NULL DEFAULT 0,
    connected INTEGER NOT NULL DEFAULT 0,
    abandoned INTEGER NOT NULL DEFAULT 0,
    ringing INTEGER NOT NULL DEFAULT 0,     -- placed and not answered yet
    waiting INTEGER NOT NULL DEFAULT 0,     -- people who hear no agent yet
    talking INTEGER NOT NULL DEFAULT 0,
    share REAL NOT NULL DEFAULT 0,  -- abandoned, of the people who answered in the legal window
    why TEXT NOT NULL DEFAULT ''    -- the last decision of the pacing
) STRICT;

CREATE TABLE lease (                -- what a process that dials has of a switch's limits (exempt)
    switch TEXT NOT NULL,           -- its name
    process TEXT NOT NULL,          -- base/process.h
    calls INTEGER NOT NULL,         -- at once
    part REAL NOT NULL,             -- of the calls a second: 0 to 1
    PRIMARY KEY (switch, process)
) STRICT;

CREATE TABLE request (              -- what others ask of the process that dials (exempt)
    id INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,
    agent INTEGER,
    supervisor INTEGER,             -- an agent, too
    what TEXT NOT NULL,             -- stop, stop now, hangup, result, listen, whisper, barge, silence,
                                    -- incoming, record-off, record-on
    result TEXT,                    -- with `result`, as are the next three
    note TEXT,
    callback_at INTEGER,
    mine INTEGER NOT NULL DEFAULT 0,        -- the callback is the agent's own
    by TEXT NOT NULL,               -- user
    at INTEGER NOT NULL,
    done INTEGER,                   -- when it was taken up
    code INTEGER,                   -- of the refusal; 0: it was done
    message TEXT,                   -- of the refusal
    hint TEXT
) STRICT;

CREATE TABLE batch (                -- one import
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    file TEXT NOT NULL,
    at INTEGER NOT NULL,
    encoding TEXT,
    key TEXT,                       -- as given or by default
    on_match TEXT NOT NULL,
    list INTEGER REFERENCES list(id) ON DELETE SET NULL,
    read INTEGER NOT NULL,
    new INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    same INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    rejects TEXT,                   -- the reject file, if any
    map TEXT,                       -- columns that were led by hand: HEADER=field, a line each
    region TEXT,                    -- home of numbers without a country, as given
    date_order TEXT,                -- of days like 1/2/2026, as given or found
    undone INTEGER,                 -- when it was taken back by itself, as far as could be
    kept INTEGER,                   -- rows that stayed then, because of later work
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE merge (                -- what became of a record that is one with another now
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    record INTEGER NOT NULL,        -- the id that is gone
    kept INTEGER NOT NULL,          -- the id that it leads to
    field TEXT,                     -- in which they differed; NULL: in none
    won TEXT,                       -- as shown
    winner INTEGER,                 -- whose that was; NULL: made of both
    lost TEXT,
    at INTEGER NOT NULL,
    user TEXT NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX merge_record ON merge(type, record);
CREATE INDEX merge_kept ON merge(type, kept);

CREATE TABLE switch (               -- a telephone system that carries calls
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    adapter TEXT NOT NULL,          -- sim, ...: the driver
    host TEXT,
    port INTEGER,                   -- NULL: the adapter's usual one
    tls INTEGER NOT NULL DEFAULT 0,
    ca TEXT,                        -- a PEM file; NULL: the system's authorities
    user TEXT,
    secret TEXT,                    -- where it is, never what: file:/PATH or env:NAME
    prefix TEXT NOT NULL,           -- of names of calls on the switch; another in each database
    dial TEXT NOT NULL DEFAULT 'PJSIP/{number}@carrier',
    phones TEXT NOT NULL DEFAULT 'PJSIP/{phone}',
    caller TEXT,                    -- the number that is shown
    recordings TEXT,                -- the folder, as seen here, in which it records; NULL: not seen
    command TEXT,                   -- program and arguments, for adapter command
    share INTEGER NOT NULL DEFAULT 1,       -- of the calls, against the other switches'
    max_calls INTEGER NOT NULL DEFAULT 0,   -- at once; 0: no limit
    max_rate REAL NOT NULL DEFAULT 0,       -- calls a second; 0: no limit
    enabled INTEGER NOT NULL DEFAULT 1,
    note TEXT,
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE mapping (              -- which column of a file goes where, saved from an import
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,             -- what it imports
    map TEXT NOT NULL,              -- HEADER=field, a line each; HEADER= leaves the column out
    key TEXT,                       -- as --key has it
    change INTEGER NOT NULL DEFAULT 0
) STRICT;

-- ---- search ---------------------------------------------------------------------------------------

CREATE VIRTUAL TABLE customer_search USING fts5(name, org, content = '', columnsize = 0,
    tokenize = 'bigram');
CREATE VIRTUAL TABLE person_search USING fts5(name, content = '', columnsize = 0, tokenize = 'bigram');

CREATE TABLE contact_digits (       -- digits of telephone numbers (exempt); see store/digits.c
    block INTEGER PRIMARY KEY,      -- contact.id / 992
    planes BLOB NOT NULL            -- which of 992 rows hold a number; bit planes of their digits
) STRICT;
CREATE VIRTUAL TABLE customer_search_words USING fts5vocab(customer_search, instance);
CREATE VIRTUAL TABLE person_search_words USING fts5vocab(person_search, instance);

INSERT INTO customer_search(customer_search, rank) VALUES ('hashsize', 2097152);    -- bytes in memory

-- ---- what every file starts with --------------------------------------------------------------------

INSERT INTO pipeline (id, name, type) VALUES (1, 'lifecycle', 'customer'), (2, 'std', 'deal');
INSERT INTO stage (id, name, label, pipeline, position, outcome, probability) VALUES
    (1, 'identify', '待识别', 1, 1, 'open', NULL),
    (2, 'potential', '潜在', 1, 2, 'open', NULL),
    (3, 'opportunity', '机会', 1, 3, 'open', NULL),
    (4, 'customer', '订单', 1, 4, 'won', NULL),
    (5, 'user', '用户', 1, 5, 'won', NULL),
    (6, 'need', '需求', 2, 1, 'open', 0.1),
    (7, 'agree', '认同', 2, 2, 'open', 0.3),
    (8, 'negotiate', '谈判', 2, 3, 'open', 0.6),
    (9, 'won', '成交', 2, 4, 'won', 1.0),
    (10, 'lost', '失败', 2, 5, 'lost', 0.0);
UPDATE stage SET actions = 'demo' WHERE name IN ('opportunity');
INSERT INTO criterion (stage, name, expr, hint) VALUES
    (3, 'budget', 'budget>0', 'customer set {id} budget=...'),
    (3, 'a decider', 'deciders>0', 'person add customer={id} name=... role=decider'),
    (7, 'value', 'value>0', 'deal set {id} value=...');
INSERT INTO hours (id, name, spec) VALUES (1, 'default', 'daily 09:00-20:00');
INSERT INTO result (id, name, label, connected, appointment, accepted, final, dnc) VALUES
    (1, 'no-answer', '无人接听', 0, 0, 0, 0, 0),
    (2, 'busy', '占线', 0, 0, 0, 0, 0),
    (3, 'machine', '录音', 0, 0, 0, 0, 0),
    (4, 'bad-number', '空号', 0, 0, 0, 1, 0),
    (5, 'failed', '线路故障', 0, 0, 0, 0, 0),
    (6, 'abandoned', '放弃', 0, 0, 0, 0, 0),
    (7, 'appointment', '预约', 1, 1, 0, 1, 0),
    (8, 'accepted', '受理', 1, 1, 1, 1, 0),
    (9, 'callback', '回拨', 1, 0, 0, 0, 0),
    (10, 'refused', '拒绝', 1, 0, 0, 1, 0),
    (11, 'not-interested', '无兴趣', 1, 0, 0, 1, 0),
    (12, 'wrong-number', '错号', 1, 0, 0, 1, 0),
    (13, 'do-not-call', '勿扰', 1, 0, 0, 1, 1),
    (14, 'answered', '接听来电', 1, 0, 0, 0, 0),
    (15, 'played', '语音播放', 0, 0, 0, 1, 0),
    (16, 'missed', '未接来电', 0, 0, 0, 0, 0);
INSERT INTO recycle (result, campaign, after, max) VALUES
    ('no-answer', NULL, 14400000, 3),
    ('busy', NULL, 900000, 3),
    ('machine', NULL, 14400000, 3),
    ('failed', NULL, 900000, 3),
    ('abandoned', NULL, 259200000, 1),
    ('callback', NULL, 86400000, 3);
