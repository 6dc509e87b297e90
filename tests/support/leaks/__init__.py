"""A case in which every confidential text is a word of its own, and a look into every place there is."""
