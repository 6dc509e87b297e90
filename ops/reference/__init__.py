"""Reference pages that are made from what they describe: commands, settings, decision rights."""
