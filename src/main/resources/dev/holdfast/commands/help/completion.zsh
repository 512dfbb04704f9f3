#compdef holdfast
# zsh completion for holdfast: eval "$(holdfast completion zsh)" after compinit, or this as _holdfast in a folder of $fpath

_holdfast_where() { # the options that say which names there are, in "place"
    local option
    for option in @PLACE@; do
        [[ -z ${opt_args[$option]} ]] || place+=($option ${(Q)opt_args[$option]})
    done
}

_holdfast_names() {
    local -a place names
    _holdfast_where
    names=(${(f)"$($_holdfast_program completion names $_holdfast_name ${(Q)line} $place 2>/dev/null)"})
    _wanted names expl name compadd -a names
}

_holdfast_instances() {
    local -a place names
    _holdfast_where
    names=(${${(M)${(f)"$($_holdfast_program status $place 2>/dev/null)"}:#[^[:space:]]*: *}%%: *})
    _wanted instances expl instance compadd -a names
}

_holdfast_command() {
    local end=${words[(i)--]} _holdfast_name=$words[1]
    if [[ $words[1] == (@WRAPPING@) ]] && ((end < CURRENT)); then
        shift $end words
        ((CURRENT -= end))
        if ((CURRENT == 1)); then _command_names -e; else _normal; fi
        return
    fi
    _arguments -S : \
        "$@"
}

_holdfast() {
    local _holdfast_program=$words[1] curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -C -S : \
        '(-)--version[print the version]' \
        '(-)'{-h,--help}'[print this help]' \
        '(-):command:->command' \
        '*::argument:->argument'
    case $state in
        command)
            local -a commands=(
@COMMAND_MEANINGS@
            )
            _describe -t commands command commands
            ;;
        argument)
            curcontext="${curcontext%:*:*}:holdfast-$words[1]:"
            case $words[1] in
@COMMAND_ARGUMENTS@
            esac
            ;;
    esac
}

# Run by autoload it is the completion itself, else it makes itself known.
if [[ $funcstack[1] = _holdfast ]]; then
    _holdfast "$@"
else
    compdef _holdfast holdfast
fi
