"""Refusals of the documents context, in French for the reader."""


class RenduImpossibleError(Exception):
    """The document could not be laid out, or its e-invoice written. Nothing was produced."""
