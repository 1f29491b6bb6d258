#compdef @NAME@
# Completes `cargo @NAME@ …` and `@NAME@ …` in zsh. To be sourced behind compinit: source <(cargo @NAME@ completions zsh)

# The program of the workspace that this is in, as it was built last.
__@NAME@_program() {
    local folder=$PWD
    if [[ -n ${CARGO_TARGET_DIR-} && -x $CARGO_TARGET_DIR/debug/@NAME@ ]]; then
        print -r -- "$CARGO_TARGET_DIR/debug/@NAME@"
        return
    fi
    while [[ -n $folder ]]; do
        if [[ -x $folder/target/debug/@NAME@ ]]; then
            print -r -- "$folder/target/debug/@NAME@"
            return
        fi
        folder=${folder%/*}
    done
    return 1
}

__@NAME@_complete() {
    local -a typed values shown open open_shown
    local program line value rest at=2
    typed=("${(@)words[1,CURRENT]}")
    if [[ ${typed[1]:t} == cargo ]]; then
        [[ ${typed[2]-} == +* ]] && at=3
        if [[ ${typed[at]-} != @NAME@ || $#typed -le $at ]]; then
            [[ -n $__@NAME@_cargo ]] && $__@NAME@_cargo "$@"
            return
        fi
        program=$(__@NAME@_program) || return 1
        typed=("${(@)typed[at,-1]}")
    else
        program=${typed[1]}
    fi
    while IFS=$'\t' read -r value rest; do
        line=$value${rest:+  -- $rest}
        if [[ $value == *[:/.@] ]]; then
            open+=("$value") open_shown+=("$line")
        else
            values+=("$value") shown+=("$line")
        fi
    done < <("$program" @COMPLETE@ "${typed[@]}" 2>/dev/null)
    # What is no beginning, such as a version's name, takes the place of what was typed.
    (( $#values )) && compadd -U -l -d shown -a values
    (( $#open )) && compadd -U -l -S '' -d open_shown -a open
    (( $#values + $#open ))
}

# Whatever else completes cargo goes on doing so.
typeset -g __@NAME@_cargo=${_comps[cargo]-}
[[ $__@NAME@_cargo == __@NAME@_complete ]] && __@NAME@_cargo=""
compdef __@NAME@_complete @NAME@ cargo
