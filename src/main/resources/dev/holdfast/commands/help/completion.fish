# fish completion for holdfast: holdfast completion fish > ~/.config/fish/completions/holdfast.fish

# Where the words of the line stand: the command, "wrapped" and the index of its first word, or the number of positions.
function __holdfast_place
    set -l words (commandline -opc)
    set -l count (count $words)
    set -l at 2
    while test $at -le $count; and string match -q -- '-*' $words[$at]
        set at (math $at + 1)
    end
    if test $at -gt $count
        echo none
        return
    end
    set -l command $words[$at]
    set -l positions 0
    set -l typed
    set at (math $at + 1)
    while test $at -le $count
        set -l word $words[$at]
        if contains -- $command @WRAPPING@; and test "$word" = --
            echo wrapped
            math $at + 1
            return
        else if string match -q -- '-*' $word
            if not string match -q -- '*=*' $word; and contains -- $command:$word @VALUED@
                set at (math $at + 1)
            end
        else if contains -- $command run start; or test $command = lock -a $positions -ge 1
            echo wrapped
            echo $at
            return
        else
            set positions (math $positions + 1)
            set -a typed $word
        end
        set at (math $at + 1)
    end
    echo $command
    echo $positions
    string join \n -- $typed
end

function __holdfast_in # COMMAND [POSITIONS [on]]
    set -l place (__holdfast_place)
    test "$place[1]" = $argv[1]; and begin
        test (count $argv) -lt 2; or test "$place[2]" = $argv[2]; or test "$argv[3]" = on -a "$place[2]" -gt "$argv[2]"
    end
end

# The wrapped command has its own completion, as if it stood alone on the line.
function __holdfast_wrapped
    set -l place (__holdfast_place)
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    if test "$place[1]" = wrapped; and test $place[2] -le (count $words)
        complete -C (string join ' ' -- (string escape -- $words[$place[2]..-1]) "$current")
    else if not string match -q -- '-*' "$current"
        complete -C "$current"
    end
end

function __holdfast_wraps
    set -l place (__holdfast_place)
    switch "$place[1]:$place[2]"
        case 'wrapped:*' run:0 start:0 lock:1
            return 0
    end
    return 1
end

# The options that say which names there are.
function __holdfast_where
    set -l words (commandline -opc)
    for at in (seq 2 (count $words))
        if contains -- $words[$at] @PLACE@; and test $at -lt (count $words)
            string join \n -- $words[$at] $words[(math $at + 1)]
        end
    end
end

function __holdfast_names
    set -l words (commandline -opc)
    set -l place (__holdfast_place)
    $words[1] completion names $place[1] $place[3..-1] (__holdfast_where) 2>/dev/null
end

function __holdfast_instances
    set -l words (commandline -opc)
    $words[1] status (__holdfast_where) 2>/dev/null | string replace -rf '^(\S[^:]*): .*' '$1'
end

complete -c holdfast -f
complete -c holdfast -n '__holdfast_in none' -l version -d 'print the version'
complete -c holdfast -n '__holdfast_in none' -s h -l help -d 'print this help'
@COMMAND_LINES@
@OPTION_LINES@
complete -c holdfast -n '__holdfast_wraps' -a '(__holdfast_wrapped)'
@POSITION_LINES@
