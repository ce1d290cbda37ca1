"""A small threaded HTTP/1.1 server: messages, routes, sockets; knows nothing of calendars."""
