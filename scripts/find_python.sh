#!/bin/sh
# Print the first Python on this machine that can run DataPilot (3.11 or newer), or say what to install.
# PYTHON=/path/to/python chooses one by hand.

runs_us='import sys; sys.exit(not (sys.version_info >= (3, 11) and sys.maxsize > 2**32))'

if [ -n "$PYTHON" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.13 python3.12 python3.11 python3.14 python
fi

for candidate in "$@"; do
    # A pyenv shim may be on PATH and yet refuse to run, so a name alone proves nothing.
    if "$candidate" -c "$runs_us" >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done

{
    echo "DataPilot needs Python 3.11 or newer (64 bit), and none was found under: $*"
    echo "Install one (Debian/Ubuntu: sudo apt-get install python3 python3-venv; macOS: brew install python@3.12),"
    echo "or name yours: make setup PYTHON=/path/to/python3.12"
} >&2
exit 1
