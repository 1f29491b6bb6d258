# Completes `cargo @NAME@ …` and `@NAME@ …` in fish: cargo @NAME@ completions fish > ~/.config/fish/conf.d/@NAME@.fish

# The program of the workspace that this is in, as it was built last.
function __@NAME@_program
    if set -q CARGO_TARGET_DIR; and test -x "$CARGO_TARGET_DIR/debug/@NAME@"
        echo "$CARGO_TARGET_DIR/debug/@NAME@"
        return
    end
    set -l folder $PWD
    while test -n "$folder"
        if test -x "$folder/target/debug/@NAME@"
            echo "$folder/target/debug/@NAME@"
            return
        end
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    return 1
end

# The words behind cargo, or those of the program itself.
function __@NAME@_words
    set -l words (commandline -opc) (commandline -ct)
    if test (string replace -r '.*/' '' -- $words[1]) = cargo
        set -e words[1]
        string match -q -- '+*' $words[1]; and set -e words[1]
        test "$words[1]" = @NAME@; and test (count $words) -gt 1; or return 1
    end
    printf '%s\n' $words
end

function __@NAME@_complete
    set -l words (__@NAME@_words)
    or return
    set -l program (__@NAME@_program)
    or set program $words[1]
    command -q $program; or test -x $program; or return
    $program @COMPLETE@ $words 2>/dev/null
end

complete -c cargo -n '__@NAME@_words >/dev/null' -k -f -a '(__@NAME@_complete)'
complete -c @NAME@ -k -f -a '(__@NAME@_complete)'
