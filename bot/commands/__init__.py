"""The commands of `atriumbot`, a module per thing an operator does. What is slow loads when called."""
