# bash completion for holdfast: eval "$(holdfast completion bash)"

# What follows an option's name, in REPLY; fails for a switch.
_holdfast_value_of() { # COMMAND OPTION
    case $1:$2 in
@VALUES@
        *) return 1 ;;
    esac
}

# The names of the instances that there are, where the typed options say.
_holdfast_instances() {
    "${COMP_WORDS[0]}" status "$@" 2>/dev/null | while IFS= read -r line; do
        case $line in
            [![:space:]]*': '*) printf '%s\n' "${line%%: *}" ;;
        esac
    done
}

# Those of the names on stdin that begin as the word in "cur", as they are to be typed.
_holdfast_offer() {
    local name
    while IFS= read -r name; do
        [[ $name != "${cur//\\/}"* ]] || COMPREPLY+=("$(printf '%q' "$name")")
    done
}

_holdfast_reply() { # KIND, for the word in "cur"
    case $1 in
        files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
        folders) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
        users) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
        groups) mapfile -t COMPREPLY < <(compgen -g -- "$cur") ;;
        programs) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
        instances) _holdfast_offer < <(_holdfast_instances "${place[@]}") ;;
        names) _holdfast_offer < <("${COMP_WORDS[0]}" completion names "$command" "${typed[@]}" "${place[@]}" 2>/dev/null) ;;
        words*) mapfile -t COMPREPLY < <(compgen -W "${1#words }" -- "$cur") ;;
        *) compopt +o default 2>/dev/null; COMPREPLY=() ;;
    esac
}

# The wrapped command has its own completion, as if it stood alone on the line.
_holdfast_wrapped() { # INDEX
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif [ "$COMP_CWORD" -eq "$1" ]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -c -- "$cur"; compgen -d -- "$cur")
    else
        # Without the package "bash-completion": a function that was set for the program, else file names.
        local spec function program=${COMP_WORDS[$1]}
        spec=$(complete -p "${program##*/}" 2>/dev/null) || return 0
        case $spec in
            *' -F '*) ;;
            *) return 0 ;;
        esac
        function=${spec#* -F }
        function=${function%% *}
        COMP_WORDS=("${COMP_WORDS[@]:$1}")
        COMP_CWORD=$((COMP_CWORD - $1))
        COMP_LINE="${COMP_WORDS[*]}"
        COMP_POINT=${#COMP_LINE}
        "$function" "$program" "$cur" "${COMP_WORDS[COMP_CWORD - 1]}"
    fi
}

_holdfast() {
    local cur=${COMP_WORDS[COMP_CWORD]} at=1 command='' option value REPLY='' positions=0
    local -a place=() typed=()
    COMPREPLY=()
    while [ "$at" -lt "$COMP_CWORD" ] && [ "${COMP_WORDS[at]:0:1}" = - ]; do
        at=$((at + 1))
    done
    if [ "$at" -ge "$COMP_CWORD" ]; then
        _holdfast_reply 'words @COMMANDS@ --version --help'
        return 0
    fi
    command=${COMP_WORDS[at]}
    at=$((at + 1))
    while [ "$at" -lt "$COMP_CWORD" ]; do
        option=${COMP_WORDS[at]}
        case $command:$option in
            @WRAPPING@)
                _holdfast_wrapped $((at + 1))
                return 0
                ;;
            *:-*)
                # bash has made three words of --option=value.
                [ "${COMP_WORDS[at + 1]}" != = ] || at=$((at + 1))
                if [ "${COMP_WORDS[at]}" = = ] || _holdfast_value_of "$command" "$option"; then
                    _holdfast_value_of "$command" "$option" || REPLY=nothing
                    if [ "$((at + 1))" -ge "$COMP_CWORD" ]; then
                        [ "$cur" != = ] || cur=''
                        _holdfast_reply "$REPLY"
                        return 0
                    fi
                    at=$((at + 1))
                    value=${COMP_WORDS[at]}
                    # And of a value with a colon in it as many.
                    while [ "${COMP_WORDS[at + 1]}" = : ] && [ "$((at + 2))" -le "$COMP_CWORD" ]; do
                        at=$((at + 2))
                    done
                    case $option in
                        @PLACE@) place+=("$option" "$value") ;;
                    esac
                fi
                ;;
            run:* | start:*)
                _holdfast_wrapped "$at"
                return 0
                ;;
            lock:*)
                positions=$((positions + 1))
                if [ "$positions" -gt 1 ]; then
                    _holdfast_wrapped "$at"
                    return 0
                fi
                ;;
            *)
                positions=$((positions + 1))
                typed+=("$option")
                ;;
        esac
        at=$((at + 1))
    done
    case $cur in
        -*)
            case $command in
@OPTIONS@
                *) _holdfast_reply 'words --help' ;;
            esac
            return 0
            ;;
    esac
    case $command:$positions in
        run:0 | start:0 | lock:1) _holdfast_wrapped "$COMP_CWORD" ;;
@POSITIONS@
        *) _holdfast_reply nothing ;;
    esac
    return 0
}

complete -o default -F _holdfast holdfast
