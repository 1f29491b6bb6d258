# Completes `cargo @NAME@ …` and `@NAME@ …` in bash. To be sourced: source <(cargo @NAME@ completions bash)

# The program of the workspace that this is in, as it was built last.
__@NAME@_program() {
    local folder=$PWD
    if [[ -n ${CARGO_TARGET_DIR-} && -x $CARGO_TARGET_DIR/debug/@NAME@ ]]; then
        printf '%s' "$CARGO_TARGET_DIR/debug/@NAME@"
        return
    fi
    while [[ -n $folder ]]; do
        if [[ -x $folder/target/debug/@NAME@ ]]; then
            printf '%s' "$folder/target/debug/@NAME@"
            return
        fi
        folder=${folder%/*}
    done
    return 1
}

__@NAME@_complete() {
    COMPREPLY=()
    # By blanks alone: bash itself takes `db:push` and `migrations@m2026` for several words.
    local typed=${COMP_LINE:0:COMP_POINT} words program at=1
    read -ra words <<<"$typed"
    [[ $typed == *[[:space:]] ]] && words+=("")
    if [[ ${words[0]##*/} == cargo ]]; then
        [[ ${words[1]-} == +* ]] && at=2
        if [[ ${words[at]-} != @NAME@ || ${#words[@]} -le $((at + 1)) ]]; then
            [[ -n $__@NAME@_cargo ]] && "$__@NAME@_cargo" "$@"
            return
        fi
        program=$(__@NAME@_program) || return
        words=("${words[@]:at}")
    else
        program=${words[0]}
    fi
    local word=${words[${#words[@]} - 1]} own=${COMP_WORDS[COMP_CWORD]-} value rest open=yes
    # What bash takes for the word before the one that it completes.
    [[ -n $own && -z ${own//[$COMP_WORDBREAKS]/} ]] && own=""
    local before=${word%"$own"}
    # A word behind an @ begins with it.
    [[ $COMP_WORDBREAKS == *@* ]] && before=${before%@}
    while IFS=$'\t' read -r value rest; do
        COMPREPLY+=("${value#"$before"}")
        [[ $value == *[:/.@] ]] || open=""
    done < <("$program" @COMPLETE@ "${words[@]}" 2>/dev/null)
    [[ -n $open ]] && compopt -o nospace 2>/dev/null
    return 0
}

# Whatever else completes cargo goes on doing so.
if declare -F _comp_load >/dev/null; then _comp_load cargo; elif declare -F _completion_loader >/dev/null; then _completion_loader cargo; fi 2>/dev/null
__@NAME@_cargo=$(complete -p cargo 2>/dev/null | sed -n 's/.*-F \([^ ]*\).*/\1/p')
[[ $__@NAME@_cargo == __@NAME@_complete ]] && __@NAME@_cargo=""
complete -o bashdefault -o default -F __@NAME@_complete cargo
complete -o bashdefault -o default -F __@NAME@_complete @NAME@
