# Installs the command browser-cors on Windows:
#
#   irm https://github.com/OWNER/browser-cors/releases/latest/download/install.ps1 | iex
#
# Downloads the archive of a release, and installs nothing unless its SHA-256 checksum is right.
# Reads from the environment:
#   BROWSER_CORS_VERSION      the version, such as 0.1.0 [default: the latest release]
#   BROWSER_CORS_INSTALL_DIR  where to put the command [default: browser-cors in the programs of the user]
#   BROWSER_CORS_RELEASES     where the releases are, for a mirror
& {
    $ErrorActionPreference = 'Stop'
    # Windows PowerShell 5 offers old versions of TLS alone, and its progress bar takes most of the time.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    $ProgressPreference = 'SilentlyContinue'

    $releases = 'https://github.com/OWNER/browser-cors/releases'
    if ($env:BROWSER_CORS_RELEASES) { $releases = $env:BROWSER_CORS_RELEASES }
    $from = "$releases/latest/download"
    if ($env:BROWSER_CORS_VERSION -and $env:BROWSER_CORS_VERSION -ne 'latest') {
        $from = "$releases/download/v" + ($env:BROWSER_CORS_VERSION -replace '^v', '')
    }
    $to = Join-Path $env:LOCALAPPDATA 'Programs\browser-cors'
    if ($env:BROWSER_CORS_INSTALL_DIR) { $to = $env:BROWSER_CORS_INSTALL_DIR }
    # Windows runs the binaries of x86_64 on arm64 as well.
    $name = 'browser-cors-x86_64-pc-windows-msvc'
    $archive = "$name.zip"

    $folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $folder | Out-Null
    try {
        $sums = Join-Path $folder 'SHA256SUMS'
        $packed = Join-Path $folder $archive
        Invoke-WebRequest -UseBasicParsing -Uri "$from/SHA256SUMS" -OutFile $sums
        $line = Get-Content $sums | Where-Object { $_ -match "^[0-9a-f]{64}  $([regex]::Escape($archive))$" }
        if (-not $line) { throw "browser-cors was not installed: $from/SHA256SUMS has no checksum of $archive" }
        $expected = "$line".Substring(0, 64)
        Invoke-WebRequest -UseBasicParsing -Uri "$from/$archive" -OutFile $packed
        $actual = (Get-FileHash -Algorithm SHA256 -Path $packed).Hash.ToLowerInvariant()
        if ($actual -ne $expected) {
            throw "browser-cors was not installed: $from/$archive has the checksum $actual, and SHA256SUMS says ${expected}: do not use it"
        }
        Expand-Archive -Path $packed -DestinationPath $folder
        New-Item -ItemType Directory -Force -Path $to | Out-Null
        Copy-Item -Force -Path (Join-Path $folder "$name\browser-cors.exe") -Destination $to
        Write-Host "$(& (Join-Path $to 'browser-cors.exe') --version) is installed in $to"
        if (($env:PATH -split ';') -notcontains $to) {
            Write-Host "$to is not in your PATH: add it, or call the command by its whole path"
        }
    } finally {
        Remove-Item -Recurse -Force -Path $folder
    }
}
