"""The trace of a case, read from the spans kept on this machine and drawn for the terminal."""
