"""The roof: parse the command line, call, render, exit. One file a group of commands; heavy imports stay inside them."""
