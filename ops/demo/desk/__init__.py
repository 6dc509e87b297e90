"""The scripted desk: it plays every person of the demo, and says what people would say.

It sees what a dashboard would see, and publishes the same messages as people do, each as the party it
plays. Nothing in the hub knows the difference.
"""
