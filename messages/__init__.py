"""What is said: the messages of the hub, their envelope, their contract and how content is sealed."""
