"""The optional language model: it may explain, rephrase and propose, and never adds a fact."""
