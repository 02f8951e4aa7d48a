"""The shells: what each of them runs at a tab, how it tells what is typed, and how it takes the answer.

Each script asks this program and gets lines: first how to go on, then a value a line, with what is said of it
behind a tabulator. It never changes with the program, so an installed one stays good.
"""

from __future__ import annotations

import os

from workflow.base import messages
from workflow.commands.completing import line
from workflow.commands.completing.matching import Offer

SHELLS = ("bash", "zsh", "fish")
# What bash would take for something else in a word that is not quoted.
_SPECIAL = set(" \t\\'\"`$&|;<>()*?[]{}#!~")
# When the possibilities are only listed, bash says so by this code: what is said of each can stand there.
_LISTING = "63"

_BASH = r"""# Completion of disclosure for bash (4.0 or newer).
# Answers come from the program itself.
_disclosure_completion() {
    local -a lines
    mapfile -t lines < <(_DISCLOSURE_COMPLETE=bash_complete \
        COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_TYPE="$COMP_TYPE" \
        COMP_WORDBREAKS="$COMP_WORDBREAKS" "$1" 2>/dev/null </dev/null)
    COMPREPLY=()
    case "${lines[0]}" in
        files) compopt -o default -o bashdefault 2>/dev/null ;;
        open) compopt -o nospace 2>/dev/null; COMPREPLY=("${lines[@]:1}") ;;
        values) COMPREPLY=("${lines[@]:1}") ;;
    esac
}
complete -o nosort -F _disclosure_completion disclosure 2>/dev/null ||
    complete -F _disclosure_completion disclosure
"""

_ZSH = r"""#compdef disclosure
# Completion of disclosure for zsh; answers come from the program itself.
_disclosure_completion() {
    local -a lines values shown more
    local one head=${(Q)PREFIX}
    lines=("${(@f)$(_DISCLOSURE_COMPLETE=zsh_complete \
        COMP_WORDS="${(pj:\n:)${(@Q)words[1,CURRENT-1]}}"$'\n'"$head" \
        "${~words[1]}" 2>/dev/null </dev/null)}")
    case $lines[1] in
        files) _files; return ;;
        open) more=(-S '') ;;
        values) ;;
        *) return 1 ;;
    esac
    for one in "${(@)lines[2,-1]}"; do
        values+=("${one%%$'\t'*}")
        if [[ $one == *$'\t'* ]]; then
            shown+=("${one%%$'\t'*}  -- ${one#*$'\t'}")
        else
            shown+=("$one")
        fi
        # What was typed by its sound begins otherwise: it is replaced.
        [[ ${values[-1]} == "$head"* ]] || compstate[insert]=menu
    done
    (( $#values )) || return 1
    compadd -U -V disclosure -l -d shown "${more[@]}" -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _disclosure_completion "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _disclosure_completion disclosure
fi
"""

_FISH = r"""# Completion of disclosure for fish; answers come from the program itself.
function __disclosure_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l before (string join \n -- $words | string collect)
    set -l lines (_DISCLOSURE_COMPLETE=fish_complete COMP_WORDS="$before" \
        COMP_LAST="$current" $words[1] 2>/dev/null </dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case values open
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    end
end
complete --command disclosure --no-files --keep-order \
    --arguments '(__disclosure_complete)'
"""
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def script(shell: str) -> str:
    """What the shell runs at a tab."""
    return _SCRIPTS[shell]


def words(shell: str) -> list[str]:
    """The words before the cursor, as the script put them into the environment; the last is being typed."""
    if shell == "bash":
        return line.words(os.environ.get("COMP_LINE", ""))
    before = os.environ.get("COMP_WORDS", "").split("\n")
    typed = os.environ["COMP_LAST"] if shell == "fish" else before.pop()
    return [*before, typed.lstrip(line.QUOTES)]


def answer(shell: str, how: str, offers: list[Offer]) -> str:
    """The lines that the script takes."""
    if shell == "fish":
        # It leaves out what does not begin as it was typed.
        offers = [Offer(one.sound, f"{one.text} {one.about}") if one.sound else one for one in offers]
    written = _for_bash(offers) if shell == "bash" else [_told(one) for one in offers]
    return "\n".join([how, *written]) + "\n"


def _told(one: Offer) -> str:
    about = " ".join(one.about.split())
    return f"{one.text}\t{about}" if about else one.text


def _for_bash(offers: list[Offer]) -> list[str]:
    """As bash puts them in: what it would misread is escaped, and what stands before its last break of words
    is left out, for bash replaces only what follows it.
    """
    typed = os.environ.get("COMP_LINE", "")
    quoted = line.open_quote(typed)
    if os.environ.get("COMP_TYPE") == _LISTING and len(offers) > 1:
        mark = ("（", "）") if messages.language() == messages.LANGUAGES[0] else ("  (", ")")
        return [f"{one.text}{mark[0]}{one.about}{mark[1]}" if one.about else one.text for one in offers]
    breaks = [sign for sign in "=:" if sign in os.environ.get("COMP_WORDBREAKS", "=:")]
    word = line.words(typed)[-1]
    cut = max((word.rfind(sign) for sign in breaks), default=-1) + 1 if not quoted else 0
    made = []
    for one in offers:
        text = one.text if quoted else "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in one.text)
        made.append(text[cut:] if one.text.startswith(word[:cut]) else text)
    return made
