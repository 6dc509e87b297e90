"""The application and its groups."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="mash",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=(
        "A Multi-Agency Safeguarding Hub: referrals in, owners decide, one sanitised package out.\n\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage or input."
    ),
    epilog="Example: [bold]mash demo[/bold]",
)
