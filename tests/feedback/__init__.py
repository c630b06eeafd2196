"""Feedback: the schema, the rules, twelve tracks of known faults, and the language model."""
