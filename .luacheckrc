-- SPDX-License-Identifier: GPL-3.0-or-later
std = "lua54"
max_line_length = 120
read_globals = { "crm", "patter" }
files["lua/meta"] = { globals = { "crm", "patter" }, ignore = { "212" } }
