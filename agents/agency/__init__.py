"""The worker of an agency: it looks people up in the agency's own records, answers the hub, and takes only
those decisions that the owner's dated rules allow it to take."""
