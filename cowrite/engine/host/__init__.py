"""The model process: it reads requests from its standard input and answers on its standard output."""
