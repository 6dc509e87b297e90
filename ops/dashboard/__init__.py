"""The dashboard: what people of the hub see of it in a browser, and where they will take their decisions.

It reads the coordinator's store and vault, and writes to neither but for the record of who read and who was
refused.
"""
