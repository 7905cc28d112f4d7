/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_bash.c -- completion for bash: nouns, verbs and options, known without opening a database.
 */
#include <stdlib.h>

#include "cmd/doc.h"

static void put_words(const char *const *words, size_t n, Buf *out)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? " " : "", words[i]);
}

static void put_options(const Command *cmd, Buf *out)
{
    buf_printf(out, "    '%s') words='", cmd->name);
    for (const Arg *a = cmd->args; a && a->name; a++) {
        if (arg_is_option(a))
            buf_printf(out, "%s ", a->name);
        for (const char *const *c = a->choices; c && *c; c++)
            buf_printf(out, "%s ", *c);
    }
    buf_cstr(out, command_takes_where(cmd) ? "--where' ;;\n" : "' ;;\n");
}

static void put_verbs(const Registry *r, Buf *out)
{
    size_t n, count;
    const char **nouns = registry_nouns(r, &n);
    for (size_t i = 0; i < n; i++) {
        const char **verbs = registry_verbs(r, str(nouns[i]), &count);
        if (count) {
            buf_printf(out, "    '%s') words='", nouns[i]);
            put_words(verbs, count, out);
            buf_cstr(out, "' ;;\n");
        }
        free(verbs);
    }
    free(nouns);
}

void doc_bash(const Registry *r, Buf *out)
{
    int n;
    size_t count;
    const Command *const *all = registry_all(r, &n);
    const char **words = registry_words(r, &count);
    buf_cstr(out, "# bash completion for patter; made by `patter debug docs`\n"
                  "_patter_verbs() {\n    case \"$1\" in\n");
    put_verbs(r, out);
    buf_cstr(out, "    esac\n}\n_patter_options() {\n    case \"$1\" in\n");
    for (int i = 0; i < n; i++)
        if (!(all[i]->flags & COMMAND_HIDDEN))
            put_options(all[i], out);
    buf_cstr(out, "    esac\n}\n_patter() {\n"
                  "    local cur=${COMP_WORDS[COMP_CWORD]} words='' first=1 command\n"
                  "    case ${COMP_WORDS[1]} in */*|*.*|:memory:) first=2 ;; esac\n"
                  "    if (( COMP_CWORD == first )); then words='");
    put_words(words, count, out);
    buf_cstr(out, "'\n"
                  "    elif (( COMP_CWORD == first + 1 )); then\n"
                  "        _patter_verbs \"${COMP_WORDS[first]}\"\n"
                  "    fi\n"
                  "    if [[ -z $words ]]; then\n"
                  "        command=\"${COMP_WORDS[first]}\"\n"
                  "        _patter_verbs \"$command\"\n"
                  "        [[ -n $words ]] && command+=\" ${COMP_WORDS[first + 1]}\"\n"
                  "        words=''\n"
                  "        _patter_options \"$command\"\n"
                  "        words+=' ");
    for (const Arg *a = common_args; a->name; a++)
        buf_printf(out, "%s%s", a == common_args ? "" : " ", a->name);
    buf_cstr(out, "'\n    fi\n"
                  "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                  "}\ncomplete -o default -F _patter patter\n");
    free(words);
}
