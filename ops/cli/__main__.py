"""``python -m ops.cli``: the command line without the installed script, as child processes are started."""

from ops.cli import main

main()
