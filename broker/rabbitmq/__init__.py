"""The broker on a RabbitMQ server, and what has to exist there."""

from broker.rabbitmq.broker import RabbitBroker

__all__ = ["RabbitBroker"]
