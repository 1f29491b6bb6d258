# Completes `cargo @NAME@ …` and `@NAME@ …` in PowerShell: cargo @NAME@ completions powershell | Out-String | Invoke-Expression
# PowerShell has one completer a command: another one for cargo has to be registered before this, and is given up.

Register-ArgumentCompleter -Native -CommandName @('cargo', '@NAME@') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    if ($wordToComplete -eq '') { $words += '' }
    $program = $words[0]
    if ([IO.Path]::GetFileNameWithoutExtension($words[0]) -eq 'cargo') {
        $at = if ($words.Count -gt 1 -and $words[1].StartsWith('+')) { 2 } else { 1 }
        if ($words.Count -le ($at + 1) -or $words[$at] -ne '@NAME@') { return }
        # The program of the workspace that this is in, as it was built last.
        $program = $null
        if ($env:CARGO_TARGET_DIR -and (Test-Path "$env:CARGO_TARGET_DIR/debug/@NAME@")) {
            $program = "$env:CARGO_TARGET_DIR/debug/@NAME@"
        }
        $folder = (Get-Location).Path
        while (-not $program -and $folder) {
            if (Test-Path "$folder/target/debug/@NAME@") { $program = "$folder/target/debug/@NAME@" }
            $folder = Split-Path -Parent $folder
        }
        if (-not $program) { return }
        $words = $words[$at..($words.Count - 1)]
    }
    & $program @COMPLETE@ @words 2>$null | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
    }
}
