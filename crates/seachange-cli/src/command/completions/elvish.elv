# Completes `cargo @NAME@ …` and `@NAME@ …` in elvish: eval (cargo @NAME@ completions elvish | slurp)
use path
use str

# The program of the workspace that this is in, as it was built last.
fn @NAME@-program {
    var found = ''
    if (has-env CARGO_TARGET_DIR) {
        if (path:is-regular &follow-symlink=$true $E:CARGO_TARGET_DIR/debug/@NAME@) {
            set found = $E:CARGO_TARGET_DIR/debug/@NAME@
        }
    }
    var folder = $pwd
    while (and (eq $found '') (not-eq $folder /)) {
        if (path:is-regular &follow-symlink=$true $folder/target/debug/@NAME@) {
            set found = $folder/target/debug/@NAME@
        }
        set folder = (path:dir $folder)
    }
    put $found
}

fn @NAME@-candidates {|program words|
    $program @COMPLETE@ $@words 2>/dev/null | from-lines | each {|line|
        var parts = [(str:split "\t" $line)]
        if (eq $parts[1] '') {
            edit:complex-candidate $parts[0]
        } else {
            edit:complex-candidate $parts[0] &display=$parts[0]'  '$parts[1]
        }
    }
}

# Whatever else completes cargo goes on doing so.
var @NAME@-cargo = $nil
if (has-key $edit:completion:arg-completer cargo) {
    set @NAME@-cargo = $edit:completion:arg-completer[cargo]
}

set edit:completion:arg-completer[cargo] = {|@words|
    var at = 1
    if (and (> (count $words) 1) (str:has-prefix $words[1] '+')) {
        set at = 2
    }
    if (and (> (count $words) (+ $at 1)) (eq $words[$at] @NAME@)) {
        var program = (@NAME@-program)
        if (not-eq $program '') {
            @NAME@-candidates $program $words[$at..]
        }
    } elif (not-eq $@NAME@-cargo $nil) {
        $@NAME@-cargo $@words
    }
}

set edit:completion:arg-completer[@NAME@] = {|@words| @NAME@-candidates (external $words[0]) $words }
