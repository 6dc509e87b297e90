"""Real servers for the tests: the ones named in the environment, else containers, else local processes."""

from tests.support.servers.mongo import MongoServer, mongo
from tests.support.servers.rabbitmq import RabbitServer, rabbitmq
from tests.support.servers.running import NoServer

__all__ = ["MongoServer", "NoServer", "RabbitServer", "mongo", "rabbitmq"]
