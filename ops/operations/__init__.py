"""What those see who watch the hub at work: agents, queues, due times, what is unsent, a case's messages.

All of it is ids, codes, counts and times; nothing here opens a text.
"""
