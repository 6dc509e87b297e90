"""What it takes to kill the hub's processes under load, and to see afterwards that nothing came of it."""
